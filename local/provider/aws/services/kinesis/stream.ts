import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListTagsForStreamCommand,
  type MetricsName,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  type StreamDescriptionSummary,
  type StreamMode,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import type * as aws from "@pulumi/aws";
import { fromTagList, updateTags } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

type StreamInputs = Plain<aws.kinesis.StreamArgs>;
type Settings = Partial<StreamInputs>;

const onDemand = "ON_DEMAND";
/** Hours that a stream keeps records when nothing else is asked for. */
const defaultRetention = 24;

function modeOf(inputs: Settings): string {
  return inputs.streamModeDetails?.streamMode ?? "PROVISIONED";
}

async function describe(arn: string, context: HandlerContext): Promise<StreamDescriptionSummary | undefined> {
  const answer = await orMissing(
    context.client(KinesisClient).send(new DescribeStreamSummaryCommand({ StreamARN: arn })),
  );
  return answer?.StreamDescriptionSummary;
}

/** Every change leaves the stream for a while in a state in which it takes no other. */
async function untilActive(arn: string, context: HandlerContext): Promise<void> {
  await waitUntil(
    `the stream ${arn}`,
    () => describe(arn, context),
    (stream) => stream?.StreamStatus === "ACTIVE",
    { seconds: 600 },
  );
}

async function changeRetention(arn: string, olds: Settings, news: Settings, context: HandlerContext) {
  const before = olds.retentionPeriod ?? defaultRetention;
  const after = news.retentionPeriod ?? defaultRetention;
  if (before === after) return;
  const request = { StreamARN: arn, RetentionPeriodHours: after };
  const kinesis = context.client(KinesisClient);
  if (after > before) await kinesis.send(new IncreaseStreamRetentionPeriodCommand(request));
  else await kinesis.send(new DecreaseStreamRetentionPeriodCommand(request));
  await untilActive(arn, context);
}

async function changeEncryption(arn: string, olds: Settings, news: Settings, context: HandlerContext) {
  const [before, after] = [olds.encryptionType ?? "NONE", news.encryptionType ?? "NONE"];
  if (before === after && olds.kmsKeyId === news.kmsKeyId) return;
  const kinesis = context.client(KinesisClient);
  if (after === "KMS") {
    const KeyId = news.kmsKeyId;
    await kinesis.send(new StartStreamEncryptionCommand({ StreamARN: arn, EncryptionType: "KMS", KeyId }));
  } else if (before === "KMS") {
    const KeyId = olds.kmsKeyId;
    await kinesis.send(new StopStreamEncryptionCommand({ StreamARN: arn, EncryptionType: "KMS", KeyId }));
  }
  await untilActive(arn, context);
}

async function changeMetrics(arn: string, olds: Settings, news: Settings, context: HandlerContext) {
  const [before, after] = [olds.shardLevelMetrics ?? [], news.shardLevelMetrics ?? []];
  const missing = (from: string[], others: string[]) =>
    from.filter((metric) => !others.includes(metric)) as MetricsName[];
  const kinesis = context.client(KinesisClient);
  const [gone, added] = [missing(before, after), missing(after, before)];
  if (gone.length > 0) {
    await kinesis.send(new DisableEnhancedMonitoringCommand({ StreamARN: arn, ShardLevelMetrics: gone }));
    await untilActive(arn, context);
  }
  if (added.length > 0) {
    await kinesis.send(new EnableEnhancedMonitoringCommand({ StreamARN: arn, ShardLevelMetrics: added }));
    await untilActive(arn, context);
  }
}

async function changeCapacity(arn: string, olds: Settings, news: Settings, context: HandlerContext) {
  const kinesis = context.client(KinesisClient);
  if (modeOf(olds) !== modeOf(news)) {
    const StreamMode = modeOf(news) as StreamMode;
    await kinesis.send(new UpdateStreamModeCommand({ StreamARN: arn, StreamModeDetails: { StreamMode } }));
    await untilActive(arn, context);
  }
  if (modeOf(news) !== onDemand && news.shardCount !== undefined && olds.shardCount !== news.shardCount) {
    const TargetShardCount = news.shardCount;
    await kinesis.send(
      new UpdateShardCountCommand({ StreamARN: arn, TargetShardCount, ScalingType: "UNIFORM_SCALING" }),
    );
    await untilActive(arn, context);
  }
}

async function changeTags(arn: string, olds: Settings, news: Settings, context: HandlerContext) {
  const kinesis = context.client(KinesisClient);
  await updateTags(olds.tags, news.tags, {
    set: (Tags) => kinesis.send(new AddTagsToStreamCommand({ StreamARN: arn, Tags })),
    remove: (TagKeys) => kinesis.send(new RemoveTagsFromStreamCommand({ StreamARN: arn, TagKeys })),
  });
}

export const stream = defineResource<aws.kinesis.StreamArgs>({
  type: "aws:kinesis/stream:Stream",
  autoname: { property: "name", maximumLength: 128 },
  replaceOn: ["name"],
  taggable: true,
  unordered: ["shardLevelMetrics"],
  computed: ["arn"],

  async create(inputs, context) {
    const { name } = inputs;
    const StreamMode = modeOf(inputs) as StreamMode;
    await context.client(KinesisClient).send(
      new CreateStreamCommand({
        StreamName: name,
        ShardCount: StreamMode === onDemand ? undefined : (inputs.shardCount ?? 1),
        StreamModeDetails: { StreamMode },
      }),
    );
    const arn = `arn:aws:kinesis:${context.region}:${await context.accountId()}:stream/${name}`;
    context.created(arn);
    await untilActive(arn, context);
    // Tags that come with the stream are lost in the emulator; they may as well come after it.
    await changeTags(arn, {}, inputs, context);
    await changeRetention(arn, {}, inputs, context);
    await changeEncryption(arn, {}, inputs, context);
    await changeMetrics(arn, {}, inputs, context);
    return { id: arn };
  },

  async read(id, _properties, context) {
    const found = await describe(id, context);
    if (!found || found.StreamStatus === "DELETING") return undefined;
    const mode = found.StreamModeDetails?.StreamMode ?? "PROVISIONED";
    const { Tags } = await context
      .client(KinesisClient)
      .send(new ListTagsForStreamCommand({ StreamARN: id }));
    return {
      arn: found.StreamARN,
      name: found.StreamName,
      retentionPeriod: found.RetentionPeriodHours,
      // The shards of a stream on demand are AWS's own business.
      ...(mode === onDemand ? {} : { shardCount: found.OpenShardCount }),
      streamModeDetails: { streamMode: mode },
      encryptionType: found.EncryptionType ?? "NONE",
      kmsKeyId: found.KeyId,
      // The emulator switches these metrics on and never answers them.
      ...(found.EnhancedMonitoring?.[0]?.ShardLevelMetrics?.length
        ? { shardLevelMetrics: found.EnhancedMonitoring[0].ShardLevelMetrics }
        : {}),
      tags: fromTagList(Tags),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(id, olds, news, context);
    await changeCapacity(id, olds, news, context);
    await changeRetention(id, olds, news, context);
    await changeEncryption(id, olds, news, context);
    await changeMetrics(id, olds, news, context);
  },

  async delete(id, properties, context) {
    const EnforceConsumerDeletion = properties.enforceConsumerDeletion;
    await context
      .client(KinesisClient)
      .send(new DeleteStreamCommand({ StreamARN: id, EnforceConsumerDeletion }));
    await waitUntil(
      `the deletion of the stream ${id}`,
      () => describe(id, context),
      (found) => found === undefined,
      { seconds: 600 },
    );
  },
});
