import * as pulumi from "@pulumi/pulumi";

import type { SourceArgs } from "./source-args";

/** Databases whose changes can be captured. */
export enum DatabaseEngine {
  Postgres = "postgres",
  AuroraPostgres = "aurora-postgresql",
  MySql = "mysql",
  AuroraMySql = "aurora",
  MongoDb = "mongodb",
}

/** How the connection to the database is encrypted. */
export enum DatabaseTls {
  /** Encrypted, without a check of who answers; not for MySQL. */
  Require = "require",
  /** Encrypted, and the database's certificate comes from the authority of `certificateArn`. */
  VerifyAuthority = "verify-ca",
  /** As before, and the certificate names the host. */
  VerifyHost = "verify-full",
}

/** What is brought into the lake. */
export enum ReplicationType {
  /** The rows of now, once. */
  FullLoad = "full-load",
  /** The changes from now on. */
  Changes = "cdc",
  /** The rows of now, then every change. */
  FullLoadAndChanges = "full-load-and-cdc",
}

/** A table, or in MongoDB a collection. */
export interface DatabaseTable {
  /** Schema; in MySQL and MongoDB the database. */
  schema: string;
  /** Table; `%` stands for any text, for example for the partitions `orders_%`. All must have the data set's columns. */
  table: string;
}

/** Arguments of `DatabaseSource`. */
export interface DatabaseSourceArgs extends SourceArgs {
  /** Kind of the database. */
  engine: DatabaseEngine;
  /**
   * Secret in Secrets Manager with `host`, `port`, `username` and `password` of the database.
   * @default `existingSourceEndpointArn` knows them
   */
  secretArn?: pulumi.Input<string>;
  /** Key that encrypts the secret, where it is not `kmsKeyArn` or the key of Secrets Manager. @default none */
  secretKmsKeyArn?: pulumi.Input<string>;
  /** Database to connect to; goes with `secretArn`, and MySQL needs none. @default none */
  databaseName?: pulumi.Input<string>;
  /** How the connection is encrypted; goes with `secretArn`. @default Require; VerifyAuthority for MySQL, which has no Require */
  tls?: DatabaseTls;
  /** Certificate of the authority, as imported to DMS; needed to verify. @default none */
  certificateArn?: pulumi.Input<string>;
  /** Source endpoint of DMS that exists already. @default one is created with `secretArn` */
  existingSourceEndpointArn?: pulumi.Input<string>;
  /** Tables that feed the data set. */
  tables: DatabaseTable[];
  /** What is captured. @default FullLoadAndChanges */
  replicationType?: ReplicationType;
  /** Private subnets in at least two zones; they need endpoints for S3 and Secrets Manager. @default `existingSubnetGroupId` */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Subnet group of DMS that exists already. @default one is created of `subnetIds` */
  existingSubnetGroupId?: pulumi.Input<string>;
  /** Security groups of the replication; the database must let them in. @default the default group of the VPC */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Least capacity in units of 2 GB of memory: 1, 2, 4, 8, 16, 32, 64, 128, 192, 256 or 384. @default 1 */
  minimumCapacityUnits?: number;
  /** Most capacity in the same units. @default 4 */
  maximumCapacityUnits?: number;
  /** Whether a second zone stands by. @default false */
  multiZone?: boolean;
  /** Seconds after which changes become a file at the latest, 60 to 3600. @default 300 */
  batchIntervalSeconds?: number;
  /** Size in megabytes at which changes become a file before that, 1 to 1024. @default 32 */
  batchMegabytes?: number;
  /** Size in megabytes of the files of a full load, 1 to 1024. @default 128 */
  maximumFileMegabytes?: number;
  /** Largest text or binary value in kilobytes, 1 to 102400. @default 64 */
  maximumValueKilobytes?: number;
  /** Rows of a table that may fail before the table is suspended, 0 to 10000. @default 50 */
  maximumRowErrors?: number;
  /** Tables that may be suspended before the replication stops, 0 to 10000. @default 1 */
  maximumTableErrors?: number;
  /** Whether the replication runs; without, it is only prepared. @default true */
  start?: boolean;
  /** Minutes that changes may be late before an alarm rings, 1 to 1440. @default 30 */
  maximumLatencyMinutes?: number;
}
