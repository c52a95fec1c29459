import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import type * as aws from "@pulumi/aws";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";
import { type AttributeTable, changedAttributes, fromAttributes, toAttributes } from "../support/attributes";
import { orMissing } from "../support/missing";

/** Settings of delivery feedback, the same for every protocol. */
function feedback(protocol: string): AttributeTable {
  const prefix = protocol.charAt(0).toUpperCase() + protocol.slice(1);
  return {
    [`${protocol}FailureFeedbackRoleArn`]: { name: `${prefix}FailureFeedbackRoleArn` },
    [`${protocol}SuccessFeedbackRoleArn`]: { name: `${prefix}SuccessFeedbackRoleArn` },
    [`${protocol}SuccessFeedbackSampleRate`]: { name: `${prefix}SuccessFeedbackSampleRate`, kind: "number" },
  };
}

const table: AttributeTable = {
  archivePolicy: { name: "ArchivePolicy" },
  contentBasedDeduplication: { name: "ContentBasedDeduplication", kind: "boolean", cleared: "false" },
  deliveryPolicy: { name: "DeliveryPolicy" },
  displayName: { name: "DisplayName" },
  fifoThroughputScope: { name: "FifoThroughputScope" },
  fifoTopic: { name: "FifoTopic", kind: "boolean", fixed: true },
  kmsMasterKeyId: { name: "KmsMasterKeyId" },
  policy: { name: "Policy", onlyGiven: true },
  signatureVersion: { name: "SignatureVersion", kind: "number", cleared: "1" },
  tracingConfig: { name: "TracingConfig", cleared: "PassThrough" },
  ...feedback("application"),
  ...feedback("firehose"),
  ...feedback("http"),
  ...feedback("lambda"),
  ...feedback("sqs"),
};

export const topic = defineResource<aws.sns.TopicArgs>({
  type: "aws:sns/topic:Topic",
  autoname: {
    property: "name",
    maximumLength: 256,
    transform: (name) => name.replace(/[^\w-]/g, "-"),
    suffix: (inputs) => (inputs.fifoTopic === true ? ".fifo" : ""),
  },
  replaceOn: ["name", "fifoTopic"],
  taggable: true,
  computed: ["arn", "owner", "beginningArchiveTime"],

  async create(inputs, context) {
    const sns = context.client(SNSClient);
    const { TopicArn } = await sns.send(
      new CreateTopicCommand({
        Name: inputs.name,
        Attributes: inputs.fifoTopic ? { FifoTopic: "true" } : undefined,
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(TopicArn!);
    // One by one: not every attribute may be given when a topic is created.
    for (const [AttributeName, AttributeValue] of Object.entries(toAttributes(inputs, table))) {
      if (AttributeName === "FifoTopic") continue;
      await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
    }
    return { id: TopicArn! };
  },

  async read(id, properties, context) {
    const sns = context.client(SNSClient);
    const answer = await orMissing(sns.send(new GetTopicAttributesCommand({ TopicArn: id })));
    if (!answer?.Attributes) return undefined;
    const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: id }));
    return {
      ...fromAttributes(answer.Attributes, table, properties),
      arn: answer.Attributes.TopicArn ?? id,
      name: id.split(":").at(-1),
      owner: answer.Attributes.Owner,
      tags: fromTagList(Tags),
    };
  },

  async update(id, olds, news, context) {
    const sns = context.client(SNSClient);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => sns.send(new TagResourceCommand({ ResourceArn: id, Tags: toTagList(tags) })),
      remove: (TagKeys) => sns.send(new UntagResourceCommand({ ResourceArn: id, TagKeys })),
    });
    for (const [AttributeName, AttributeValue] of Object.entries(
      changedAttributes(olds, { ...news }, table),
    )) {
      await sns.send(new SetTopicAttributesCommand({ TopicArn: id, AttributeName, AttributeValue }));
    }
  },

  async delete(id, _properties, context) {
    await context.client(SNSClient).send(new DeleteTopicCommand({ TopicArn: id }));
  },
});
