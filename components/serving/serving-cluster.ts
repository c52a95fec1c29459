import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { createCluster } from "./cluster";
import { createAccessEntries, createAddOns } from "./cluster-access";
import { physicalName } from "../shared/physical-name";
import { checkServingCluster } from "./cluster-checks";
import { renderKubeconfig } from "./kubeconfig";

/** Nodes that the component runs itself, instead of EKS Auto Mode. */
export interface ClusterNodeGroup {
  /** EC2 instance types, all of the same size. */
  instanceTypes: pulumi.Input<pulumi.Input<string>[]>;
  /** Smallest number of nodes. */
  minimumSize: pulumi.Input<number>;
  /** Largest number of nodes. */
  maximumSize: pulumi.Input<number>;
  /** Gigabytes of each node's disk. @default 50 */
  diskSizeGigabytes?: pulumi.Input<number>;
}

/** Arguments of {@link ServingCluster}. Values that decide which resources exist must be plain, not outputs. */
export interface ServingClusterArgs extends CommonArgs {
  /** Name of an EKS cluster to use; nothing is created then. @default a cluster is created */
  existingClusterName?: pulumi.Input<string>;
  /** Kubernetes version of the created cluster, for example `1.34`; required then, so that no upgrade comes unasked. */
  kubernetesVersion?: pulumi.Input<string>;
  /** Ids of private subnets in at least two zones; required for a created cluster. */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Physical name of the created cluster, at most 100 characters. @default stack and component name */
  clusterName?: string;
  /** Nodes of one's own. @default EKS Auto Mode, which brings nodes as pods need them */
  nodeGroup?: ClusterNodeGroup;
  /** CIDR blocks that reach the API server from the internet. @default none: it is reached inside the VPC only */
  publicAccessCidrBlocks?: pulumi.Input<string>[];
  /** IAM principals that administer the cluster: their ARNs under names of your choice. @default whoever creates it */
  administrators?: Record<string, pulumi.Input<string>>;
  /** Versions of EKS add-ons by name, for example `{"metrics-server": "v0.8.0-eksbuild.1"}`. @default EKS's default for the Kubernetes version */
  addOnVersions?: Record<string, string>;
  /** Whether the cluster may be deleted; if not, it is protected, here and in EKS. @default false */
  forceDestroy?: boolean;
}

/**
 * The EKS cluster that serves models, or an existing one. Auto Mode enforces network policies once the ConfigMap
 * `amazon-vpc-cni` in `kube-system` holds `enable-network-policy-controller: "true"`; a node group of this component
 * enforces them from the start.
 */
export class ServingCluster extends pulumi.ComponentResource {
  /** Name of the cluster. */
  public readonly clusterName: pulumi.Output<string>;
  /** ARN of the cluster. */
  public readonly clusterArn: pulumi.Output<string>;
  /** URL of the API server. */
  public readonly endpoint: pulumi.Output<string>;
  /** Certificate authority of the API server, PEM in base64. */
  public readonly certificateAuthorityData: pulumi.Output<string>;
  /** Security group that reaches the API server inside the VPC; empty where there is none. */
  public readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** URL of the cluster's OpenID Connect issuer; empty where there is none. */
  public readonly oidcIssuer: pulumi.Output<string>;
  /** Kubeconfig (JSON) that signs in with the AWS CLI; a secret. */
  public readonly kubeconfig: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: ServingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    checkServingCluster(args);
    const clusterName = args.clusterName ?? physicalName(name, 100, "clusterName");
    super("mlops:index:ServingCluster", name, args, opts);
    const facts =
      args.existingClusterName === undefined
        ? createdCluster(name, clusterName, args, this)
        : existingCluster(args.existingClusterName, this);
    this.clusterName = facts.name;
    this.clusterArn = facts.arn;
    this.endpoint = facts.endpoint;
    this.certificateAuthorityData = facts.certificateAuthorityData;
    this.clusterSecurityGroupId = facts.securityGroupId;
    this.oidcIssuer = facts.oidcIssuer;
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([
          facts.name,
          facts.endpoint,
          facts.certificateAuthorityData,
          aws.getRegionOutput({}, { parent: this }).region,
        ])
        .apply(([clusterName, endpoint, certificateAuthorityData, region]) =>
          renderKubeconfig({ clusterName, endpoint, certificateAuthorityData, region }),
        ),
    );
    this.registerOutputs({
      clusterName: this.clusterName,
      clusterArn: this.clusterArn,
      endpoint: this.endpoint,
      certificateAuthorityData: this.certificateAuthorityData,
      clusterSecurityGroupId: this.clusterSecurityGroupId,
      oidcIssuer: this.oidcIssuer,
      kubeconfig: this.kubeconfig,
    });
  }
}

interface ClusterFacts {
  name: pulumi.Output<string>;
  arn: pulumi.Output<string>;
  endpoint: pulumi.Output<string>;
  certificateAuthorityData: pulumi.Output<string>;
  securityGroupId: pulumi.Output<string>;
  oidcIssuer: pulumi.Output<string>;
}

interface Identity {
  oidcs?: { issuer?: string }[];
}

/** The issuer among the identities of a cluster; an emulated cluster has none. */
function issuerOf(identities: Identity[] | undefined): string {
  return identities?.[0]?.oidcs?.[0]?.issuer ?? "";
}

function createdCluster(
  name: string,
  clusterName: string,
  args: ServingClusterArgs,
  parent: pulumi.Resource,
): ClusterFacts {
  const { cluster, nodes } = createCluster(name, { ...args, clusterName }, parent);
  createAddOns(name, cluster, nodes, args, parent);
  createAccessEntries(name, cluster, args, parent);
  return {
    name: cluster.name,
    arn: cluster.arn,
    endpoint: cluster.endpoint,
    certificateAuthorityData: cluster.certificateAuthority.data.apply((data) => data ?? ""),
    securityGroupId: cluster.vpcConfig.apply((vpc) => vpc.clusterSecurityGroupId ?? ""),
    oidcIssuer: cluster.identities.apply(issuerOf),
  };
}

function existingCluster(name: pulumi.Input<string>, parent: pulumi.Resource): ClusterFacts {
  const cluster = aws.eks.getClusterOutput({ name }, { parent });
  return {
    name: cluster.name,
    arn: cluster.arn,
    endpoint: cluster.endpoint,
    certificateAuthorityData: cluster.certificateAuthorities.apply(
      (authorities) => authorities[0]?.data ?? "",
    ),
    securityGroupId: cluster.vpcConfig.apply((vpc) => vpc?.clusterSecurityGroupId ?? ""),
    oidcIssuer: cluster.identities.apply(issuerOf),
  };
}
