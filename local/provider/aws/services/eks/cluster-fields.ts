import type { Cluster, CreateClusterCommandInput } from "@aws-sdk/client-eks";
import type * as aws from "@pulumi/aws";
import type { Plain, Properties } from "../../framework/types";
import { overlay } from "../support/casing";
import { contains } from "../support/contains";

export type ClusterInputs = Plain<aws.eks.ClusterArgs>;

/** Settings that the API writes exactly as the program does. */
const sameInBoth = [
  "accessConfig",
  "computeConfig",
  "controlPlaneScalingConfig",
  "deletionProtection",
  "kubernetesNetworkConfig",
  "storageConfig",
  "upgradePolicy",
  "zonalShiftConfig",
] as const;

/** Requests for `UpdateClusterConfig`, one for each setting, for it takes one kind of change at a time. */
export function updateRequests(olds: Properties, news: ClusterInputs): Partial<CreateClusterCommandInput>[] {
  const changed = (name: keyof ClusterInputs) => !contains(olds[name], news[name]);
  const requests: Partial<CreateClusterCommandInput>[] = [];
  if (changed("vpcConfig")) requests.push({ resourcesVpcConfig: vpcConfig(news) });
  if (!contains(olds.enabledClusterLogTypes ?? [], news.enabledClusterLogTypes ?? []))
    requests.push({ logging: logging(news) });
  // Auto Mode is one change in three settings.
  const auto = (["computeConfig", "kubernetesNetworkConfig", "storageConfig"] as const).filter(changed);
  if (auto.length > 0) requests.push(pick(news, auto));
  for (const name of ["accessConfig", "upgradePolicy", "zonalShiftConfig", "deletionProtection"] as const) {
    if (changed(name)) requests.push(pick(news, [name]));
  }
  return requests;
}

function pick(
  inputs: ClusterInputs,
  names: readonly (keyof ClusterInputs)[],
): Partial<CreateClusterCommandInput> {
  return Object.fromEntries(names.map((name) => [name, inputs[name]])) as Partial<CreateClusterCommandInput>;
}

const allLogTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

function logging(inputs: ClusterInputs): CreateClusterCommandInput["logging"] {
  const enabled = allLogTypes.filter((type) => inputs.enabledClusterLogTypes?.includes(type));
  const disabled = allLogTypes.filter((type) => !enabled.includes(type));
  return {
    clusterLogging: [
      { types: enabled, enabled: true },
      { types: disabled, enabled: false },
    ].filter(({ types }) => types.length > 0),
  };
}

function vpcConfig({ vpcConfig: given }: ClusterInputs): CreateClusterCommandInput["resourcesVpcConfig"] {
  return {
    subnetIds: given.subnetIds,
    securityGroupIds: given.securityGroupIds,
    endpointPrivateAccess: given.endpointPrivateAccess,
    endpointPublicAccess: given.endpointPublicAccess,
    publicAccessCidrs: given.publicAccessCidrs,
  };
}

/** The inputs as `CreateCluster` takes them. */
export function createRequest(inputs: ClusterInputs): CreateClusterCommandInput {
  const { encryptionConfig } = inputs;
  return {
    ...pick(inputs, sameInBoth),
    name: inputs.name,
    roleArn: inputs.roleArn,
    version: inputs.version,
    resourcesVpcConfig: vpcConfig(inputs),
    logging: logging(inputs),
    encryptionConfig: encryptionConfig && [
      { resources: encryptionConfig.resources, provider: { keyArn: encryptionConfig.provider.keyArn } },
    ],
    bootstrapSelfManagedAddons: inputs.bootstrapSelfManagedAddons,
    tags: inputs.tags,
  };
}

function enabledLogTypes(cluster: Cluster): string[] {
  const enabled = (cluster.logging?.clusterLogging ?? []).filter((setup) => setup.enabled);
  return enabled.flatMap((setup) => setup.types ?? []);
}

/**
 * A cluster as AWS answers, in the program's words. An emulator answers some structures in part or not at all; what it does not
 * answer keeps the last known value.
 */
export function clusterProperties(cluster: Cluster, known: Properties): Properties {
  const answers = cluster as unknown as Record<string, object | undefined>;
  const [encryption] = cluster.encryptionConfig ?? [];
  return {
    ...Object.fromEntries(
      sameInBoth
        .filter((name) => typeof answers[name] === "object")
        .map((name) => [name, overlay(known[name] as object | undefined, answers[name])]),
    ),
    ...(cluster.deletionProtection === undefined ? {} : { deletionProtection: cluster.deletionProtection }),
    name: cluster.name,
    arn: cluster.arn,
    roleArn: cluster.roleArn,
    version: cluster.version,
    platformVersion: cluster.platformVersion,
    status: cluster.status,
    endpoint: cluster.endpoint,
    createdAt: cluster.createdAt?.toISOString(),
    certificateAuthority: { data: cluster.certificateAuthority?.data ?? "" },
    identities: [{ oidcs: [{ issuer: cluster.identity?.oidc?.issuer ?? "" }] }],
    vpcConfig: overlay(known.vpcConfig as object | undefined, cluster.resourcesVpcConfig),
    enabledClusterLogTypes: enabledLogTypes(cluster),
    encryptionConfig: encryption && {
      resources: encryption.resources,
      provider: { keyArn: encryption.provider?.keyArn },
    },
  };
}
