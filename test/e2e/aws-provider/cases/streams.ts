import {
  FirehoseClient,
  ListDeliveryStreamsCommand,
  UntagDeliveryStreamCommand,
} from "@aws-sdk/client-firehose";
import {
  DeleteTopicRuleCommand,
  IoTClient,
  ListPoliciesCommand,
  ListTopicRulesCommand,
} from "@aws-sdk/client-iot";
import { KafkaClient, ListClustersCommand } from "@aws-sdk/client-kafka";
import {
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListStreamsCommand,
} from "@aws-sdk/client-kinesis";
import { ListBrokersCommand, MqClient, UpdateBrokerCommand } from "@aws-sdk/client-mq";
import * as iot from "@pulumi/aws/iot";
import * as kinesis from "@pulumi/aws/kinesis";
import * as mq from "@pulumi/aws/mq";
import * as msk from "@pulumi/aws/msk";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";
import { KnownIds } from "./known-ids";

const account = "123456789012";
const key = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`;
const bucketArn = "arn:aws:s3:::case-raw";

export const kinesisCase: ServiceCase = {
  service: "kinesis",
  program(changed) {
    const role = caseRoleArn("firehose", "firehose.amazonaws.com");
    const events = new kinesis.Stream("events", {
      name: "case-events",
      streamModeDetails: { streamMode: "ON_DEMAND" },
      retentionPeriod: changed ? 72 : 48,
      encryptionType: "KMS",
      kmsKeyId: "alias/aws/kinesis",
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    new kinesis.Stream("counted", { shardCount: changed ? 2 : 1 });
    new kinesis.StreamConsumer("reader", {
      streamArn: events.arn,
      name: changed ? "case-second" : "case-first",
    });
    new kinesis.FirehoseDeliveryStream("lake", {
      name: "case-lake",
      destination: "extended_s3",
      kinesisSourceConfiguration: { kinesisStreamArn: events.arn, roleArn: role },
      extendedS3Configuration: {
        roleArn: role,
        bucketArn,
        prefix: "events/year=!{timestamp:yyyy}/",
        errorOutputPrefix: "dead-letters/events/!{firehose:error-output-type}/",
        bufferingInterval: changed ? 120 : 60,
        bufferingSize: 64,
        kmsKeyArn: key,
        cloudwatchLoggingOptions: { enabled: true, logGroupName: "/case/lake", logStreamName: "delivery" },
        dataFormatConversionConfiguration: {
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
          schemaConfiguration: { roleArn: role, databaseName: "case_lake", tableName: "events" },
        },
      },
      tags: { team: "ml" },
    });
    new kinesis.FirehoseDeliveryStream("direct", {
      destination: "extended_s3",
      serverSideEncryption: {
        enabled: true,
        keyType: changed ? "CUSTOMER_MANAGED_CMK" : "AWS_OWNED_CMK",
        keyArn: changed ? key : undefined,
      },
      extendedS3Configuration: {
        roleArn: role,
        bucketArn,
        prefix: "direct/!{partitionKeyFromQuery:day}/",
        errorOutputPrefix: "dead-letters/direct/",
        bufferingSize: 64,
        dynamicPartitioningConfiguration: { enabled: true, retryDuration: 60 },
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: "MetadataExtraction",
              parameters: [
                { parameterName: "MetadataExtractionQuery", parameterValue: "{day:.day}" },
                { parameterName: "JsonParsingEngine", parameterValue: "JQ-1.6" },
              ],
            },
          ],
        },
      },
    });
    new kinesis.FirehoseDeliveryStream("elsewhere", {
      destination: "http_endpoint",
      httpEndpointConfiguration: {
        url: "https://example.com/events",
        roleArn: role,
        s3Configuration: { roleArn: role, bucketArn },
      },
    });
  },
  updated: [
    "aws:kinesis/stream:Stream events",
    "aws:kinesis/stream:Stream counted",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream direct",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream lake",
  ],
  replaced: ["aws:kinesis/streamConsumer:StreamConsumer reader"],
  async tamper({ aws }) {
    await new KinesisClient(aws).send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName: "case-events", RetentionPeriodHours: 168 }),
    );
    await new FirehoseClient(aws).send(
      new UntagDeliveryStreamCommand({ DeliveryStreamName: "case-lake", TagKeys: ["team"] }),
    );
  },
  repaired: [
    "aws:kinesis/stream:Stream events",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream lake",
  ],
  async leftovers({ aws }) {
    return [
      ...((await new KinesisClient(aws).send(new ListStreamsCommand({}))).StreamNames ?? []),
      ...((await new FirehoseClient(aws).send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames ?? []),
    ];
  },
};

export const iotCase: ServiceCase = {
  service: "iot",
  program(changed) {
    const roleArn = caseRoleArn("iot", "iot.amazonaws.com");
    const readings = new sqs.Queue("readings", {});
    const deadLetters = new sqs.Queue("failed-readings", {});
    new iot.TopicRule("readings", {
      description: changed ? undefined : "Readings of the sensors",
      enabled: true,
      sql: changed
        ? "SELECT *, topic() AS topic, timestamp() AS received FROM 'sensors/+/readings'"
        : "SELECT * FROM 'sensors/+/readings'",
      sqlVersion: "2016-03-23",
      sqs: [{ queueUrl: readings.url, roleArn, useBase64: false }],
      errorAction: { sqs: { queueUrl: deadLetters.url, roleArn, useBase64: false } },
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    new iot.TopicRule("kept", {
      name: "case_kept",
      enabled: !changed,
      sql: "SELECT * FROM 'alarms'",
      sqlVersion: "2016-03-23",
      republishes: [{ topic: "copies", roleArn, qos: 1 }],
    });
    new iot.Policy("sensors", {
      name: "case-sensors",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: changed ? ["iot:Connect", "iot:Publish"] : ["iot:Publish"],
            Resource: `arn:aws:iot:us-east-1:${account}:topic/sensors/*`,
          },
        ],
      }),
    });
  },
  updated: [
    "aws:iot/topicRule:TopicRule readings",
    "aws:iot/topicRule:TopicRule kept",
    "aws:iot/policy:Policy sensors",
  ],
  async tamper({ aws }) {
    await new IoTClient(aws).send(new DeleteTopicRuleCommand({ ruleName: "case_kept" }));
  },
  recreated: ["aws:iot/topicRule:TopicRule kept"],
  async leftovers({ aws }) {
    const client = new IoTClient(aws);
    return [
      ...((await client.send(new ListTopicRulesCommand({}))).rules ?? []),
      ...((await client.send(new ListPoliciesCommand({}))).policies ?? []),
    ];
  },
};

const known = new KnownIds();

export const brokerCase: ServiceCase = {
  service: "mq and msk",
  program(changed) {
    const broker = new mq.Broker("orders", {
      brokerName: "case-orders",
      engineType: "RabbitMQ",
      engineVersion: "3.13",
      hostInstanceType: changed ? "mq.m7g.large" : "mq.m7g.medium",
      deploymentMode: "SINGLE_INSTANCE",
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      users: [{ username: "writer", password: pulumi.secret("a-long-password-1") }],
      encryptionOptions: { useAwsOwnedKey: false, kmsKeyId: key },
      logs: { general: true },
      subnetIds: ["subnet-1"],
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    known.remember("broker", broker.id);
    new msk.Cluster("topics", {
      clusterName: "case-topics",
      kafkaVersion: "3.6.0",
      numberOfBrokerNodes: changed ? 6 : 3,
      brokerNodeGroupInfo: {
        clientSubnets: ["subnet-1", "subnet-2", "subnet-3"],
        instanceType: "kafka.m7g.large",
        securityGroups: ["sg-1"],
        storageInfo: { ebsStorageInfo: { volumeSize: 100 } },
      },
      clientAuthentication: { sasl: { iam: true } },
      encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
      tags: { team: "ml" },
    });
    new msk.ServerlessCluster("serverless", {
      clusterName: "case-serverless",
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] }],
      tags: changed ? { stage: "b" } : {},
    });
  },
  updated: ["aws:mq/broker:Broker orders", "aws:msk/serverlessCluster:ServerlessCluster serverless"],
  replaced: ["aws:msk/cluster:Cluster topics"],
  async tamper({ aws }) {
    const BrokerId = known.get("broker");
    await new MqClient(aws).send(new UpdateBrokerCommand({ BrokerId, HostInstanceType: "mq.m7g.xlarge" }));
  },
  repaired: ["aws:mq/broker:Broker orders"],
  async leftovers({ aws }) {
    return [
      ...((await new MqClient(aws).send(new ListBrokersCommand({}))).BrokerSummaries ?? []),
      ...((await new KafkaClient(aws).send(new ListClustersCommand({}))).ClusterInfoList ?? []),
    ];
  },
};
