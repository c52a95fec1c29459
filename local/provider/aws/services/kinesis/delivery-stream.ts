import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  type KeyType,
  ListTagsForDeliveryStreamCommand,
  StartDeliveryStreamEncryptionCommand,
  StopDeliveryStreamEncryptionCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from "@aws-sdk/client-firehose";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { fromS3Destination, toS3Destination } from "./s3-destination";

type DeliveryInputs = Plain<aws.kinesis.FirehoseDeliveryStreamArgs>;

const toS3 = "extended_s3";

function nameOf(arn: string): string {
  return arn.split("deliverystream/").at(-1) ?? arn;
}

async function describe(
  name: string,
  context: HandlerContext,
): Promise<DeliveryStreamDescription | undefined> {
  const answer = await orMissing(
    context.client(FirehoseClient).send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name })),
  );
  return answer?.DeliveryStreamDescription;
}

async function untilReady(name: string, context: HandlerContext): Promise<void> {
  const stream = await waitUntil(
    `the delivery stream ${name}`,
    () => describe(name, context),
    (found) => found?.DeliveryStreamStatus !== "CREATING" && !isTurning(found),
    { seconds: 600 },
  );
  if (stream?.DeliveryStreamStatus === "CREATING_FAILED") {
    throw new Error(
      `the delivery stream ${name} failed: ${stream.FailureDescription?.Details ?? "no reason was given"}`,
    );
  }
}

/** Encryption of the stream's own buffer is being switched. */
function isTurning(found: DeliveryStreamDescription | undefined): boolean {
  return /^(ENABLING|DISABLING)$/.test(found?.DeliveryStreamEncryptionConfiguration?.Status ?? "");
}

async function changeEncryption(
  name: string,
  olds: Partial<DeliveryInputs>,
  news: DeliveryInputs,
  context: HandlerContext,
): Promise<void> {
  const [before, after] = [olds.serverSideEncryption, news.serverSideEncryption];
  if (sameValue(before, after)) return;
  const firehose = context.client(FirehoseClient);
  if (after?.enabled) {
    await firehose.send(
      new StartDeliveryStreamEncryptionCommand({
        DeliveryStreamName: name,
        DeliveryStreamEncryptionConfigurationInput: {
          KeyType: (after.keyType ?? "AWS_OWNED_CMK") as KeyType,
          KeyARN: after.keyArn,
        },
      }),
    );
  } else if (before?.enabled) {
    await firehose.send(new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName: name }));
  }
  await untilReady(name, context);
}

export const deliveryStream = defineResource<aws.kinesis.FirehoseDeliveryStreamArgs>({
  type: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  recordedWhen: ({ destination }) =>
    destination === undefined || destination === toS3
      ? undefined
      : `the emulator delivers from Firehose to S3 and not to ${destination}`,
  async recordedOutputs(id, inputs, context) {
    const name = inputs.name ?? id;
    const account = await context.accountId();
    return { name, arn: `arn:aws:firehose:${context.region}:${account}:deliverystream/${name}` };
  },
  autoname: { property: "name", maximumLength: 64 },
  required: ["destination"],
  replaceOn: ["name", "destination", "kinesisSourceConfiguration", "mskSourceConfiguration"],
  taggable: true,
  computed: ["arn", "destinationId", "versionId"],
  changedByUpdate: ["versionId"],

  async create(inputs, context) {
    const name = inputs.name!;
    const source = inputs.kinesisSourceConfiguration;
    const { DeliveryStreamARN } = await context.client(FirehoseClient).send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: name,
        DeliveryStreamType: source ? "KinesisStreamAsSource" : "DirectPut",
        KinesisStreamSourceConfiguration: source && {
          KinesisStreamARN: source.kinesisStreamArn,
          RoleARN: source.roleArn,
        },
        ExtendedS3DestinationConfiguration:
          inputs.extendedS3Configuration && toS3Destination(inputs.extendedS3Configuration),
        Tags: inputs.tags && toTagList(inputs.tags),
      }),
    );
    context.created(DeliveryStreamARN!);
    await untilReady(name, context);
    await changeEncryption(name, {}, inputs, context);
    return { id: DeliveryStreamARN! };
  },

  async read(id, properties, context) {
    const found = await describe(nameOf(id), context);
    if (!found || found.DeliveryStreamStatus === "DELETING") return undefined;
    const [destination] = found.Destinations ?? [];
    const source = found.Source?.KinesisStreamSourceDescription;
    const encryption = found.DeliveryStreamEncryptionConfiguration;
    const { Tags } = await context
      .client(FirehoseClient)
      .send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName: nameOf(id) }));
    return {
      arn: found.DeliveryStreamARN,
      name: found.DeliveryStreamName,
      destination: toS3,
      destinationId: destination?.DestinationId,
      versionId: found.VersionId,
      extendedS3Configuration: fromS3Destination(
        destination?.ExtendedS3DestinationDescription,
        properties.extendedS3Configuration,
      ),
      kinesisSourceConfiguration: source && {
        kinesisStreamArn: source.KinesisStreamARN,
        roleArn: source.RoleARN,
      },
      serverSideEncryption:
        encryption?.Status === "ENABLED"
          ? { enabled: true, keyType: encryption.KeyType, keyArn: encryption.KeyARN }
          : properties.serverSideEncryption && { enabled: false },
      tags: fromTagList(Tags),
    };
  },

  async update(id, olds, news, context) {
    const firehose = context.client(FirehoseClient);
    const name = nameOf(id);
    await updateTags(olds.tags, news.tags, {
      set: (tags) =>
        firehose.send(new TagDeliveryStreamCommand({ DeliveryStreamName: name, Tags: toTagList(tags) })),
      remove: (TagKeys) =>
        firehose.send(new UntagDeliveryStreamCommand({ DeliveryStreamName: name, TagKeys })),
    });
    await changeEncryption(name, olds, news, context);
    const settings = news.extendedS3Configuration;
    if (!settings || sameValue(olds.extendedS3Configuration, settings)) return;
    const found = await describe(name, context);
    const { S3BackupConfiguration, ...ExtendedS3DestinationUpdate } = toS3Destination(settings);
    await firehose.send(
      new UpdateDestinationCommand({
        DeliveryStreamName: name,
        CurrentDeliveryStreamVersionId: found?.VersionId,
        DestinationId: found?.Destinations?.[0]?.DestinationId,
        ExtendedS3DestinationUpdate: {
          ...ExtendedS3DestinationUpdate,
          S3BackupUpdate: S3BackupConfiguration,
        },
      }),
    );
  },

  async delete(id, _properties, context) {
    const name = nameOf(id);
    await context.client(FirehoseClient).send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }));
    await waitUntil(
      `the deletion of the delivery stream ${name}`,
      () => describe(name, context),
      (stream) => stream === undefined,
      { seconds: 600 },
    );
  },
});
