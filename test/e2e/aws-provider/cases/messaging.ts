import {
  ListSubscriptionsCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  GetQueueUrlCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import * as sns from "@pulumi/aws/sns";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";

function sendPolicy(queueArn: pulumi.Input<string>, sid: string): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: sid,
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
      },
    ],
  });
}

export const sqsCase: ServiceCase = {
  service: "sqs",
  program(changed) {
    const deadLetters = new sqs.Queue("dead-letters", {
      messageRetentionSeconds: changed ? 1209600 : 345600,
      sqsManagedSseEnabled: true,
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    const work = new sqs.Queue("work", {
      name: "case-work",
      visibilityTimeoutSeconds: 60,
      delaySeconds: changed ? undefined : 5,
    });
    new sqs.Queue("ordered", { fifoQueue: true, contentBasedDeduplication: true });
    new sqs.QueuePolicy("policy", {
      queueUrl: work.url,
      policy: sendPolicy(work.arn, changed ? "Second" : "First"),
    });
    new sqs.RedrivePolicy("redrive", {
      queueUrl: work.id,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: changed ? 5 : 3,
      }),
    });
    new sqs.RedriveAllowPolicy("redrive-allow", {
      queueUrl: deadLetters.id,
      redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [work.arn] }),
    });
  },
  updated: [
    "aws:sqs/queue:Queue dead-letters",
    "aws:sqs/queue:Queue work",
    "aws:sqs/queuePolicy:QueuePolicy policy",
    "aws:sqs/redrivePolicy:RedrivePolicy redrive",
  ],
  async tamper({ aws }) {
    const client = new SQSClient(aws);
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "case-work" }));
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "10" } }));
  },
  repaired: ["aws:sqs/queue:Queue work"],
  async leftovers({ aws }) {
    return (await new SQSClient(aws).send(new ListQueuesCommand({}))).QueueUrls ?? [];
  },
};

export const snsCase: ServiceCase = {
  service: "sns",
  program(changed) {
    const topic = new sns.Topic("alerts", {
      displayName: changed ? "Alerts of the models" : "Alerts",
      tags: { team: "ml" },
      signatureVersion: 2,
    });
    const queue = new sqs.Queue("inbox", {});
    new sns.TopicPolicy("policy", {
      arn: topic.arn,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: changed ? "Second" : "First",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: topic.arn,
          },
        ],
      }),
    });
    new sns.TopicSubscription("queue", {
      topic: topic,
      protocol: "sqs",
      endpoint: queue.arn,
      rawMessageDelivery: true,
      filterPolicy: JSON.stringify({ severity: changed ? ["high", "medium"] : ["high"] }),
    });
    new sns.TopicSubscription("email", { topic: topic.arn, protocol: "email", endpoint: "team@example.com" });
  },
  updated: [
    "aws:sns/topic:Topic alerts",
    "aws:sns/topicPolicy:TopicPolicy policy",
    "aws:sns/topicSubscription:TopicSubscription queue",
  ],
  async tamper({ aws }) {
    const client = new SNSClient(aws);
    const { Subscriptions = [] } = await client.send(new ListSubscriptionsCommand({}));
    const subscription = Subscriptions.find(({ Protocol }) => Protocol === "sqs");
    await client.send(new UnsubscribeCommand({ SubscriptionArn: subscription?.SubscriptionArn }));
    await client.send(
      new SetTopicAttributesCommand({
        TopicArn: subscription?.TopicArn,
        AttributeName: "DisplayName",
        AttributeValue: "Someone else's",
      }),
    );
  },
  repaired: ["aws:sns/topic:Topic alerts"],
  recreated: ["aws:sns/topicSubscription:TopicSubscription queue"],
  async leftovers({ aws }) {
    const client = new SNSClient(aws);
    const { Subscriptions = [] } = await client.send(new ListSubscriptionsCommand({}));
    return [...((await client.send(new ListTopicsCommand({}))).Topics ?? []), ...Subscriptions];
  },
};
