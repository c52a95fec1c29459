import * as pulumi from "@pulumi/pulumi";

import {
  AlertTopic,
  ContractRegistry,
  BatchFeatures,
  DataLake,
  DataValidator,
  EncryptionKey,
  ExperimentTracking,
  FeastFeatureStore,
  FeatureMaterialization,
  FeatureStore,
  FeatureType,
  GlueDataQuality,
  ModelDeployment,
  ModelMonitor,
  ModelPromotion,
  ModelRegistry,
  Network,
  RetrainingController,
  ServingCluster,
  TrainingPipeline,
  TrainingSets,
} from "../../components";
import type { CommonArgs } from "../../components/shared/common-args";
import {
  dataValidatorArgs,
  modelMonitorArgs,
  modelPromotionArgs,
  retrainingControllerArgs,
  trainingPipelineArgs,
} from "./loop-samples";
import { captureSamples } from "./capture-samples";
import { ingestionSamples } from "./ingestion-samples";
import { lakeSamples } from "./lake-samples";
import { contractRegistryArgs, glueDataQualityArgs } from "./quality-samples";
import { feastFeatureStoreArgs, featureMaterializationArgs, trainingSetsArgs } from "./feature-samples";
import { batchFeaturesArgs } from "./spark-samples";

/** What a sample takes beyond its own arguments. */
export interface SampleArgs extends CommonArgs {
  forceDestroy?: boolean;
}

/** A component with its required arguments, and what the caller adds. */
export interface Sample {
  component: string;
  create(common: SampleArgs, opts?: pulumi.ComponentResourceOptions): pulumi.ComponentResource;
}

export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`;

/** Every component of the library in its created form, with the fewest arguments. */
export const samples: Sample[] = [
  { component: "EncryptionKey", create: (common, opts) => new EncryptionKey("sample", common, opts) },
  { component: "Network", create: (common, opts) => new Network("sample", common, opts) },
  { component: "DataLake", create: (common, opts) => new DataLake("sample", common, opts) },
  {
    component: "FeatureStore",
    create: (common, opts) => new FeatureStore("sample", { ...common, ...featureStoreArgs }, opts),
  },
  {
    component: "ExperimentTracking",
    create: (common, opts) =>
      new ExperimentTracking("sample", { ...common, accessLogBucketName: "access-logs" }, opts),
  },
  {
    component: "ModelRegistry",
    create: (common, opts) =>
      new ModelRegistry(
        "sample",
        { ...common, modelNames: ["delays", "fraud"], accessLogBucketName: "access-logs" },
        opts,
      ),
  },
  {
    component: "ServingCluster",
    create: (common, opts) =>
      new ServingCluster(
        "sample",
        {
          ...common,
          kubernetesVersion: "1.34",
          subnetIds: ["subnet-1", "subnet-2"],
          administrators: { operators: "arn:aws:iam::123456789012:role/operators" },
        },
        opts,
      ),
  },
  {
    component: "ServingCluster with a node group",
    create: (common, opts) =>
      new ServingCluster(
        "sample",
        {
          ...common,
          kubernetesVersion: "1.34",
          subnetIds: ["subnet-1", "subnet-2"],
          nodeGroup: { instanceTypes: ["m7i.large"], minimumSize: 2, maximumSize: 6 },
        },
        opts,
      ),
  },
  {
    component: "ModelDeployment",
    create: (common, opts) => new ModelDeployment("sample", { ...common, ...modelDeploymentArgs }, opts),
  },
  {
    component: "DataValidator",
    create: (common, opts) => new DataValidator("sample", { ...common, ...dataValidatorArgs }, opts),
  },
  {
    component: "ContractRegistry",
    create: (common, opts) => new ContractRegistry("sample", { ...common, ...contractRegistryArgs }, opts),
  },
  {
    component: "GlueDataQuality",
    create: (common, opts) => new GlueDataQuality("sample", { ...common, ...glueDataQualityArgs }, opts),
  },
  ...ingestionSamples,
  ...captureSamples,
  ...lakeSamples,
  { component: "AlertTopic", create: (common, opts) => new AlertTopic("sample", common, opts) },
  {
    component: "ModelMonitor",
    create: (common, opts) => new ModelMonitor("sample", { ...common, ...modelMonitorArgs }, opts),
  },
  {
    component: "TrainingPipeline",
    create: (common, opts) => new TrainingPipeline("sample", { ...common, ...trainingPipelineArgs }, opts),
  },
  {
    component: "RetrainingController",
    create: (common, opts) =>
      new RetrainingController("sample", { ...common, ...retrainingControllerArgs }, opts),
  },
  {
    component: "ModelPromotion",
    create: (common, opts) => new ModelPromotion("sample", { ...common, ...modelPromotionArgs }, opts),
  },
  {
    component: "FeastFeatureStore",
    create: (common, opts) => new FeastFeatureStore("sample", { ...common, ...feastFeatureStoreArgs }, opts),
  },
  {
    component: "FeatureMaterialization",
    create: (common, opts) =>
      new FeatureMaterialization("sample", { ...common, ...featureMaterializationArgs }, opts),
  },
  {
    component: "TrainingSets",
    create: (common, opts) => new TrainingSets("sample", { ...common, ...trainingSetsArgs }, opts),
  },
  {
    component: "BatchFeatures",
    create: (common, opts) => new BatchFeatures("sample", { ...common, ...batchFeaturesArgs }, opts),
  },
];

export const featureStoreArgs = {
  features: [
    { name: "flight_id", type: FeatureType.String },
    { name: "departed_at", type: FeatureType.String },
    { name: "delay_minutes", type: FeatureType.Fractional },
  ],
  recordIdentifierName: "flight_id",
  eventTimeName: "departed_at",
  offlineBucketName: "features",
  offlineBucketArn: bucketArn("features"),
};

export const modelDeploymentArgs = {
  modelName: "flight-delays",
  image: "123456789012.dkr.ecr.eu-west-1.test/delays@sha256:0000",
  clusterName: "serving",
  registryBucketArn: bucketArn("models"),
  capturesBucketName: "captures",
  capturesBucketArn: bucketArn("captures"),
};
