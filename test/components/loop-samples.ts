import { ColumnType, DataContract } from "../../components/contracts/data-contract";

const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

export const contract: DataContract = {
  dataset: "flights",
  version: "1",
  columns: [{ name: "id", type: ColumnType.String }],
};

export const dataValidatorArgs = {
  contract: JSON.stringify(contract),
  rawBucketName: "raw",
  rawBucketArn: "arn:aws:s3:::raw",
  curatedBucketName: "curated",
  curatedBucketArn: "arn:aws:s3:::curated",
  quarantineBucketName: "quarantine",
  quarantineBucketArn: "arn:aws:s3:::quarantine",
};

export const modelMonitorArgs = {
  environment: "test",
  modelName: "delays",
  championParameterName: "/mlops/test/delays/champion",
  capturesBucketName: "captures",
  capturesBucketArn: "arn:aws:s3:::captures",
  registryBucketArn: "arn:aws:s3:::registry",
};

export const trainingPipelineArgs = {
  modelName: "delays",
  registryBucketName: "registry",
  registryBucketArn: "arn:aws:s3:::registry",
  curatedBucketArn: "arn:aws:s3:::curated",
  modelPackageGroupName: "test-delays",
  modelPackageGroupArn: arn("sagemaker", "model-package-group/test-delays"),
  trainingImage: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/training@sha256:1",
  sourceUri: "s3://registry/delays/source",
  championParameterName: "/mlops/test/delays/champion",
};

export const retrainingControllerArgs = {
  modelName: "delays",
  stateMachineArn: arn("states", "stateMachine:delays"),
  dataUri: "s3://curated/flights/",
  driftAlarmArn: arn("cloudwatch", "alarm:delays-drift"),
};

export const modelPromotionArgs = {
  environment: "test",
  modelName: "delays",
  modelPackageGroupName: "test-delays",
  modelPackageGroupArn: arn("sagemaker", "model-package-group/test-delays"),
  clusterName: "serving",
  clusterArn: arn("eks", "cluster/serving"),
  namespaceName: "models",
  deploymentName: "delays",
};
