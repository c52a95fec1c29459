import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
  AlertTopic,
  CommonArgs,
  DataLake,
  EncryptionKey,
  ExperimentTracking,
  LineageStore,
  ModelRegistry,
  Network,
  ServingCluster,
} from "../components";
import { PlatformConfig } from "./platform-config";
import { deployContracts, deployDataset } from "./datasets";
import { deployFeatures } from "./features";
import { deployModel } from "./model";
import { ModelOutputs, PlatformOutputs } from "./outputs";
import { PlatformParts } from "./parts";
import { deploySource } from "./sources";

/**
 * Refuses credentials of another account than the configuration's before anything is created.
 * @throws Error that names both accounts
 */
export async function guardAccount(config: PlatformConfig): Promise<void> {
  // The default provider has no region where the shell names none.
  const provider = new aws.Provider("account-guard", { region: config.region as aws.Region });
  const { accountId } = await aws.getCallerIdentity({}, { provider });
  if (accountId !== config.accountId) {
    throw new Error(
      `mlops:platform.accountId is ${config.accountId}, but the credentials belong to the account ${accountId}; ` +
        `use the credentials of ${config.environment}. Nothing was created.`,
    );
  }
}

/** Composes the whole platform of one environment. */
export function deployPlatform(config: PlatformConfig): PlatformOutputsOf {
  const parts = deployShared(config);
  deployContracts(parts);
  const datasets = config.datasets.map((each) => [each.dataset, deployDataset(each, parts)] as const);
  const sources = config.sources.map((source) => [source.name, deploySource(source, parts)] as const);
  const features = deployFeatures(config.features, parts);
  const models = config.models.map((model) => [model.name, deployModel(model, parts)] as const);
  const lineage = deployLineage(
    models.map(([, model]) => model),
    parts,
  );
  return {
    rawBucketName: parts.lake.rawBucketName,
    curatedBucketName: parts.lake.curatedBucketName,
    quarantineBucketName: parts.lake.quarantineBucketName,
    capturesBucketName: parts.lake.capturesBucketName,
    featuresBucketName: parts.lake.featuresBucketName,
    databaseName: parts.lake.databaseName,
    workgroupName: parts.lake.workgroupName,
    registryBucketName: parts.registry.bucketName,
    clusterName: parts.cluster.clusterName,
    alertTopicArn: parts.alerts.topicArn,
    lineageFunctionName: lineage.functionName,
    datasets: pulumi.output(Object.fromEntries(datasets)),
    sources: pulumi.output(Object.fromEntries(sources)),
    features,
    models: pulumi.output(Object.fromEntries(models)),
  };
}

type PlatformOutputsOf = {
  [Name in keyof PlatformOutputs]: pulumi.Output<PlatformOutputs[Name]>;
};

function deployShared(config: PlatformConfig): PlatformParts {
  const awsProvider = new aws.Provider("aws", {
    region: config.region as aws.Region,
    allowedAccountIds: [config.accountId],
  });
  const options = { provider: awsProvider };
  const forceDestroy = config.allowDataLoss && config.forceDestroyData;
  const base: CommonArgs = {
    tags: tagsOf(config),
    permissionsBoundaryArn: config.permissionsBoundaryArn,
    logRetentionDays: config.logRetentionDays,
  };
  const { keyArn, deletionWindowDays } = config.encryption;
  const key = new EncryptionKey(
    "key",
    keyArn === undefined
      ? { deletionWindowDays, forceDestroy, ...base }
      : { existingKeyArn: keyArn, ...base },
    options,
  );
  const common: CommonArgs = { ...base, kmsKeyArn: key.keyArn };
  const network = deployNetwork(config, common, options);
  const lake = new DataLake("lake", { forceDestroy, ...common }, options);
  const alerts = new AlertTopic("alerts", { emailAddresses: config.alertEmails, ...common }, options);
  const registry = new ModelRegistry(
    "registry",
    {
      modelNames: config.models.map(({ name }) => name),
      accessLogBucketName: lake.accessLogBucketName,
      objectLockDays: config.registryLockDays,
      forceDestroy,
      ...common,
    },
    options,
  );
  deployExperiments(config, lake, forceDestroy, common, options);
  const cluster = deployCluster(config, network, common, options);
  const kubernetesProvider = new kubernetes.Provider("cluster", { kubeconfig: cluster.kubeconfig });
  if (config.cluster.name === undefined) enforceNetworkPolicies(kubernetesProvider);
  return {
    config,
    common,
    forceDestroy,
    awsProvider,
    kubernetesProvider,
    network,
    lake,
    registry,
    cluster,
    alerts,
  };
}

/** Tags on every resource; the first three are what cost reports are cut by. */
function tagsOf(config: PlatformConfig): Record<string, string> {
  return {
    owner: config.owner,
    environment: config.environment,
    "cost-center": config.costCenter,
    project: pulumi.getProject(),
  };
}

function deployNetwork(
  { network, region }: PlatformConfig,
  common: CommonArgs,
  options: pulumi.ComponentResourceOptions,
): Network {
  if (network.vpcId !== undefined) {
    return new Network(
      "network",
      { existingVpcId: network.vpcId, existingPrivateSubnetIds: network.privateSubnetIds, ...common },
      options,
    );
  }
  return new Network(
    "network",
    {
      cidrBlock: network.cidrBlock,
      // Named zones: counting on the region's list would let a new zone of AWS change the network.
      availabilityZoneNames: ["a", "b", "c", "d"]
        .slice(0, network.availabilityZoneCount)
        .map((zone) => region + zone),
      natGatewayStrategy: network.natGateways,
      ...common,
    },
    options,
  );
}

/** Every step that data and models take, from the delivered file to the deployed version. */
function deployLineage(
  models: pulumi.Output<ModelOutputs>[],
  { config, lake, alerts, forceDestroy, common, awsProvider }: PlatformParts,
): LineageStore {
  const { endpointUrl, endpointSecretArn } = config.lineage;
  return new LineageStore(
    "lineage",
    {
      bucketName: lake.curatedBucketName,
      bucketArn: lake.curatedBucketArn,
      databaseName: lake.databaseName,
      trainingStateMachineArns: models.map(({ stateMachineArn }) => stateMachineArn),
      modelPackageGroupNames: models.map(({ modelPackageGroupName }) => modelPackageGroupName),
      endpointUrl,
      endpointSecretArn,
      alarmTopicArn: alerts.topicArn,
      forceDestroy,
      ...common,
    },
    { provider: awsProvider },
  );
}

function deployExperiments(
  { experiments }: PlatformConfig,
  lake: DataLake,
  forceDestroy: boolean,
  common: CommonArgs,
  options: pulumi.ComponentResourceOptions,
): void {
  if (!experiments.enabled) return;
  const { trackingServerArn } = experiments;
  new ExperimentTracking(
    "experiments",
    trackingServerArn === undefined
      ? { accessLogBucketName: lake.accessLogBucketName, forceDestroy, ...common }
      : { existingTrackingServerArn: trackingServerArn, ...common },
    options,
  );
}

function deployCluster(
  { cluster, allowDataLoss, forceDestroyData }: PlatformConfig,
  network: Network,
  common: CommonArgs,
  options: pulumi.ComponentResourceOptions,
): ServingCluster {
  return new ServingCluster(
    "cluster",
    cluster.name === undefined
      ? {
          kubernetesVersion: cluster.version,
          subnetIds: network.privateSubnetIds,
          publicAccessCidrBlocks: cluster.publicAccessCidrs,
          forceDestroy: allowDataLoss && forceDestroyData,
          ...common,
        }
      : { existingClusterName: cluster.name, ...common },
    options,
  );
}

/** EKS Auto Mode enforces NetworkPolicies only when this is set: https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html */
function enforceNetworkPolicies(provider: kubernetes.Provider): void {
  new kubernetes.core.v1.ConfigMap(
    "network-policies",
    {
      metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
      data: { "enable-network-policy-controller": "true" },
    },
    { provider },
  );
}
