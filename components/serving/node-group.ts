import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { createServiceRole } from "../shared/service-role";

/** Sizes of a node group. */
export interface NodeGroupSpec {
  instanceTypes: pulumi.Input<pulumi.Input<string>[]>;
  minimumSize: pulumi.Input<number>;
  maximumSize: pulumi.Input<number>;
  diskSizeGigabytes?: pulumi.Input<number>;
}

/** What the nodes share with their cluster. */
export interface NodeGroupPlace extends CommonArgs {
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  addOnVersions?: Record<string, string>;
}

const nodePolicies = [
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
];

/** Creates nodes with an encrypted disk and an instance metadata service that pods cannot reach. */
export function createNodeGroup(
  name: string,
  cluster: aws.eks.Cluster,
  spec: NodeGroupSpec,
  common: NodeGroupPlace,
  parent: pulumi.Resource,
): aws.eks.NodeGroup {
  const { role, managedPolicies } = createServiceRole(
    `${name}-nodes`,
    { service: "ec2.amazonaws.com", statements: [], managedPolicies: nodePolicies },
    common,
    parent,
  );
  // Without this add-on no node becomes ready, so it cannot wait for the nodes as the others do.
  const networking = new aws.eks.Addon(
    `${name}-vpc-cni`,
    {
      clusterName: cluster.name,
      addonName: "vpc-cni",
      addonVersion: common.addOnVersions?.["vpc-cni"],
      configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
      tags: common.tags,
    },
    { parent },
  );
  const launchTemplate = createLaunchTemplate(name, spec, common, parent);
  return new aws.eks.NodeGroup(
    name,
    {
      clusterName: cluster.name,
      nodeRoleArn: role.arn,
      subnetIds: common.subnetIds ?? [],
      instanceTypes: spec.instanceTypes,
      amiType: "AL2023_x86_64_STANDARD",
      launchTemplate: {
        id: launchTemplate.id,
        version: pulumi.interpolate`${launchTemplate.latestVersion}`,
      },
      scalingConfig: {
        minSize: spec.minimumSize,
        maxSize: spec.maximumSize,
        // EKS refuses 0 here; the autoscaler moves the number afterwards.
        desiredSize: pulumi.output(spec.minimumSize).apply((minimum) => Math.max(minimum, 1)),
      },
      updateConfig: { maxUnavailablePercentage: 33 },
      tags: common.tags,
    },
    {
      parent,
      dependsOn: [networking, ...managedPolicies],
      ignoreChanges: ["scalingConfig.desiredSize"],
    },
  );
}

function createLaunchTemplate(
  name: string,
  spec: NodeGroupSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.ec2.LaunchTemplate {
  return new aws.ec2.LaunchTemplate(
    `${name}-nodes`,
    {
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeSize: spec.diskSizeGigabytes ?? 50,
            volumeType: "gp3",
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tags: common.tags,
    },
    { parent },
  );
}
