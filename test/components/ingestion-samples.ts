import type * as pulumi from "@pulumi/pulumi";

import {
  DeviceSource,
  FileSource,
  KafkaSource,
  KinesisSource,
  MessageBrokerSource,
  QueueSource,
} from "../../components";
import { DataClassification } from "../../components/contracts/source";
import { contract } from "./loop-samples";
import type { SampleArgs } from "./samples";

const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

export const sourceArgs = {
  owner: "platform-team",
  dataset: "flights",
  classification: DataClassification.Internal,
  rawBucketName: "raw",
  rawBucketArn: "arn:aws:s3:::raw",
};

export const networkArgs = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };

export const fileSourceArgs = { ...sourceArgs, producerArns: ["arn:aws:iam::210987654321:role/producer"] };
export const kinesisSourceArgs = {
  ...sourceArgs,
  contract: JSON.stringify(contract),
  databaseName: "raw_records",
};
export const kafkaSourceArgs = { ...sourceArgs, ...networkArgs, topicName: "departures" };
export const messageBrokerSourceArgs = {
  ...sourceArgs,
  ...networkArgs,
  queueName: "departures",
  password: "a-long-password",
};
export const deviceSourceArgs = { ...sourceArgs, topicFilter: "stations/+/weather" };

export const existingQueueArn = arn("sqs", "departures");
export const existingStreamArn = arn("kinesis", "stream/departures");
export const existingClusterArn = arn("kafka", "cluster/main/0f1e-2d3c-4");
export const existingBrokerArn = arn("mq", "broker:main:b-1");
export const secretArn = arn("secretsmanager", "secret:kafka-1");

/** The sources that bring streams and files, each in its created form. */
export const ingestionSamples: {
  component: string;
  create(common: SampleArgs, opts?: pulumi.ComponentResourceOptions): pulumi.ComponentResource;
}[] = [
  {
    component: "FileSource",
    create: (common, opts) => new FileSource("sample", { ...fileSourceArgs, ...common }, opts),
  },
  {
    component: "QueueSource",
    create: (common, opts) => new QueueSource("sample", { ...sourceArgs, ...common }, opts),
  },
  {
    component: "KinesisSource",
    create: (common, opts) => new KinesisSource("sample", { ...kinesisSourceArgs, ...common }, opts),
  },
  {
    component: "KafkaSource",
    create: (common, opts) => new KafkaSource("sample", { ...kafkaSourceArgs, ...common }, opts),
  },
  {
    component: "MessageBrokerSource",
    create: (common, opts) =>
      new MessageBrokerSource("sample", { ...messageBrokerSourceArgs, ...common }, opts),
  },
  {
    component: "DeviceSource",
    create: (common, opts) =>
      new DeviceSource("sample", { ...deviceSourceArgs, createDevicePolicy: true, ...common }, opts),
  },
];
