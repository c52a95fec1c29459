import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { CommonArgs } from "./common-args";

/** How long and how often a failed delivery is tried again before it goes to the dead-letter queue. */
export const retryPolicy = { maximumEventAgeInSeconds: 6 * 3600, maximumRetryAttempts: 20 };

/** As long as SQS can keep a message: 14 days. */
const retentionSeconds = 14 * 24 * 3600;

/** A queue in which nothing should ever lie. */
export interface WatchedQueueSpec {
  /** Sentence of the alarm: what a message in the queue means and what to do. */
  alarmDescription: pulumi.Input<string>;
  /** Topic told of messages. @default the alarm has no action */
  alarmTopicArn?: pulumi.Input<string>;
  /** Seconds that a message stays hidden once it was received. @default that of SQS, 30 */
  visibilityTimeoutSeconds?: number;
}

/** Creates a queue for what went wrong, with an alarm as soon as a message lies in it. */
export function createWatchedQueue(
  name: string,
  { alarmDescription, alarmTopicArn, visibilityTimeoutSeconds }: WatchedQueueSpec,
  { kmsKeyArn, tags }: CommonArgs,
  parent: pulumi.Resource,
): aws.sqs.Queue {
  const queue = new aws.sqs.Queue(
    name,
    {
      messageRetentionSeconds: retentionSeconds,
      visibilityTimeoutSeconds,
      ...(kmsKeyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: kmsKeyArn }),
      tags,
    },
    { parent },
  );
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.name },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: alarmTopicArn === undefined ? [] : [alarmTopicArn],
      tags,
    },
    { parent },
  );
  return queue;
}

/** Events that mean a failure. */
export interface FailureEventsSpec {
  /** Sentence shown in the AWS console. */
  description: pulumi.Input<string>;
  /** Event pattern, as in EventBridge. */
  pattern: pulumi.Input<Record<string, unknown>>;
}

/** Keeps every event on the default bus that matches a pattern in a queue. Once per queue: it has one policy. */
export function keepEvents(
  name: string,
  { description, pattern }: FailureEventsSpec,
  queue: aws.sqs.Queue,
  { tags }: CommonArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  const rule = new aws.cloudwatch.EventRule(
    name,
    { description, eventPattern: pulumi.jsonStringify(pattern), tags },
    { parent },
  );
  const policy = new aws.sqs.QueuePolicy(
    name,
    { queueUrl: queue.id, policy: queuePolicy(queue, rule, parent) },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, arn: queue.arn, retryPolicy, deadLetterConfig: { arn: queue.arn } },
    { parent, dependsOn: [policy] },
  );
  return rule;
}

/** Policy of a queue that takes the events of one rule. */
export function queuePolicy(
  queue: aws.sqs.Queue,
  rule: aws.cloudwatch.EventRule,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "UndeliveredEvents",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue.arn,
        Condition: {
          ArnEquals: { "aws:SourceArn": rule.arn },
          StringEquals: { "aws:SourceAccount": aws.getCallerIdentityOutput({}, { parent }).accountId },
        },
      },
    ],
  });
}
