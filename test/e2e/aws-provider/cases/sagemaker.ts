import {
  AddTagsCommand,
  DeleteEndpointCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelPackageGroupsCommand,
  ListModelsCommand,
  ListPipelinesCommand,
  SageMakerClient,
  SearchCommand,
} from "@aws-sdk/client-sagemaker";
import * as sagemaker from "@pulumi/aws/sagemaker";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";

const account = "123456789012";
const key = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`;
const image = `${account}.dkr.ecr.us-east-1.amazonaws.com/case/model:1`;

const features = [
  { featureName: "flight_id", featureType: "String" },
  { featureName: "event_time", featureType: "String" },
  { featureName: "Distance", featureType: "Fractional" },
];

export const sageMakerCase: ServiceCase = {
  service: "sagemaker",
  program(changed) {
    const roleArn = caseRoleArn("sagemaker", "sagemaker.amazonaws.com");
    new sagemaker.FeatureGroup("flights", {
      featureGroupName: "case-flights",
      recordIdentifierFeatureName: "flight_id",
      eventTimeFeatureName: "event_time",
      featureDefinitions: changed
        ? [...features, { featureName: "delay", featureType: "Fractional" }]
        : features,
      roleArn,
      offlineStoreConfig: { s3StorageConfig: { s3Uri: "s3://case-features/flights", kmsKeyId: key } },
      onlineStoreConfig: { enableOnlineStore: true, securityConfig: { kmsKeyId: key } },
      tags: { team: "ml" },
    });
    new sagemaker.FeatureGroup("habits", {
      featureGroupName: "case-habits",
      recordIdentifierFeatureName: "flight_id",
      eventTimeFeatureName: "event_time",
      featureDefinitions: features,
      roleArn,
      onlineStoreConfig: { enableOnlineStore: true, ttlDuration: { unit: "Days", value: changed ? 14 : 7 } },
      tags: { team: "ml" },
    });
    const group = new sagemaker.ModelPackageGroup("delays", {
      modelPackageGroupName: "case-delays",
      modelPackageGroupDescription: "Models of delays",
      tags: changed ? { stage: "b" } : { stage: "a" },
    });
    new sagemaker.ModelPackageGroupPolicy("shared", {
      modelPackageGroupName: group.modelPackageGroupName,
      resourcePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: changed ? "Second" : "First",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111122223333:root" },
            Action: "sagemaker:DescribeModelPackage",
            Resource: "*",
          },
        ],
      }),
    });
    const model = new sagemaker.Model("model", {
      executionRoleArn: roleArn,
      primaryContainer: {
        image,
        modelDataUrl: changed ? "s3://case-models/2/model.tar.gz" : "s3://case-models/1/model.tar.gz",
        environment: { MODEL_NAME: "delays", lower: "kept" },
      },
      vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] },
      enableNetworkIsolation: true,
      tags: { team: "ml" },
    });
    const configuration = new sagemaker.EndpointConfiguration("configuration", {
      productionVariants: [
        {
          variantName: "main",
          modelName: model.name,
          initialInstanceCount: 1,
          instanceType: "ml.m5.large",
          initialVariantWeight: 1,
        },
      ],
      dataCaptureConfig: {
        enableCapture: true,
        initialSamplingPercentage: 100,
        destinationS3Uri: "s3://case-captures/",
        captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
      },
      kmsKeyArn: key,
    });
    new sagemaker.Endpoint("endpoint", {
      name: "case-endpoint",
      endpointConfigName: configuration.name,
      tags: { team: "ml" },
    });
    new sagemaker.Pipeline("pipeline", {
      pipelineName: "case-pipeline",
      pipelineDisplayName: changed ? "Second" : "First",
      roleArn,
      pipelineDefinition: JSON.stringify({
        Version: "2020-12-01",
        Steps: [{ Name: "wait", Type: "Fail", Arguments: {} }],
      }),
    });
    new sagemaker.MlflowTrackingServer("tracking", {
      trackingServerName: "case-tracking",
      artifactStoreUri: "s3://case-artifacts/",
      roleArn,
      trackingServerSize: changed ? "Medium" : "Small",
    });
  },
  updated: [
    "aws:sagemaker/featureGroup:FeatureGroup habits",
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup delays",
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy shared",
    "aws:sagemaker/endpoint:Endpoint endpoint",
    "aws:sagemaker/pipeline:Pipeline pipeline",
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer tracking",
  ],
  replaced: [
    "aws:sagemaker/featureGroup:FeatureGroup flights",
    "aws:sagemaker/model:Model model",
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration configuration",
  ],
  async tamper({ aws }) {
    const client = new SageMakerClient(aws);
    await client.send(new DeleteEndpointCommand({ EndpointName: "case-endpoint" }));
    await client.send(
      new AddTagsCommand({
        ResourceArn: `arn:aws:sagemaker:us-east-1:${account}:feature-group/case-flights`,
        Tags: [{ Key: "team", Value: "someone else" }],
      }),
    );
  },
  repaired: ["aws:sagemaker/featureGroup:FeatureGroup flights"],
  recreated: ["aws:sagemaker/endpoint:Endpoint endpoint"],
  async leftovers({ aws }) {
    const client = new SageMakerClient(aws);
    return [
      ...((await client.send(new ListEndpointsCommand({}))).Endpoints ?? []),
      ...((await client.send(new ListEndpointConfigsCommand({}))).EndpointConfigs ?? []),
      ...((await client.send(new ListModelsCommand({}))).Models ?? []),
      ...((await client.send(new ListModelPackageGroupsCommand({}))).ModelPackageGroupSummaryList ?? []),
      ...((await client.send(new ListPipelinesCommand({}))).PipelineSummaries ?? []),
      ...((await client.send(new SearchCommand({ Resource: "FeatureGroup" }))).Results ?? []),
    ];
  },
};
