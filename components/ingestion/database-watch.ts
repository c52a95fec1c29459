import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { DatabaseSourceArgs } from "./database-args";
import { sourceTags } from "./source-args";

/** What is watched, and the queue that tells of it. */
export interface RefusedChanges {
  /** Folder of what could not be brought. */
  control: pulumi.Input<string>;
  replication: aws.dms.ReplicationConfig;
  deadLetterQueue: aws.sqs.Queue;
}

/** Tells the dead-letter queue of each file of rows that could not be brought, and of a replication that failed. */
export function createRefusedChanges(
  name: string,
  { control, replication, deadLetterQueue }: RefusedChanges,
  args: DatabaseSourceArgs,
  parent: pulumi.Resource,
): void {
  const tags = sourceTags(args);
  const rules = [
    new aws.cloudwatch.EventRule(
      `${name}-refused`,
      {
        description: `Rows that the replication of the source ${name} could not bring.`,
        eventPattern: pulumi.jsonStringify({
          source: ["aws.s3"],
          "detail-type": ["Object Created"],
          detail: {
            bucket: { name: [args.rawBucketName] },
            object: { key: [{ prefix: pulumi.interpolate`${control}/` }] },
          },
        }),
        tags,
      },
      { parent },
    ),
    new aws.cloudwatch.EventRule(
      `${name}-failed`,
      {
        description: `Failures of the replication of the source ${name}.`,
        eventPattern: pulumi.jsonStringify({
          source: ["aws.dms"],
          resources: [replication.arn],
          detail: { category: ["Failure"] },
        }),
        tags,
      },
      { parent },
    ),
  ];
  const policy = new aws.sqs.QueuePolicy(
    `${name}-refused`,
    { queueUrl: deadLetterQueue.id, policy: queuePolicy(deadLetterQueue, rules, parent) },
    { parent },
  );
  for (const [index, rule] of rules.entries()) {
    const suffix = index === 0 ? "refused" : "failed";
    new aws.cloudwatch.EventTarget(
      `${name}-${suffix}`,
      { rule: rule.name, arn: deadLetterQueue.arn },
      { parent, dependsOn: policy },
    );
  }
}

function queuePolicy(
  queue: aws.sqs.Queue,
  rules: aws.cloudwatch.EventRule[],
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Refused",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue.arn,
        Condition: {
          ArnEquals: { "aws:SourceArn": rules.map(({ arn }) => arn) },
          StringEquals: { "aws:SourceAccount": accountId },
        },
      },
    ],
  });
}

/**
 * Creates the alarm on late changes.
 * @param end - `Source`: between the database and DMS; `Target`: between DMS and the raw zone
 */
export function createLatencyAlarm(
  name: string,
  end: string,
  replication: aws.dms.ReplicationConfig,
  args: DatabaseSourceArgs,
  parent: pulumi.Resource,
): void {
  const minutes = args.maximumLatencyMinutes ?? 30;
  new aws.cloudwatch.MetricAlarm(
    `${name}-latency-${end.toLowerCase()}`,
    {
      alarmDescription: pulumi.interpolate`Changes of the database behind the data set ${args.dataset} are more than ${minutes} minutes late at the ${end.toLowerCase()}, or the replication stands still. Owner: ${args.owner}.`,
      namespace: "AWS/DMS",
      metricName: `CDCLatency${end}`,
      dimensions: { ReplicationConfigIdentifier: replication.replicationConfigIdentifier },
      statistic: "Average",
      period: 300,
      evaluationPeriods: 3,
      threshold: minutes * 60,
      comparisonOperator: "GreaterThanThreshold",
      // A replication that stands still sends no metrics, unless it was never to run.
      treatMissingData: (args.start ?? true) ? "breaching" : "notBreaching",
      alarmActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
      tags: sourceTags(args),
    },
    { parent },
  );
}
