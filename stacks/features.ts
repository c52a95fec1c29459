import * as pulumi from "@pulumi/pulumi";

import {
  BatchFeatures,
  FeastFeatureStore,
  FeatureMaterialization,
  FeatureStore,
  featureStoreArgsOf,
  TrainingSets,
} from "../components";
import { physicalViewName } from "../components/contracts/feature-definition";
import { FeatureBackend, FeaturesConfig } from "./features-config";
import type { FeatureOutputs } from "./outputs";
import type { PlatformParts } from "./parts";

/** Composes the feature stores of the configured kinds, the training sets made from them, and the nightly Spark job. */
export function deployFeatures(
  features: FeaturesConfig,
  parts: PlatformParts,
): pulumi.Output<FeatureOutputs> {
  const { catalog, backends, batch } = features;
  const options = { provider: parts.awsProvider };
  const zones = zonesOf(parts);
  const trainingSets = new TrainingSets("training-sets", { catalog, ...zones }, options);
  const materializers: Record<string, pulumi.Input<string>> = {};
  if (backends.includes(FeatureBackend.SageMaker)) {
    for (const view of catalog.views.map(physicalViewName)) {
      materializers[`sagemaker/${view}`] = deployFeatureGroup(view, features, parts);
    }
  }
  const feast = backends.includes(FeatureBackend.Feast)
    ? new FeastFeatureStore(
        "features",
        {
          catalog,
          ...timesOf(features),
          forceDestroy: parts.forceDestroy,
          ...zones,
        },
        options,
      )
    : undefined;
  const spark =
    batch.length > 0 ? new BatchFeatures("batch-features", { views: batch, ...zones }, options) : undefined;
  return pulumi.output({
    trainingSetsFunctionName: trainingSets.functionName,
    materializerFunctionNames: pulumi
      .all([materializers, feast?.functionNames ?? {}])
      .apply(([groups, tables]) => ({
        ...groups,
        ...Object.fromEntries(Object.entries(tables).map(([view, name]) => [`feast/${view}`, name])),
      })),
    feastRepositoryUri: feast?.repositoryUri ?? "",
    sparkApplicationId: spark?.applicationId ?? "",
  });
}

/** The zones that features come from and go to, with the words that every component takes. */
function zonesOf({ lake, alerts, common }: PlatformParts) {
  return {
    featuresBucketName: lake.featuresBucketName,
    featuresBucketArn: lake.featuresBucketArn,
    curatedBucketName: lake.curatedBucketName,
    curatedBucketArn: lake.curatedBucketArn,
    alarmTopicArn: alerts.topicArn,
    ...common,
  };
}

const timesOf = ({ schedule, expectedEverySeconds, maximumLagSeconds }: FeaturesConfig) => ({
  scheduleExpression: schedule,
  expectedEverySeconds,
  maximumLagSeconds,
});

function deployFeatureGroup(
  viewName: string,
  features: FeaturesConfig,
  parts: PlatformParts,
): pulumi.Output<string> {
  const { catalog } = features;
  const name = viewName.replace(/_/g, "-");
  const options = { provider: parts.awsProvider };
  const group = new FeatureStore(
    name,
    {
      ...featureStoreArgsOf(catalog, viewName),
      offlineBucketName: parts.lake.featuresBucketName,
      offlineBucketArn: parts.lake.featuresBucketArn,
      alarmTopicArn: parts.alerts.topicArn,
      forceDestroy: parts.forceDestroy,
      ...parts.common,
    },
    options,
  );
  return new FeatureMaterialization(
    name,
    {
      catalog,
      viewName,
      featureGroupName: group.featureGroupName,
      featureGroupArn: group.featureGroupArn,
      ...timesOf(features),
      ...zonesOf(parts),
    },
    options,
  ).functionName;
}
