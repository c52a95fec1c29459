import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs, defaultLogRetentionDays } from "../shared/common-args";
import { createServiceRole } from "../shared/service-role";
import { createNodeGroup, NodeGroupSpec } from "./node-group";

/** What shapes a created cluster. */
export interface ClusterSpec extends CommonArgs {
  kubernetesVersion?: pulumi.Input<string>;
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Physical name. EKS writes to the log group /aws/eks/<name>/cluster and makes one without retention and key when
   * there is none, so the name must be known before the cluster is made. */
  clusterName: string;
  nodeGroup?: NodeGroupSpec;
  publicAccessCidrBlocks?: pulumi.Input<string>[];
  addOnVersions?: Record<string, string>;
  forceDestroy?: boolean;
}

/** A cluster, and what must run before pods can. */
export interface ClusterParts {
  cluster: aws.eks.Cluster;
  nodes: pulumi.Resource[];
}

const controlPlanePolicies = ["AmazonEKSClusterPolicy"];
const autoModePolicies = [
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];
const autoModeNodePolicies = ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy"];

/** Creates the control plane, with Auto Mode or with a node group. */
export function createCluster(name: string, spec: ClusterSpec, parent: pulumi.Resource): ClusterParts {
  const autoMode = spec.nodeGroup === undefined;
  const { role, managedPolicies } = createServiceRole(
    `${name}-control-plane`,
    {
      service: "eks.amazonaws.com",
      trustActions: ["sts:TagSession"],
      statements: [],
      managedPolicies: [...controlPlanePolicies, ...(autoMode ? autoModePolicies : [])],
    },
    spec,
    parent,
  );
  const logGroup = createControlPlaneLogGroup(name, spec, parent);
  const autoModeParts = autoMode ? createAutoModeSettings(name, spec, parent) : undefined;
  const cluster = new aws.eks.Cluster(
    name,
    {
      ...controlPlane(spec),
      roleArn: role.arn,
      ...(autoModeParts?.settings ?? {}),
    },
    {
      parent,
      dependsOn: [logGroup, ...managedPolicies, ...(autoModeParts?.dependencies ?? [])],
      // The name is fixed, so a new cluster cannot stand beside the old one.
      deleteBeforeReplace: true,
      // Protected but not retained: a cluster holds no data, and one without its roles and nodes is of no use.
      ...(spec.forceDestroy ? {} : { protect: true }),
    },
  );
  const nodes =
    spec.nodeGroup === undefined ? [] : [createNodeGroup(name, cluster, spec.nodeGroup, spec, parent)];
  return { cluster, nodes };
}

function createControlPlaneLogGroup(
  name: string,
  spec: ClusterSpec,
  parent: pulumi.Resource,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    `${name}-control-plane`,
    {
      name: `/aws/eks/${spec.clusterName}/cluster`,
      retentionInDays: spec.logRetentionDays ?? defaultLogRetentionDays,
      kmsKeyId: spec.kmsKeyArn,
      tags: spec.tags,
    },
    { parent, deleteBeforeReplace: true },
  );
}

function controlPlane(spec: ClusterSpec): Omit<aws.eks.ClusterArgs, "roleArn"> {
  const publicAccessCidrs = spec.publicAccessCidrBlocks ?? [];
  return {
    name: spec.clusterName,
    version: spec.kubernetesVersion,
    // Extended support costs six times as much and would begin unasked.
    upgradePolicy: { supportType: "STANDARD" },
    vpcConfig: {
      subnetIds: spec.subnetIds ?? [],
      endpointPrivateAccess: true,
      endpointPublicAccess: publicAccessCidrs.length > 0,
      ...(publicAccessCidrs.length > 0 ? { publicAccessCidrs } : {}),
    },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    bootstrapSelfManagedAddons: false,
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    ...(spec.kmsKeyArn === undefined
      ? {}
      : { encryptionConfig: { resources: ["secrets"], provider: { keyArn: spec.kmsKeyArn } } }),
    deletionProtection: spec.forceDestroy !== true,
    tags: spec.tags,
  };
}

interface AutoModeParts {
  settings: Pick<aws.eks.ClusterArgs, "computeConfig" | "kubernetesNetworkConfig" | "storageConfig">;
  dependencies: pulumi.Resource[];
}

/** EKS brings nodes, load balancers and volumes by itself; the three can only be switched on together. */
function createAutoModeSettings(name: string, spec: ClusterSpec, parent: pulumi.Resource): AutoModeParts {
  const { role, managedPolicies } = createServiceRole(
    `${name}-nodes`,
    { service: "ec2.amazonaws.com", statements: [], managedPolicies: autoModeNodePolicies },
    spec,
    parent,
  );
  return {
    settings: {
      computeConfig: { enabled: true, nodePools: ["general-purpose", "system"], nodeRoleArn: role.arn },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
    },
    dependencies: managedPolicies,
  };
}
