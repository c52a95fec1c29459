import type * as pulumi from "@pulumi/pulumi";

import type { SourceArgs } from "./source-args";

/** Arguments of `MessageBrokerSource`. */
export interface MessageBrokerSourceArgs extends SourceArgs {
  /** Queue of RabbitMQ that is read; it must exist on the broker. */
  queueName: pulumi.Input<string>;
  /** Virtual host of the queue. @default / */
  virtualHost?: pulumi.Input<string>;
  /** ARN of an Amazon MQ broker for RabbitMQ that exists already; goes with `credentialsSecretArn`. @default a broker is created */
  existingBrokerArn?: pulumi.Input<string>;
  /** ARN of the secret with `username` and `password` for the existing broker. */
  credentialsSecretArn?: pulumi.Input<string>;
  /** Subnets of the created broker: one, or for a cluster one in each of several zones. */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the created broker. */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether the created broker is a cluster of three nodes that survives the loss of a zone. @default true */
  highlyAvailable?: boolean;
  /** Size of the created broker's nodes. @default mq.m7g.medium */
  instanceType?: pulumi.Input<string>;
  /** Version of RabbitMQ on the created broker; minor versions follow by themselves. @default 3.13 */
  engineVersion?: pulumi.Input<string>;
  /** User of the created broker. @default lake */
  username?: pulumi.Input<string>;
  /** Password of that user, 12 to 250 characters without comma, colon and equals sign; stored as a secret. */
  password?: pulumi.Input<string>;
  /** Messages in one object at most, 1 to 10000. @default 1000 */
  batchSize?: pulumi.Input<number>;
  /** Seconds that messages are collected, 0 to 300; more gives fewer and larger objects. @default 20 */
  batchingWindowSeconds?: pulumi.Input<number>;
  /** Whether each record gets the fields `source_origin` and `source_time`; the contract must then name them. @default false */
  addMetadata?: pulumi.Input<boolean>;
  /** Whether the created broker may be deleted with its messages; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}
