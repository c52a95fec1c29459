import * as pulumi from "@pulumi/pulumi";

import {
  ApiSource,
  DatabaseSource,
  DeviceSource,
  FileSource,
  KafkaSource,
  KinesisSource,
  MessageBrokerSource,
  QueueSource,
} from "../components";
import type { SourceArgs } from "../components/ingestion/source-args";
import type { SourceOutputs } from "./outputs";
import type { PlatformParts } from "./parts";
import type { SourceConfig } from "./source-config";

type Outputs = { [Name in keyof SourceOutputs]: pulumi.Input<SourceOutputs[Name]> };

/** Composes one source: the way by which records come into the raw zone, with its dead letters and their replay. */
export function deploySource(source: SourceConfig, parts: PlatformParts): pulumi.Output<SourceOutputs> {
  const args: SourceArgs = {
    owner: source.owner,
    dataset: source.dataset,
    classification: source.classification,
    rawBucketName: parts.lake.rawBucketName,
    rawBucketArn: parts.lake.rawBucketArn,
    alarmTopicArn: parts.alerts.topicArn,
    ...parts.common,
  };
  return pulumi.output({ dataset: source.dataset, ...outputsOf(source, args, parts) });
}

function outputsOf(source: SourceConfig, args: SourceArgs, parts: PlatformParts): Omit<Outputs, "dataset"> {
  const { kinesis, kafka, messageBroker } = source;
  const options = { provider: parts.awsProvider };
  if (source.files) {
    const { deliveryUri } = new FileSource(source.name, { ...args, ...source.files }, options);
    return { deliveryUri };
  }
  if (source.queue) {
    const { queueArn: existingQueueArn, batchingWindowSeconds } = source.queue;
    const queue = new QueueSource(source.name, { ...args, existingQueueArn, batchingWindowSeconds }, options);
    return {
      queueUrl: queue.queueUrl,
      deadLetterUri: queue.deadLetterQueueUrl,
      replayFunctionName: queue.replayFunctionName,
    };
  }
  if (source.device) {
    const device = new DeviceSource(source.name, { ...args, ...source.device }, options);
    return { deadLetterUri: device.deadLetterQueueUrl, replayFunctionName: device.replayFunctionName };
  }
  if (kinesis) return deployKinesis({ ...source, kinesis }, args, parts);
  if (kafka) return deployKafka({ ...source, kafka }, args, parts);
  if (messageBroker) return deployMessageBroker({ ...source, messageBroker }, args, parts);
  if (source.api) {
    const { schedule: scheduleExpression, ...api } = source.api;
    const poller = new ApiSource(
      source.name,
      { ...args, ...api, scheduleExpression, forceDestroy: parts.forceDestroy },
      options,
    );
    return { deadLetterUri: poller.deadLetterQueueUrl, replayFunctionName: poller.replayFunctionName };
  }
  return deployDatabase(source, args, parts);
}

function deployKinesis(
  { name, dataset, kinesis }: SourceConfig & Required<Pick<SourceConfig, "kinesis">>,
  args: SourceArgs,
  { config, lake, forceDestroy, awsProvider }: PlatformParts,
): Omit<Outputs, "dataset"> {
  const contract = config.datasets.find((candidate) => candidate.dataset === dataset)?.contract;
  const stream = new KinesisSource(
    name,
    {
      ...args,
      contract: JSON.stringify(contract),
      databaseName: lake.databaseName,
      existingStreamArn: kinesis.streamArn,
      retentionHours: kinesis.streamArn === undefined ? kinesis.retentionHours : undefined,
      bufferingSeconds: kinesis.bufferingSeconds,
      forceDestroy,
    },
    { provider: awsProvider },
  );
  return {
    streamName: stream.streamName,
    deadLetterUri: stream.deadLetterUri,
    replayFunctionName: stream.replayFunctionName,
  };
}

/** A created cluster stands in the platform's network; one of MSK is reached by its ARN alone. */
function deployKafka(
  { name, kafka }: SourceConfig & Required<Pick<SourceConfig, "kafka">>,
  args: SourceArgs,
  { network, forceDestroy, awsProvider }: PlatformParts,
): Omit<Outputs, "dataset"> {
  const { topic: topicName, clusterArn: existingClusterArn, securityGroupIds, ...rest } = kafka;
  const source = new KafkaSource(
    name,
    {
      ...args,
      ...rest,
      topicName,
      ...(existingClusterArn === undefined
        ? {
            subnetIds: network.privateSubnetIds,
            securityGroupIds: securityGroupIds ?? [network.workloadSecurityGroupId],
          }
        : { existingClusterArn }),
      forceDestroy,
    },
    { provider: awsProvider },
  );
  return { deadLetterUri: source.deadLetterQueueUrl, replayFunctionName: source.replayFunctionName };
}

function deployMessageBroker(
  { name, messageBroker }: SourceConfig & Required<Pick<SourceConfig, "messageBroker">>,
  args: SourceArgs,
  { network, forceDestroy, awsProvider }: PlatformParts,
): Omit<Outputs, "dataset"> {
  const { queueName, virtualHost, brokerArn, credentialsSecretArn, highlyAvailable } = messageBroker;
  const source = new MessageBrokerSource(
    name,
    {
      ...args,
      queueName,
      virtualHost,
      ...(brokerArn === undefined
        ? {
            // A single node stands in one subnet.
            subnetIds: highlyAvailable
              ? network.privateSubnetIds
              : network.privateSubnetIds.apply((ids) => ids.slice(0, 1)),
            securityGroupIds: [network.workloadSecurityGroupId],
            password: new pulumi.Config("mlops").requireSecret(`${name}-password`),
            highlyAvailable,
            forceDestroy,
          }
        : { existingBrokerArn: brokerArn, credentialsSecretArn }),
    },
    { provider: awsProvider },
  );
  return { deadLetterUri: source.deadLetterQueueUrl, replayFunctionName: source.replayFunctionName };
}

function deployDatabase(
  { name, database }: SourceConfig,
  args: SourceArgs,
  { network, awsProvider }: PlatformParts,
): Omit<Outputs, "dataset"> {
  if (database === undefined) throw new Error(`The source "${name}" has no kind.`);
  const { replication: replicationType, securityGroupIds, ...rest } = database;
  const source = new DatabaseSource(
    name,
    {
      ...args,
      ...rest,
      replicationType,
      subnetIds: network.privateSubnetIds,
      securityGroupIds: securityGroupIds ?? [network.workloadSecurityGroupId],
    },
    { provider: awsProvider },
  );
  return { replicationConfigArn: source.replicationConfigArn, deadLetterUri: source.deadLetterQueueUrl };
}
