import {
  type AMITypes,
  type CapacityTypes,
  CreateNodegroupCommand,
  DeleteNodegroupCommand,
  DescribeNodegroupCommand,
  EKSClient,
  type Nodegroup,
  type Taint,
  type TaintEffect,
  UpdateNodegroupConfigCommand,
  UpdateNodegroupVersionCommand,
} from "@aws-sdk/client-eks";
import type * as aws from "@pulumi/aws";
import { tagChanges } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { answered } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags, readTags } from "./tagging";

type NodeGroupInputs = Plain<aws.eks.NodeGroupArgs>;

const patience = { seconds: 1800, intervalMilliseconds: 250 };

/** The cluster and the group inside the id. */
function partsOf(id: string): { clusterName: string; nodegroupName: string } {
  const [clusterName, nodegroupName] = id.split(":");
  return { clusterName: clusterName ?? "", nodegroupName: nodegroupName ?? "" };
}

function toTaints(taints: NodeGroupInputs["taints"]): Taint[] | undefined {
  return taints?.map((taint) => ({ ...taint, effect: taint.effect as TaintEffect }));
}

async function untilActive(id: string, context: HandlerContext): Promise<void> {
  const { nodegroup } = await waitUntil(
    `the node group ${id}`,
    () => context.client(EKSClient).send(new DescribeNodegroupCommand(partsOf(id))),
    (answer) => answer.nodegroup?.status !== "CREATING" && answer.nodegroup?.status !== "UPDATING",
    patience,
  );
  if (nodegroup?.status?.endsWith("FAILED")) throw new Error(`the node group ${id} is ${nodegroup.status}`);
}

function nodeGroupProperties(group: Nodegroup): Properties {
  return {
    ...answered({ ...group }, ["launchTemplate", "updateConfig", "nodeRepairConfig", "warmPoolConfig"]),
    clusterName: group.clusterName,
    nodeGroupName: group.nodegroupName,
    arn: group.nodegroupArn,
    status: group.status,
    version: group.version,
    releaseVersion: group.releaseVersion,
    capacityType: group.capacityType,
    scalingConfig: group.scalingConfig,
    instanceTypes: group.instanceTypes,
    subnetIds: group.subnets,
    amiType: group.amiType,
    nodeRoleArn: group.nodeRole,
    labels: group.labels,
    taints: group.taints,
    diskSize: group.diskSize,
    resources: [
      {
        autoscalingGroups: group.resources?.autoScalingGroups ?? [],
        remoteAccessSecurityGroupId: group.resources?.remoteAccessSecurityGroup ?? "",
      },
    ],
  };
}

function taintKey({ key, effect }: Taint): string {
  return `${key} ${effect}`;
}

export const nodeGroup = defineResource<aws.eks.NodeGroupArgs>({
  type: "aws:eks/nodeGroup:NodeGroup",
  autoname: {
    property: "nodeGroupName",
    maximumLength: 63,
    transform: (name) => name.replace(/[^\w-]/g, "-"),
  },
  required: ["clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"],
  replaceOn: [
    "amiType",
    "capacityType",
    "clusterName",
    "diskSize",
    "instanceTypes",
    "nodeGroupName",
    "nodeRoleArn",
    "remoteAccess",
    "subnetIds",
  ],
  taggable: true,
  unordered: ["subnetIds", "taints"],
  computed: ["arn", "resources", "status"],

  async create(inputs, context) {
    const id = `${inputs.clusterName}:${inputs.nodeGroupName}`;
    await context.client(EKSClient).send(
      new CreateNodegroupCommand({
        ...partsOf(id),
        scalingConfig: inputs.scalingConfig,
        subnets: inputs.subnetIds,
        nodeRole: inputs.nodeRoleArn,
        diskSize: inputs.diskSize,
        instanceTypes: inputs.instanceTypes,
        amiType: inputs.amiType as AMITypes | undefined,
        capacityType: inputs.capacityType as CapacityTypes | undefined,
        remoteAccess: inputs.remoteAccess && {
          ec2SshKey: inputs.remoteAccess.ec2SshKey,
          sourceSecurityGroups: inputs.remoteAccess.sourceSecurityGroupIds,
        },
        labels: inputs.labels,
        taints: toTaints(inputs.taints),
        tags: inputs.tags,
        launchTemplate: inputs.launchTemplate,
        updateConfig: inputs.updateConfig as { maxUnavailable?: number } | undefined,
        version: inputs.version,
        releaseVersion: inputs.releaseVersion,
      }),
    );
    context.created(id);
    await untilActive(id, context);
    return { id };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(context.client(EKSClient).send(new DescribeNodegroupCommand(partsOf(id))));
    if (!answer?.nodegroup) return undefined;
    return {
      ...nodeGroupProperties(answer.nodegroup),
      tags: await readTags(answer.nodegroup.nodegroupArn, context),
    };
  },

  async update(id, olds, news, context) {
    const eks = context.client(EKSClient);
    await changeTags(olds.arn, olds.tags, news.tags, context);
    const labels = tagChanges(olds.labels, news.labels);
    const kept = new Set(toTaints(news.taints)?.map(taintKey));
    await eks.send(
      new UpdateNodegroupConfigCommand({
        ...partsOf(id),
        labels: { addOrUpdateLabels: labels.set, removeLabels: labels.remove },
        taints: {
          addOrUpdateTaints: toTaints(news.taints),
          removeTaints: toTaints(olds.taints)?.filter((taint) => !kept.has(taintKey(taint))),
        },
        scalingConfig: news.scalingConfig,
        updateConfig: news.updateConfig as { maxUnavailable?: number } | undefined,
      }),
    );
    await untilActive(id, context);
    const version = news.version !== undefined && news.version !== olds.version;
    const release = news.releaseVersion !== undefined && news.releaseVersion !== olds.releaseVersion;
    const template = JSON.stringify(news.launchTemplate) !== JSON.stringify(olds.launchTemplate);
    if (version || release || template) {
      await eks.send(
        new UpdateNodegroupVersionCommand({
          ...partsOf(id),
          version: news.version,
          releaseVersion: news.releaseVersion,
          launchTemplate: news.launchTemplate,
          force: news.forceUpdateVersion,
        }),
      );
      await untilActive(id, context);
    }
  },

  async delete(id, _properties, context) {
    const eks = context.client(EKSClient);
    await eks.send(new DeleteNodegroupCommand(partsOf(id)));
    await waitUntil(
      `the deletion of the node group ${id}`,
      () => orMissing(eks.send(new DescribeNodegroupCommand(partsOf(id)))),
      (answer) => answer === undefined,
      patience,
    );
  },
});
