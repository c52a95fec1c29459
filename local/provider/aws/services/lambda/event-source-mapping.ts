import { createHash } from "node:crypto";
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import { defineResource, type Plain, type Properties } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

type MappingInputs = Plain<aws.lambda.EventSourceMappingArgs>;

const casing: CasingRules = { names: { kmsKeyArn: "KMSKeyArn" } };

/** Settings that may change while the mapping stands. */
const changeable = [
  "batchSize",
  "bisectBatchOnFunctionError",
  "destinationConfig",
  "filterCriteria",
  "functionResponseTypes",
  "kmsKeyArn",
  "maximumBatchingWindowInSeconds",
  "maximumRecordAgeInSeconds",
  "maximumRetryAttempts",
  "metricsConfig",
  "parallelizationFactor",
  "provisionedPollerConfig",
  "scalingConfig",
  "sourceAccessConfigurations",
  "tumblingWindowInSeconds",
] as const;

const fixed = ["eventSourceArn", "startingPosition", "topics", "selfManagedEventSource"] as const;

/** What takes a setting back that the program no longer gives. */
const cleared: Properties = {
  filterCriteria: { filters: [] },
  functionResponseTypes: [],
  scalingConfig: {},
  destinationConfig: {},
  maximumBatchingWindowInSeconds: 0,
};

function settings(inputs: MappingInputs, olds?: Properties): Partial<CreateEventSourceMappingCommandInput> {
  const gone = Object.keys(cleared).filter((key) => olds?.[key] && !inputs[key as keyof MappingInputs]);
  return {
    ...toService<Partial<CreateEventSourceMappingCommandInput>>(
      { ...seen(inputs, [...changeable]), ...seen(cleared, gone) },
      casing,
    ),
    Enabled: inputs.enabled ?? true,
  };
}

/** A made-up id that stays the same for one resource. */
function uuidFor(urn: string): string {
  const digits = createHash("sha256").update(urn).digest("hex");
  return [8, 12, 16, 20, 32].map((end, index, ends) => digits.slice(ends[index - 1] ?? 0, end)).join("-");
}

const inMotion = new Set(["Creating", "Updating", "Enabling", "Disabling", "Deleting"]);

async function untilSettled(lambda: LambdaClient, uuid: string): Promise<void> {
  await waitUntil(
    `the event source mapping ${uuid}`,
    () => orMissing(lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }))),
    (mapping) => !inMotion.has(mapping?.State ?? ""),
  );
}

/** The event sources that the emulator polls, by their name in an ARN. */
const polled = ["sqs", "kinesis", "dynamodb"];

/** Why a mapping is recorded only. */
function withoutPoller(inputs: Partial<MappingInputs>): string | undefined {
  if (inputs.selfManagedEventSource !== undefined) return "the emulator polls no Kafka of one's own";
  const service = String(inputs.eventSourceArn ?? "").split(":")[2];
  return service === undefined || polled.includes(service)
    ? undefined
    : `the emulator polls ${polled.join(", ")} and not ${service}`;
}

export const eventSourceMapping = defineResource<aws.lambda.EventSourceMappingArgs>({
  type: "aws:lambda/eventSourceMapping:EventSourceMapping",
  recordedWhen: withoutPoller,
  async recordedOutputs(_id, inputs, context) {
    const uuid = uuidFor(context.urn);
    const owner = `arn:aws:lambda:${context.region}:${await context.accountId()}`;
    return {
      uuid,
      arn: `${owner}:event-source-mapping:${uuid}`,
      functionArn: inputs.functionName.startsWith("arn:")
        ? inputs.functionName
        : `${owner}:function:${inputs.functionName}`,
      state: "Enabled",
    };
  },
  required: ["functionName"],
  replaceOn: [
    "eventSourceArn",
    "startingPosition",
    "startingPositionTimestamp",
    "topics",
    "queues",
    "selfManagedEventSource",
  ],
  taggable: true,
  unordered: ["functionResponseTypes", "topics"],
  computed: ["arn", "functionArn", "uuid", "state", "stateTransitionReason", "lastProcessingResult"],

  async create(inputs, context) {
    const lambda = context.client(LambdaClient);
    const { UUID } = await lambda.send(
      new CreateEventSourceMappingCommand({
        ...toService<Partial<CreateEventSourceMappingCommandInput>>(seen(inputs, [...fixed]), casing),
        ...settings(inputs),
        FunctionName: inputs.functionName,
        StartingPositionTimestamp:
          inputs.startingPositionTimestamp === undefined
            ? undefined
            : new Date(inputs.startingPositionTimestamp),
        Queues: inputs.queues === undefined ? undefined : [inputs.queues],
        Tags: inputs.tags,
      }),
    );
    context.created(UUID!);
    await untilSettled(lambda, UUID!);
    return { id: UUID! };
  },

  async read(id, properties, context) {
    const lambda = context.client(LambdaClient);
    const found = await orMissing(lambda.send(new GetEventSourceMappingCommand({ UUID: id })));
    if (!found) return undefined;
    const fields = fieldsFromService(found, casing);
    const arn = found.EventSourceMappingArn;
    const tags = arn && (await orMissing(lambda.send(new ListTagsCommand({ Resource: arn }))))?.Tags;
    const functionName = properties.functionName;
    return {
      ...answered(fields, [...changeable, ...fixed, "functionArn", "stateTransitionReason"]),
      filterCriteria: found.FilterCriteria?.Filters?.length ? fields.filterCriteria : undefined,
      scalingConfig: found.ScalingConfig?.MaximumConcurrency === undefined ? undefined : fields.scalingConfig,
      functionResponseTypes: found.FunctionResponseTypes ?? [],
      ...(arn === undefined ? {} : { arn }),
      uuid: id,
      state: found.State,
      enabled: found.State === undefined ? undefined : !/^Disabl/.test(found.State),
      // The program may give a name where Lambda answers the ARN.
      functionName:
        functionName !== undefined && found.FunctionArn?.endsWith(`:${functionName}`)
          ? functionName
          : found.FunctionArn,
      ...(tags ? { tags: withoutSystemTags(tags) } : {}),
    };
  },

  async update(id, olds, news, context) {
    const lambda = context.client(LambdaClient);
    if (olds.arn !== undefined) {
      const Resource = String(olds.arn);
      await updateTags(olds.tags, news.tags, {
        set: (Tags) => lambda.send(new TagResourceCommand({ Resource, Tags })),
        remove: (TagKeys) => lambda.send(new UntagResourceCommand({ Resource, TagKeys })),
      });
    }
    await lambda.send(
      new UpdateEventSourceMappingCommand({
        UUID: id,
        FunctionName: news.functionName,
        ...settings(news, olds),
      }),
    );
    await untilSettled(lambda, id);
  },

  async delete(id, _properties, context) {
    const lambda = context.client(LambdaClient);
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID: id }));
    await waitUntil(
      `the deletion of the event source mapping ${id}`,
      () => orMissing(lambda.send(new GetEventSourceMappingCommand({ UUID: id }))),
      (mapping) => mapping === undefined,
    );
  },
});
