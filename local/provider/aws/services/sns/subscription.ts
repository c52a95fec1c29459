import {
  GetSubscriptionAttributesCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { type AttributeTable, changedAttributes, fromAttributes, toAttributes } from "../support/attributes";
import { orMissing } from "../support/missing";

const table: AttributeTable = {
  deliveryPolicy: { name: "DeliveryPolicy" },
  filterPolicy: { name: "FilterPolicy", cleared: "{}" },
  filterPolicyScope: { name: "FilterPolicyScope", cleared: "MessageAttributes" },
  rawMessageDelivery: { name: "RawMessageDelivery", kind: "boolean", cleared: "false" },
  redrivePolicy: { name: "RedrivePolicy" },
  replayPolicy: { name: "ReplayPolicy" },
  subscriptionRoleArn: { name: "SubscriptionRoleArn" },
};

export const topicSubscription = defineResource<aws.sns.TopicSubscriptionArgs>({
  type: "aws:sns/topicSubscription:TopicSubscription",
  required: ["topic", "protocol", "endpoint"],
  replaceOn: ["topic", "protocol", "endpoint"],
  computed: ["arn", "ownerId", "pendingConfirmation", "confirmationWasAuthenticated"],

  async create(inputs, context) {
    const { SubscriptionArn } = await context.client(SNSClient).send(
      new SubscribeCommand({
        TopicArn: String(inputs.topic),
        Protocol: inputs.protocol,
        Endpoint: inputs.endpoint,
        Attributes: toAttributes(inputs, table),
        ReturnSubscriptionArn: true,
      }),
    );
    context.created(SubscriptionArn!);
    return { id: SubscriptionArn! };
  },

  async read(id, properties, context) {
    const answer = await orMissing(
      context.client(SNSClient).send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id })),
    );
    const found = answer?.Attributes;
    if (!found) return undefined;
    return {
      ...fromAttributes(found, table, properties),
      arn: found.SubscriptionArn ?? id,
      topic: found.TopicArn,
      protocol: found.Protocol,
      endpoint: found.Endpoint,
      ownerId: found.Owner,
      pendingConfirmation: found.PendingConfirmation === "true",
      confirmationWasAuthenticated: found.ConfirmationWasAuthenticated === "true",
    };
  },

  async update(id, olds, news, context) {
    for (const [AttributeName, AttributeValue] of Object.entries(
      changedAttributes(olds, { ...news }, table),
    )) {
      await context
        .client(SNSClient)
        .send(new SetSubscriptionAttributesCommand({ SubscriptionArn: id, AttributeName, AttributeValue }));
    }
  },

  async delete(id, _properties, context) {
    await context.client(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn: id }));
  },
});
