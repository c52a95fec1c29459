import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import type { PolicyStatement } from "../shared/service-role";
import { SourceArgs, sourceCommon, sourceTags } from "./source-args";

/** Seconds after which a call of the record writer is ended. */
export const writerTimeoutSeconds = 60;

/** What the writer of one source looks like beyond what all of them have. */
export interface RecordWriterSpec {
  /** Queue for what cannot become a row. */
  deadLetterQueue: aws.sqs.Queue;
  /** Rights to read from the source. */
  statements: PolicyStatement[];
  /** Whether each record gets the fields `source_origin` and `source_time`. @default false */
  addMetadata?: pulumi.Input<boolean>;
}

/** Name of a source as a folder: below its data set in the raw zone, and below the data set's dead letters. */
export function sourceFolder(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, "-");
}

/** Creates the function that writes the messages of a source into the raw zone and answers replay requests. */
export function createRecordWriter(
  name: string,
  spec: RecordWriterSpec,
  args: SourceArgs,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const { deadLetterQueue } = spec;
  const source = sourceFolder(name);
  const largeDeadLetters = pulumi.interpolate`${args.rawBucketArn}/dead-letters/${args.dataset}/${source}/*`;
  return createLambdaFunction(
    `${name}-writer`,
    {
      bundle: "record-writer",
      description: `Writes the records of the source ${name} into the raw zone.`,
      environment: {
        DATASET: args.dataset,
        SOURCE: source,
        RAW_BUCKET: args.rawBucketName,
        DEAD_LETTER_QUEUE_URL: deadLetterQueue.url,
        ADD_METADATA: pulumi.output(spec.addMetadata ?? false).apply(String),
      },
      statements: [
        {
          sid: "WriteRaw",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${args.rawBucketArn}/${args.dataset}/${source}/*`, largeDeadLetters],
        },
        { sid: "ReadDeadRecords", actions: ["s3:GetObject"], resources: [largeDeadLetters] },
        {
          sid: "DeadRecords",
          actions: [
            "sqs:SendMessage",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
          ],
          resources: [deadLetterQueue.arn],
        },
        ...spec.statements,
      ],
      timeoutSeconds: writerTimeoutSeconds,
      memoryMegabytes: 512,
      alarmTopicArn: args.alarmTopicArn,
    },
    sourceCommon(args),
    parent,
  );
}

/** Lambda's pollers of a broker in a VPC use the function's role, and check these rights on every resource. */
export const pollerNetworkStatement: PolicyStatement = {
  sid: "PollerNetwork",
  actions: [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
  ],
  resources: ["*"],
};

/** As long as SQS can keep a message: 14 days. */
const messageRetentionSeconds = 14 * 24 * 3600;

/** Creates a queue that moves a message which could not be processed to the dead-letter queue, which takes from it alone. */
export function createSourceQueue(
  name: string,
  deadLetterQueue: aws.sqs.Queue,
  maximumReceives: pulumi.Input<number>,
  args: SourceArgs,
  parent: pulumi.Resource,
): aws.sqs.Queue {
  const queue = new aws.sqs.Queue(
    name,
    {
      messageRetentionSeconds,
      // AWS advises six times the timeout of the function.
      visibilityTimeoutSeconds: 6 * writerTimeoutSeconds,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: deadLetterQueue.arn,
        maxReceiveCount: maximumReceives,
      }),
      ...(args.kmsKeyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: args.kmsKeyArn }),
      tags: sourceTags(args),
    },
    { parent },
  );
  new aws.sqs.RedriveAllowPolicy(
    name,
    {
      queueUrl: deadLetterQueue.url,
      redriveAllowPolicy: pulumi.jsonStringify({
        redrivePermission: "byQueue",
        sourceQueueArns: [queue.arn],
      }),
    },
    { parent },
  );
  return queue;
}

/** How much of a queue goes into one call of the writer. */
export interface QueueBatching {
  batchSize: pulumi.Input<number>;
  batchingWindowSeconds?: pulumi.Input<number>;
  maximumConcurrency?: pulumi.Input<number>;
}

/** Rights that Lambda needs to take messages from a queue with the function's role. */
export function queueReaderStatement(queueArn: pulumi.Input<string>): PolicyStatement {
  return {
    sid: "ReadQueue",
    actions: [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ChangeMessageVisibility",
    ],
    resources: [queueArn],
  };
}

/** Calls the writer with what arrives in a queue. */
export function createQueueMapping(
  name: string,
  queueArn: pulumi.Input<string>,
  batching: QueueBatching,
  writer: LambdaFunctionParts,
  args: SourceArgs,
  parent: pulumi.Resource,
): aws.lambda.EventSourceMapping {
  return new aws.lambda.EventSourceMapping(
    name,
    {
      eventSourceArn: queueArn,
      functionName: writer.function.arn,
      functionResponseTypes: ["ReportBatchItemFailures"],
      batchSize: batching.batchSize,
      maximumBatchingWindowInSeconds: batching.batchingWindowSeconds,
      ...(batching.maximumConcurrency === undefined
        ? {}
        : { scalingConfig: { maximumConcurrency: batching.maximumConcurrency } }),
      tags: sourceTags(args),
    },
    { parent, dependsOn: [writer.function] },
  );
}

/** An alarm of a source; it names the owner. */
export interface SourceAlarmSpec {
  /** What is wrong when the alarm rings, as sentences. */
  description: pulumi.Input<string>;
  namespace: string;
  metricName: string;
  dimensions: Record<string, pulumi.Input<string>>;
  statistic: string;
  /** Rings above this value. */
  threshold: pulumi.Input<number>;
}

/** Creates an alarm that rings when a metric stays above its threshold for five minutes. */
export function createSourceAlarm(
  name: string,
  spec: SourceAlarmSpec,
  args: SourceArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: pulumi.interpolate`${spec.description} Owner: ${args.owner}.`,
      namespace: spec.namespace,
      metricName: spec.metricName,
      dimensions: spec.dimensions,
      statistic: spec.statistic,
      period: 300,
      evaluationPeriods: 1,
      threshold: spec.threshold,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
      tags: sourceTags(args),
    },
    { parent },
  );
}
