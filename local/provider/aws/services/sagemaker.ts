import type { HandlerContext, Properties, ResourceHandler } from "../framework/types";
import { endpoint, endpointConfiguration } from "./sagemaker/endpoint";
import { featureGroup } from "./sagemaker/feature-group";
import { model } from "./sagemaker/model";
import { modelPackageGroup, modelPackageGroupPolicy } from "./sagemaker/model-package-group";
import { pipeline } from "./sagemaker/pipeline";
import { recorded } from "./support/recorded";

/** Recorded types: token after `aws:sagemaker/`, the resource's word in an ARN, the input with its name. */
const withoutEmulator: { token: string; word: string; name: string; because: string }[] = [
  {
    token: "mlflowTrackingServer:MlflowTrackingServer",
    word: "mlflow-tracking-server",
    name: "trackingServerName",
    because: "no emulator runs managed MLflow",
  },
  {
    token: "monitoringSchedule:MonitoringSchedule",
    word: "monitoring-schedule",
    name: "name",
    because: "no emulator has monitoring schedules of SageMaker",
  },
  {
    token: "dataQualityJobDefinition:DataQualityJobDefinition",
    word: "data-quality-job-definition",
    name: "name",
    because: "no emulator runs jobs of SageMaker Model Monitor",
  },
  { token: "domain:Domain", word: "domain", name: "domainName", because: "no emulator has SageMaker Studio" },
  {
    token: "userProfile:UserProfile",
    word: "user-profile",
    name: "userProfileName",
    because: "no emulator has SageMaker Studio",
  },
];

function madeUpOutputs(word: string, name: string) {
  return async (id: string, inputs: Properties, context: HandlerContext): Promise<Properties> => ({
    arn: `arn:aws:sagemaker:${context.region}:${await context.accountId()}:${word}/${String(inputs[name] ?? id)}`,
  });
}

export const resources: ResourceHandler[] = [
  featureGroup,
  modelPackageGroup,
  modelPackageGroupPolicy,
  model,
  endpointConfiguration,
  endpoint,
  pipeline,
  ...withoutEmulator.map(({ token, word, name, because }) =>
    recorded(`aws:sagemaker/${token}`, because, madeUpOutputs(word, name), true),
  ),
];
