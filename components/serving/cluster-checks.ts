import type * as pulumi from "@pulumi/pulumi";

import { ArgumentChecker } from "../shared/validation";
import type { ClusterSpec } from "./cluster";
import { knownAddOns } from "./cluster-access";

/** What the checks read of the arguments of a serving cluster. */
export interface CheckedCluster extends Omit<ClusterSpec, "clusterName"> {
  clusterName?: string;
  existingClusterName?: pulumi.Input<string>;
  administrators?: Record<string, pulumi.Input<string>>;
}

/** Arguments that shape a created cluster and mean nothing for an existing one. */
const creationArguments = [
  "kubernetesVersion",
  "subnetIds",
  "clusterName",
  "nodeGroup",
  "publicAccessCidrBlocks",
  "administrators",
  "addOnVersions",
] as const;

/** @throws pulumi.InputPropertiesError naming every wrong argument. */
export function checkServingCluster(args: CheckedCluster): void {
  const checker = new ArgumentChecker();
  for (const field of creationArguments) {
    checker.notBoth(args.existingClusterName, "existingClusterName", args[field], field);
  }
  if (args.existingClusterName === undefined) checkCreation(args, checker);
  checker.done("ServingCluster");
}

function checkCreation(args: CheckedCluster, checker: ArgumentChecker): void {
  checker
    .require(
      args.kubernetesVersion !== undefined,
      "kubernetesVersion",
      "is missing; give the version of the cluster to create, for example 1.34, or existingClusterName",
    )
    .require(
      typeof args.kubernetesVersion !== "string" || /^1\.\d{2}$/.test(args.kubernetesVersion),
      "kubernetesVersion",
      `"${describe(args.kubernetesVersion)}" was given; allowed is a minor version such as 1.34`,
    )
    .require(
      args.subnetIds !== undefined,
      "subnetIds",
      "is missing; give private subnets in at least two zones, or existingClusterName",
    )
    .require(
      !Array.isArray(args.subnetIds) || args.subnetIds.length >= 2,
      "subnetIds",
      "fewer than 2 were given; EKS needs subnets in at least two zones",
    );
  if (args.clusterName !== undefined) {
    checker.require(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(args.clusterName),
      "clusterName",
      `"${args.clusterName}" was given; allowed are letters, digits, hyphens and underscores, at most 100 characters`,
    );
  }
  args.publicAccessCidrBlocks?.forEach((block, index) => {
    checker.require(
      typeof block !== "string" || !block.endsWith("/0"),
      `publicAccessCidrBlocks[${index}]`,
      `"${describe(block)}" was given and lets the whole internet in; give the ranges of your own networks`,
    );
  });
  for (const addOn of Object.keys(args.addOnVersions ?? {})) {
    checker.require(
      knownAddOns.includes(addOn),
      `addOnVersions["${addOn}"]`,
      `is no add-on of the cluster; allowed are ${knownAddOns.join(", ")}`,
    );
  }
  checkNodeGroup(args, checker);
}

function checkNodeGroup({ nodeGroup }: CheckedCluster, checker: ArgumentChecker): void {
  if (nodeGroup === undefined) return;
  const { instanceTypes, minimumSize, maximumSize } = nodeGroup;
  checker
    .require(
      !Array.isArray(instanceTypes) || instanceTypes.length > 0,
      "nodeGroup.instanceTypes",
      "an empty list was given; name at least one instance type",
    )
    .range(minimumSize, "nodeGroup.minimumSize", 0, 450)
    .range(maximumSize, "nodeGroup.maximumSize", 1, 450)
    .range(nodeGroup.diskSizeGigabytes, "nodeGroup.diskSizeGigabytes", 20, 16384);
  if (typeof minimumSize === "number" && typeof maximumSize === "number") {
    checker.require(
      minimumSize <= maximumSize,
      "nodeGroup.minimumSize",
      `${minimumSize} was given; allowed is at most nodeGroup.maximumSize (${maximumSize})`,
    );
  }
}

/** A plain value in words; an output has none yet. */
function describe(value: unknown): string {
  return typeof value === "string" ? value : "an output";
}
