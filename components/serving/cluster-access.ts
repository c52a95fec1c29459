import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";

/** What the add-ons and access entries of a cluster are made from. */
export interface ClusterAccessSpec extends CommonArgs {
  nodeGroup?: object;
  administrators?: Record<string, pulumi.Input<string>>;
  addOnVersions?: Record<string, string>;
}

/** Every add-on whose version may be chosen; vpc-cni is made with the node group. */
export const knownAddOns = ["coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni"];

/** The autoscaler reads its figures from metrics-server; Auto Mode carries the rest itself. */
const autoModeAddOns = ["metrics-server"];
const nodeGroupAddOns = ["coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server"];

/** Creates the add-ons that serving needs, once there are nodes for their pods. */
export function createAddOns(
  name: string,
  cluster: aws.eks.Cluster,
  nodes: pulumi.Resource[],
  spec: ClusterAccessSpec,
  parent: pulumi.Resource,
): void {
  for (const addOn of spec.nodeGroup === undefined ? autoModeAddOns : nodeGroupAddOns) {
    new aws.eks.Addon(
      `${name}-${addOn}`,
      {
        clusterName: cluster.name,
        addonName: addOn,
        addonVersion: spec.addOnVersions?.[addOn],
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "PRESERVE",
        tags: spec.tags,
      },
      { parent, dependsOn: nodes },
    );
  }
}

/** Lets the named principals administer the cluster. */
export function createAccessEntries(
  name: string,
  cluster: aws.eks.Cluster,
  spec: ClusterAccessSpec,
  parent: pulumi.Resource,
): void {
  const administrators = Object.entries(spec.administrators ?? {});
  if (administrators.length === 0) return;
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  for (const [key, principalArn] of administrators) {
    const entry = new aws.eks.AccessEntry(
      `${name}-${key}`,
      { clusterName: cluster.name, principalArn, tags: spec.tags },
      { parent },
    );
    new aws.eks.AccessPolicyAssociation(
      `${name}-${key}`,
      {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn: pulumi.interpolate`arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: "cluster" },
      },
      { parent: entry },
    );
  }
}
