import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";

import { ModelOutputs, PlatformOutputs } from "../../stacks/outputs";
import { Sandbox, SandboxError } from "../sandbox";

/** Model of the local environment that the demo drives, and its data set. */
export const demoModel = "flight-delays";
export const demoDataset = "flights";

/** What every step of the demo works with. */
export interface DemoContext {
  sandbox: Sandbox;
  outputs: PlatformOutputs;
  model: ModelOutputs;
  clients: DemoClients;
  /** Folder for the demo's files. */
  folder: string;
  /** Folder of this run's files in every zone; a file that is delivered again under its old name is no news. */
  delivery: string;
  /** Python interpreter with scikit-learn. */
  python: string;
  /** Prints what a step saw. */
  say: (line: string) => void;
}

/** Clients of the sandbox's endpoint and of its API server. */
export interface DemoClients {
  s3: S3Client;
  lambda: LambdaClient;
  sfn: SFNClient;
  sagemaker: SageMakerClient;
  ssm: SSMClient;
  cloudwatch: CloudWatchClient;
  dynamodb: DynamoDBClient;
  apps: AppsV1Api;
}

/** Opens clients that talk to the sandbox and to nothing else. */
export function openClients(sandbox: Sandbox): DemoClients {
  const settings = {
    endpoint: sandbox.gatewayUrl,
    region: sandbox.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(sandbox.paths.kubeconfig);
  return {
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    lambda: new LambdaClient(settings),
    sfn: new SFNClient(settings),
    sagemaker: new SageMakerClient(settings),
    ssm: new SSMClient(settings),
    cloudwatch: new CloudWatchClient(settings),
    dynamodb: new DynamoDBClient(settings),
    apps: kubeConfig.makeApiClient(AppsV1Api),
  };
}

/** The outputs of the local stack, as far as the demo needs them. */
export function readOutputs(outputs: Record<string, unknown>): {
  outputs: PlatformOutputs;
  model: ModelOutputs;
} {
  const platform = outputs as unknown as PlatformOutputs;
  const model = platform.models?.[demoModel];
  if (model === undefined) {
    throw new SandboxError(
      `The stack has no model "${demoModel}"; the demo needs Pulumi.local.yaml as it came, or run "npm run local -- up" first.`,
    );
  }
  return { outputs: platform, model };
}
