import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ChangeColumn } from "../contracts/change-columns";
import { physicalName } from "../shared/physical-name";
import { DatabaseEngine, DatabaseSourceArgs, DatabaseTls, ReplicationType } from "./database-args";
import { checkDatabaseArguments } from "./database-checks";
import { controlSchema, replicationSettings, tableMappings } from "./database-mappings";
import { createEndpointRoles, EndpointRoles } from "./database-roles";
import { createRefusedChanges, createLatencyAlarm } from "./database-watch";
import { createDeadLetterQueue, sourceTags } from "./source-args";
import { sourceFolder } from "./source-parts";

export { ChangeColumn, withChangeColumns } from "../contracts/change-columns";
export * from "./database-args";

/**
 * Brings the rows of database tables, and every change of them, into the raw zone as Parquet, with DMS Serverless.
 *
 * Files land in `raw/<dataset>/<source>-<schema>-<table>/`, changes below the day they were committed. Each row carries
 * the columns of {@link ChangeColumn}, which `withChangeColumns` adds to the contract. A row that could not be brought is
 * kept in `raw/awsdms-<dataset>/`; a message in the dead-letter queue tells of each such file and of a replication that
 * failed. Such rows are replayed by reloading their tables (`aws dms reload-replication-tables`); the validator then
 * finds what is new.
 *
 * The account needs the roles `dms-vpc-role` and `dms-cloudwatch-logs-role`, which AWS wants once and by these names.
 */
export class DatabaseSource extends pulumi.ComponentResource {
  /** ARN of the replication; tables are reloaded by it. */
  public readonly replicationConfigArn: pulumi.Output<string>;
  /** ARN of the endpoint of the database. */
  public readonly sourceEndpointArn: pulumi.Output<string>;
  /** ARN of the endpoint of the raw zone. */
  public readonly targetEndpointArn: pulumi.Output<string>;
  /** ARN of the queue that tells of rows that could not be brought, and of failures. */
  public readonly deadLetterQueueArn: pulumi.Output<string>;
  /** URL of that queue. */
  public readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** Folder of the raw bucket that keeps rows which could not be brought. */
  public readonly deadLetterPrefix: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: DatabaseSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkDatabaseArguments(args);
    super("mlops:index:DatabaseSource", name, args, opts);
    const control = pulumi.output(args.dataset).apply(controlSchema);
    const roles = createEndpointRoles(name, args, control, this);
    const sourceEndpointArn = pulumi.output(
      args.existingSourceEndpointArn ?? createSourceEndpoint(name, args, roles, this),
    );
    const target = createTargetEndpoint(name, args, roles, this);
    const replication = createReplication(name, args, sourceEndpointArn, target, this);
    const deadLetterQueue = createDeadLetterQueue(`${name}-refused`, args, this);
    createRefusedChanges(name, { control, replication, deadLetterQueue }, args, this);
    if (args.replicationType !== ReplicationType.FullLoad) {
      for (const end of ["Source", "Target"]) createLatencyAlarm(name, end, replication, args, this);
    }
    this.replicationConfigArn = replication.arn;
    this.sourceEndpointArn = sourceEndpointArn;
    this.targetEndpointArn = target.endpointArn;
    this.deadLetterQueueArn = deadLetterQueue.arn;
    this.deadLetterQueueUrl = deadLetterQueue.url;
    this.deadLetterPrefix = pulumi.interpolate`${control}/`;
    this.registerOutputs({
      replicationConfigArn: this.replicationConfigArn,
      sourceEndpointArn: this.sourceEndpointArn,
      targetEndpointArn: this.targetEndpointArn,
      deadLetterQueueArn: this.deadLetterQueueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      deadLetterPrefix: this.deadLetterPrefix,
    });
  }
}

/** Longest identifier of DMS: 255 characters of an ARN's end, of which the service itself takes some. */
const maximumIdentifierLength = 200;

/** DMS wants identifiers given, so a replaced resource must go before the next one comes. */
const identifier = (name: string): string =>
  physicalName(name, maximumIdentifierLength, "name").toLowerCase();

function createSourceEndpoint(
  name: string,
  args: DatabaseSourceArgs,
  roles: EndpointRoles,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { engine, certificateArn } = args;
  const isPostgres = [DatabaseEngine.Postgres, DatabaseEngine.AuroraPostgres].includes(engine);
  const endpoint = new aws.dms.Endpoint(
    `${name}-source`,
    {
      endpointId: identifier(`${name}-source`),
      endpointType: "source",
      engineName: engine,
      databaseName: args.databaseName,
      secretsManagerArn: args.secretArn,
      secretsManagerAccessRoleArn: roles.secret?.arn,
      sslMode: args.tls ?? defaultTls(engine),
      certificateArn,
      kmsKeyArn: args.kmsKeyArn,
      // Without a heartbeat an idle database keeps its write-ahead log until the disk is full. A value that is too long
      // stops the table rather than being cut.
      ...(isPostgres ? { postgresSettings: { heartbeatEnable: true, failTasksOnLobTruncation: true } } : {}),
      // One column a field; the id of a document is one of them.
      ...(engine === DatabaseEngine.MongoDb
        ? { mongodbSettings: { nestingLevel: "one", authType: "password" } }
        : {}),
      tags: sourceTags(args),
    },
    { parent, deleteBeforeReplace: true, dependsOn: roles.policies },
  );
  return endpoint.endpointArn;
}

function defaultTls(engine: DatabaseEngine): DatabaseTls {
  return engine === DatabaseEngine.MySql || engine === DatabaseEngine.AuroraMySql
    ? DatabaseTls.VerifyAuthority
    : DatabaseTls.Require;
}

const kilobytes = (megabytes: number): number => megabytes * 1024;

function createTargetEndpoint(
  name: string,
  args: DatabaseSourceArgs,
  roles: EndpointRoles,
  parent: pulumi.Resource,
): aws.dms.S3Endpoint {
  return new aws.dms.S3Endpoint(
    `${name}-target`,
    {
      endpointId: identifier(`${name}-target`),
      endpointType: "target",
      bucketName: args.rawBucketName,
      serviceAccessRoleArn: roles.target.arn,
      dataFormat: "parquet",
      compressionType: "GZIP",
      parquetTimestampInMillisecond: true,
      // Loaded rows and changes have the same columns.
      includeOpForFullLoad: true,
      timestampColumnName: ChangeColumn.ChangedAt,
      useTaskStartTimeForFullLoadTimestamp: true,
      datePartitionEnabled: true,
      datePartitionSequence: "YYYYMMDD",
      datePartitionDelimiter: "SLASH",
      maxFileSize: kilobytes(args.maximumFileMegabytes ?? 128),
      cdcMaxBatchInterval: args.batchIntervalSeconds ?? 300,
      cdcMinFileSize: kilobytes(args.batchMegabytes ?? 32),
      ...(args.kmsKeyArn === undefined
        ? { encryptionMode: "SSE_S3" }
        : { encryptionMode: "SSE_KMS", serverSideEncryptionKmsKeyId: args.kmsKeyArn }),
      tags: sourceTags(args),
    },
    { parent, deleteBeforeReplace: true, dependsOn: roles.policies },
  );
}

function createSubnetGroup(
  name: string,
  args: DatabaseSourceArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return new aws.dms.ReplicationSubnetGroup(
    name,
    {
      replicationSubnetGroupId: identifier(name),
      replicationSubnetGroupDescription: `Subnets of the replication of the source ${name}.`,
      subnetIds: args.subnetIds ?? [],
      tags: sourceTags(args),
    },
    { parent, deleteBeforeReplace: true },
  ).id;
}

function createReplication(
  name: string,
  args: DatabaseSourceArgs,
  sourceEndpointArn: pulumi.Input<string>,
  target: aws.dms.S3Endpoint,
  parent: pulumi.Resource,
): aws.dms.ReplicationConfig {
  const dataset = pulumi.output(args.dataset);
  return new aws.dms.ReplicationConfig(
    name,
    {
      replicationConfigIdentifier: identifier(name),
      replicationType: args.replicationType ?? ReplicationType.FullLoadAndChanges,
      sourceEndpointArn,
      targetEndpointArn: target.endpointArn,
      tableMappings: dataset.apply((known) => tableMappings(args.tables, known, sourceFolder(name))),
      replicationSettings: dataset.apply((known) =>
        replicationSettings({
          dataset: known,
          maximumRowErrors: args.maximumRowErrors ?? 50,
          maximumTableErrors: args.maximumTableErrors ?? 1,
          maximumValueKilobytes: args.maximumValueKilobytes ?? 64,
        }),
      ),
      startReplication: args.start ?? true,
      computeConfig: {
        replicationSubnetGroupId: args.existingSubnetGroupId ?? createSubnetGroup(name, args, parent),
        vpcSecurityGroupIds: args.securityGroupIds,
        minCapacityUnits: args.minimumCapacityUnits ?? 1,
        maxCapacityUnits: args.maximumCapacityUnits ?? 4,
        multiAz: args.multiZone ?? false,
        kmsKeyId: args.kmsKeyArn,
      },
      tags: sourceTags(args),
    },
    { parent, deleteBeforeReplace: true },
  );
}
