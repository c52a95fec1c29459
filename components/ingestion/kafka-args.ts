import type * as pulumi from "@pulumi/pulumi";

import type { SourceArgs } from "./source-args";

/** Where a consumer group begins that has read nothing yet. */
export enum KafkaStartingPosition {
  /** With the oldest record of the topic. */
  Oldest = "TRIM_HORIZON",
  /** With the records that arrive from now on. */
  Newest = "LATEST",
}

/** How clients prove who they are to a cluster. */
export enum KafkaAuthentication {
  /** IAM; MSK only. */
  Iam = "iam",
  /** User name and password with SCRAM-SHA-512, from a secret with the keys `username` and `password`. */
  Scram512 = "scram-sha-512",
  /** User name and password in plain text over TLS, from a secret with the same keys; self-managed clusters only. */
  Plain = "plain",
}

/** Arguments of `KafkaSource`. */
export interface KafkaSourceArgs extends SourceArgs {
  /** Topic that is read. */
  topicName: pulumi.Input<string>;
  /** Consumer group; a new name reads the topic again. @default made from the names of stack and component */
  consumerGroupId?: pulumi.Input<string>;
  /** Where the consumer group begins. @default Oldest */
  startingPosition?: KafkaStartingPosition;
  /** ARN of an MSK cluster that exists already. @default an MSK Serverless cluster is created, unless `bootstrapServers` are given */
  existingClusterArn?: pulumi.Input<string>;
  /** `host:port` of brokers of a self-managed cluster. @default the cluster is one of MSK */
  bootstrapServers?: pulumi.Input<pulumi.Input<string>[]>;
  /** How the source proves who it is. @default Iam for MSK, Scram512 for a self-managed cluster */
  authentication?: KafkaAuthentication;
  /** ARN of the secret with `username` and `password`; needed unless the authentication is Iam. */
  credentialsSecretArn?: pulumi.Input<string>;
  /** ARN of a secret with the certificate authority of a self-managed cluster under `certificate`. @default public authorities */
  certificateAuthoritySecretArn?: pulumi.Input<string>;
  /** Subnets of the created cluster (in at least two zones), or from which the self-managed cluster is reached. */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the created cluster, or of the connection to the self-managed cluster. */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Records in one object at most, 1 to 10000. @default 1000 */
  batchSize?: pulumi.Input<number>;
  /** Seconds that records are collected, 0 to 300; more gives fewer and larger objects. @default 20 */
  batchingWindowSeconds?: pulumi.Input<number>;
  /** Whether each record gets the fields `source_origin` and `source_time`; the contract must then name them. @default false */
  addMetadata?: pulumi.Input<boolean>;
  /** Whether the created cluster may be deleted with its records; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}
