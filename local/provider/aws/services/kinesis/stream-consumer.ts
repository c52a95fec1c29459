import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  KinesisClient,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

async function describe(ConsumerARN: string, context: HandlerContext) {
  const answer = await orMissing(
    context.client(KinesisClient).send(new DescribeStreamConsumerCommand({ ConsumerARN })),
  );
  return answer?.ConsumerDescription;
}

/** Tags of consumers are sent with the consumer and never read: the emulator has no call that answers them. */
export const streamConsumer = defineResource<aws.kinesis.StreamConsumerArgs>({
  type: "aws:kinesis/streamConsumer:StreamConsumer",
  autoname: { property: "name", maximumLength: 128 },
  required: ["streamArn"],
  computed: ["arn", "creationTimestamp"],

  async create(inputs, context) {
    const { Consumer } = await context.client(KinesisClient).send(
      new RegisterStreamConsumerCommand({
        StreamARN: inputs.streamArn,
        ConsumerName: inputs.name,
        Tags: inputs.tags,
      }),
    );
    const arn = Consumer!.ConsumerARN!;
    context.created(arn);
    await waitUntil(
      `the consumer ${arn}`,
      () => describe(arn, context),
      (consumer) => consumer?.ConsumerStatus === "ACTIVE",
    );
    return { id: arn };
  },

  async read(id, _properties, context) {
    const found = await describe(id, context);
    return (
      found && {
        arn: found.ConsumerARN,
        name: found.ConsumerName,
        streamArn: found.StreamARN,
        creationTimestamp: found.ConsumerCreationTimestamp?.toISOString(),
      }
    );
  },

  async delete(id, _properties, context) {
    await context.client(KinesisClient).send(new DeregisterStreamConsumerCommand({ ConsumerARN: id }));
    await waitUntil(
      `the deletion of the consumer ${id}`,
      () => describe(id, context),
      (consumer) => consumer === undefined,
    );
  },
});
