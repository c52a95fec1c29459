import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";

import type { AlertTopic, CommonArgs, DataLake, ModelRegistry, Network, ServingCluster } from "../components";
import type { PlatformConfig } from "./platform-config";

/** The parts that all models of an environment share. */
export interface PlatformParts {
  config: PlatformConfig;
  /** Tags, boundary, key and log retention for every component. */
  common: CommonArgs;
  /** Whether data may be deleted with the stack; both keys of the configuration are turned. */
  forceDestroy: boolean;
  awsProvider: aws.Provider;
  kubernetesProvider: kubernetes.Provider;
  network: Network;
  lake: DataLake;
  registry: ModelRegistry;
  cluster: ServingCluster;
  alerts: AlertTopic;
}
