import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { updateTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";
import { type AttributeTable, changedAttributes, fromAttributes, toAttributes } from "../support/attributes";
import { orMissing } from "../support/missing";

const table: AttributeTable = {
  contentBasedDeduplication: { name: "ContentBasedDeduplication", kind: "boolean", cleared: "false" },
  deduplicationScope: { name: "DeduplicationScope", cleared: "queue" },
  delaySeconds: { name: "DelaySeconds", kind: "number", cleared: "0" },
  fifoQueue: { name: "FifoQueue", kind: "boolean", fixed: true },
  fifoThroughputLimit: { name: "FifoThroughputLimit", cleared: "perQueue" },
  kmsDataKeyReusePeriodSeconds: { name: "KmsDataKeyReusePeriodSeconds", kind: "number", cleared: "300" },
  kmsMasterKeyId: { name: "KmsMasterKeyId" },
  maxMessageSize: { name: "MaximumMessageSize", kind: "number", cleared: "262144" },
  messageRetentionSeconds: { name: "MessageRetentionPeriod", kind: "number", cleared: "345600" },
  policy: { name: "Policy", onlyGiven: true },
  receiveWaitTimeSeconds: { name: "ReceiveMessageWaitTimeSeconds", kind: "number", cleared: "0" },
  redriveAllowPolicy: { name: "RedriveAllowPolicy", onlyGiven: true },
  redrivePolicy: { name: "RedrivePolicy", onlyGiven: true },
  sqsManagedSseEnabled: { name: "SqsManagedSseEnabled", kind: "boolean", cleared: "false" },
  visibilityTimeoutSeconds: { name: "VisibilityTimeout", kind: "number", cleared: "30" },
};

export const queue = defineResource<aws.sqs.QueueArgs>({
  type: "aws:sqs/queue:Queue",
  autoname: {
    property: "name",
    maximumLength: 80,
    transform: (name) => name.replace(/[^\w-]/g, "-"),
    suffix: (inputs) => (inputs.fifoQueue === true ? ".fifo" : ""),
  },
  replaceOn: ["name", "fifoQueue"],
  taggable: true,
  computed: ["arn", "url"],

  async create(inputs, context) {
    const { QueueUrl } = await context.client(SQSClient).send(
      new CreateQueueCommand({
        QueueName: inputs.name,
        Attributes: toAttributes(inputs, table),
        tags: inputs.tags,
      }),
    );
    context.created(QueueUrl!);
    return { id: QueueUrl! };
  },

  async read(id, properties, context) {
    const sqs = context.client(SQSClient);
    const answer = await orMissing(
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["All"] })),
    );
    const attributes = answer?.Attributes;
    if (!attributes) return undefined;
    const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: id }));
    return {
      ...fromAttributes(attributes, table, properties),
      arn: attributes.QueueArn,
      name: attributes.QueueArn?.split(":").at(-1),
      url: id,
      tags: Tags ?? {},
    };
  },

  async update(id, olds, news, context) {
    const sqs = context.client(SQSClient);
    await updateTags(olds.tags, news.tags, {
      set: (Tags) => sqs.send(new TagQueueCommand({ QueueUrl: id, Tags })),
      remove: (TagKeys) => sqs.send(new UntagQueueCommand({ QueueUrl: id, TagKeys })),
    });
    const Attributes = changedAttributes(olds, { ...news }, table);
    if (Object.keys(Attributes).length > 0) {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: id, Attributes }));
    }
  },

  async delete(id, _properties, context) {
    await context.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: id }));
  },
});
