import {
  type Event,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfigurationFilter,
  PutBucketNotificationConfigurationCommand,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { bucketConfiguration } from "./bucket-configuration";

interface Target {
  id?: string;
  events: string[];
  filterPrefix?: string;
  filterSuffix?: string;
}

interface ServiceTarget {
  Id?: string;
  Events?: Event[];
  Filter?: NotificationConfigurationFilter;
}

function toTarget(target: Target): {
  Id?: string;
  Events: Event[];
  Filter?: NotificationConfigurationFilter;
} {
  const rules = [
    ...(target.filterPrefix === undefined ? [] : [{ Name: "prefix" as const, Value: target.filterPrefix }]),
    ...(target.filterSuffix === undefined ? [] : [{ Name: "suffix" as const, Value: target.filterSuffix }]),
  ];
  return {
    Id: target.id,
    Events: target.events as Event[],
    Filter: rules.length === 0 ? undefined : { Key: { FilterRules: rules } },
  };
}

function fromTarget(target: ServiceTarget): Target {
  const filter = (name: string) =>
    target.Filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value;
  const prefix = filter("prefix");
  const suffix = filter("suffix");
  return {
    events: target.Events ?? [],
    ...(target.Id === undefined ? {} : { id: target.Id }),
    ...(prefix === undefined ? {} : { filterPrefix: prefix }),
    ...(suffix === undefined ? {} : { filterSuffix: suffix }),
  };
}

export const notification = bucketConfiguration<aws.s3.BucketNotificationArgs>({
  type: "aws:s3/bucketNotification:BucketNotification",
  required: ["bucket"],
  put: (s3, bucket, inputs) =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: {
          EventBridgeConfiguration: inputs.eventbridge ? {} : undefined,
          LambdaFunctionConfigurations: inputs.lambdaFunctions?.map((target) => ({
            ...toTarget(target),
            LambdaFunctionArn: target.lambdaFunctionArn,
          })),
          QueueConfigurations: inputs.queues?.map((target) => ({
            ...toTarget(target),
            QueueArn: target.queueArn,
          })),
          TopicConfigurations: inputs.topics?.map((target) => ({
            ...toTarget(target),
            TopicArn: target.topicArn,
          })),
        },
      }),
    ),
  async get(s3, bucket) {
    const answer = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
    return {
      eventbridge: answer.EventBridgeConfiguration !== undefined,
      lambdaFunctions: answer.LambdaFunctionConfigurations?.map((target) => ({
        ...fromTarget(target),
        lambdaFunctionArn: target.LambdaFunctionArn,
      })),
      queues: answer.QueueConfigurations?.map((target) => ({
        ...fromTarget(target),
        queueArn: target.QueueArn,
      })),
      topics: answer.TopicConfigurations?.map((target) => ({
        ...fromTarget(target),
        topicArn: target.TopicArn,
      })),
    };
  },
  remove: (s3, bucket) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration: {} })),
});
