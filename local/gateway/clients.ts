import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EKSClient } from "@aws-sdk/client-eks";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SFNClient } from "@aws-sdk/client-sfn";

import type { GatewayConfiguration } from "./configuration";

/** The gateway's own way to the emulators, past its own port. */
export interface Clients {
  cloudWatch: CloudWatchClient;
  eks: EKSClient;
  events: EventBridgeClient;
  lambda: LambdaClient;
  logs: CloudWatchLogsClient;
  s3: S3Client;
  states: SFNClient;
}

/** Access key that both emulators take for the account's own. */
export const credentials = { accessKeyId: "test", secretAccessKey: "test" };

export function createClients(configuration: GatewayConfiguration): Clients {
  const common = { region: configuration.region, endpoint: configuration.ministackUrl, credentials };
  return {
    cloudWatch: new CloudWatchClient(common),
    eks: new EKSClient(common),
    events: new EventBridgeClient(common),
    lambda: new LambdaClient(common),
    logs: new CloudWatchLogsClient(common),
    s3: new S3Client({ ...common, forcePathStyle: true }),
    states: new SFNClient(common),
  };
}

/** SageMaker as callers see it: through the gateway, so that jobs run and events are sent. */
export function createSageMakerClient(region: string, gatewayUrl: string): SageMakerClient {
  return new SageMakerClient({ region, endpoint: gatewayUrl, credentials });
}

export function destroyClients(clients: Clients): void {
  for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
}
