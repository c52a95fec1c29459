import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { defineResource, type HandlerContext, type ResourceHandler } from "../../framework/types";
import { orMissing } from "../support/missing";

async function put(queueUrl: string, attribute: QueueAttributeName, value: unknown, context: HandlerContext) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  await context
    .client(SQSClient)
    .send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { [attribute]: text } }));
}

/** A resource that is one JSON attribute of a queue: its policy, its redrive policy and so on. */
export function queueAttribute<Property extends string>(
  type: string,
  property: Property,
  attribute: QueueAttributeName,
): ResourceHandler {
  return defineResource<{ queueUrl: string } & Record<string, unknown>>({
    type,
    required: ["queueUrl", property],
    replaceOn: ["queueUrl"],

    async create(inputs, context) {
      await put(inputs.queueUrl, attribute, inputs[property], context);
      context.created(inputs.queueUrl);
      return { id: inputs.queueUrl };
    },

    async read(id, _properties, context) {
      const answer = await orMissing(
        context
          .client(SQSClient)
          .send(new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: [attribute] })),
      );
      const value = answer?.Attributes?.[attribute];
      return value ? { queueUrl: id, [property]: value } : undefined;
    },

    async update(id, _olds, news, context) {
      await put(id, attribute, news[property], context);
    },

    async delete(id, _properties, context) {
      await put(id, attribute, "", context);
    },
  });
}
