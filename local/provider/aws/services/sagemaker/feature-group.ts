import {
  CreateFeatureGroupCommand,
  type CreateFeatureGroupCommandInput,
  DeleteFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  type OnlineStoreConfigUpdate,
  SageMakerClient,
  type ThroughputConfigUpdate,
  UpdateFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, overlay, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags, readTags, sageMakerName } from "./tagging";

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

export const featureGroup = defineResource<aws.sagemaker.FeatureGroupArgs>({
  type: "aws:sagemaker/featureGroup:FeatureGroup",
  autoname: { property: "featureGroupName", maximumLength: 64, transform: sageMakerName },
  required: ["eventTimeFeatureName", "featureDefinitions", "recordIdentifierFeatureName", "roleArn"],
  replaceOn: [
    "description",
    "eventTimeFeatureName",
    // SageMaker could add features in place, but AWS's provider replaces the group, and so does this one.
    "featureDefinitions",
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
    await context.client(SageMakerClient).send(
      new UpdateFeatureGroupCommand({
        FeatureGroupName: id,
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
