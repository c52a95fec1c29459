import {
  CreateFeatureGroupCommand,
  type CreateFeatureGroupCommandInput,
  DeleteFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  type FeatureDefinition,
  type OnlineStoreConfigUpdate,
  SageMakerClient,
  type ThroughputConfigUpdate,
  UpdateFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, overlay, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags, readTags, sageMakerName } from "./tagging";

type FeatureGroupInputs = Plain<aws.sagemaker.FeatureGroupArgs>;

const casing: CasingRules = {
  names: { throughputMode: "ThroughputMode" },
};

const settings = [
  "description",
  "eventTimeFeatureName",
  "featureDefinitions",
  "featureGroupName",
  "recordIdentifierFeatureName",
  "roleArn",
] as const;

/** Stores that AWS fills in (table of the catalogue, resolved address) and an emulator may not answer in full. */
const stores = ["offlineStoreConfig", "onlineStoreConfig", "throughputConfig"] as const;

async function untilCreated(name: string, context: HandlerContext): Promise<void> {
  const group = await waitUntil(
    `the feature group ${name}`,
    () => context.client(SageMakerClient).send(new DescribeFeatureGroupCommand({ FeatureGroupName: name })),
    (answer) => answer.FeatureGroupStatus !== "Creating" && answer.LastUpdateStatus?.Status !== "InProgress",
    { seconds: 900 },
  );
  if (group.FeatureGroupStatus === "CreateFailed") {
    throw new Error(`the feature group ${name} failed: ${group.FailureReason ?? "no reason was given"}`);
  }
}

/** Features may be added to a group, and only added. */
function onlyAdds(olds: Partial<FeatureGroupInputs>, news: FeatureGroupInputs): FeatureDefinition[] {
  const before = olds.featureDefinitions ?? [];
  const kept = before.every((old) =>
    news.featureDefinitions.some(
      (feature) => feature.featureName === old.featureName && feature.featureType === old.featureType,
    ),
  );
  if (!kept) {
    throw new Error(
      `features of ${news.featureGroupName} were taken away or changed, and SageMaker can only add some; ` +
        `give the changed group another featureGroupName, or replace it with --replace`,
    );
  }
  const added = news.featureDefinitions.filter(
    (feature) => !before.some((old) => old.featureName === feature.featureName),
  );
  return toService<FeatureDefinition[]>(added, casing);
}

export const featureGroup = defineResource<aws.sagemaker.FeatureGroupArgs>({
  type: "aws:sagemaker/featureGroup:FeatureGroup",
  autoname: { property: "featureGroupName", maximumLength: 64, transform: sageMakerName },
  required: ["eventTimeFeatureName", "featureDefinitions", "recordIdentifierFeatureName", "roleArn"],
  replaceOn: [
    "description",
    "eventTimeFeatureName",
    "featureGroupName",
    "offlineStoreConfig",
    "recordIdentifierFeatureName",
    "roleArn",
  ],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    const name = inputs.featureGroupName;
    await context.client(SageMakerClient).send(
      new CreateFeatureGroupCommand({
        ...toService<CreateFeatureGroupCommandInput>(seen(inputs, [...settings, ...stores]), casing),
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(name);
    await untilCreated(name, context);
    return { id: name };
  },

  async read(id, properties, context) {
    const found = await orMissing(
      context.client(SageMakerClient).send(new DescribeFeatureGroupCommand({ FeatureGroupName: id })),
    );
    if (!found?.FeatureGroupArn || found.FeatureGroupStatus === "Deleting") return undefined;
    const fields = fieldsFromService(found, casing);
    const live = answered(fields, [...stores]) as Record<string, object>;
    return {
      ...seen(fields, [...settings]),
      ...Object.fromEntries(
        Object.entries(live).map(([name, store]) => [
          name,
          overlay(properties[name as (typeof stores)[number]], store),
        ]),
      ),
      arn: found.FeatureGroupArn,
      tags: await readTags(found.FeatureGroupArn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    const FeatureAdditions = onlyAdds(olds, news);
    await context.client(SageMakerClient).send(
      new UpdateFeatureGroupCommand({
        FeatureGroupName: id,
        FeatureAdditions: FeatureAdditions.length > 0 ? FeatureAdditions : undefined,
        OnlineStoreConfig: news.onlineStoreConfig?.ttlDuration && {
          TtlDuration: toService<OnlineStoreConfigUpdate["TtlDuration"]>(news.onlineStoreConfig.ttlDuration),
        },
        ThroughputConfig: toService<ThroughputConfigUpdate | undefined>(news.throughputConfig),
      }),
    );
    await untilCreated(id, context);
  },

  async delete(id, _properties, context) {
    const sageMaker = context.client(SageMakerClient);
    await sageMaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: id }));
    await waitUntil(
      `the deletion of the feature group ${id}`,
      () => orMissing(sageMaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: id }))),
      (group) => group === undefined,
      { seconds: 900 },
    );
  },
});
