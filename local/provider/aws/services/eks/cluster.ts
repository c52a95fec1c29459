import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  EKSClient,
  UpdateClusterConfigCommand,
  UpdateClusterVersionCommand,
} from "@aws-sdk/client-eks";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { clusterProperties, createRequest, updateRequests } from "./cluster-fields";
import { changeTags, readTags } from "./tagging";

/** A real control plane takes about ten minutes. */
const patience = { seconds: 1800, intervalMilliseconds: 250 };

async function untilActive(name: string, context: HandlerContext): Promise<void> {
  const eks = context.client(EKSClient);
  const { cluster } = await waitUntil(
    `the EKS cluster ${name}`,
    () => eks.send(new DescribeClusterCommand({ name })),
    (answer) => answer.cluster?.status !== "CREATING" && answer.cluster?.status !== "UPDATING",
    patience,
  );
  if (cluster?.status === "FAILED") throw new Error(`the EKS cluster ${name} failed to start`);
}

/** Sends a change, and says what to do where the emulator has no such call. */
async function change(name: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && error.message.includes("No route")) {
      throw new Error(
        `the emulator cannot change the EKS cluster ${name} in place; make a new one with --replace, or undo the change`,
        { cause: error },
      );
    }
    throw error;
  }
}

export const cluster = defineResource<aws.eks.ClusterArgs>({
  type: "aws:eks/cluster:Cluster",
  autoname: { property: "name", maximumLength: 100, transform: (name) => name.replace(/[^\w-]/g, "-") },
  required: ["roleArn", "vpcConfig"],
  replaceOn: ["name", "roleArn", "encryptionConfig", "bootstrapSelfManagedAddons", "outpostConfig"],
  taggable: true,
  unordered: ["enabledClusterLogTypes", "defaultAddonsToRemoves"],
  computed: [
    "arn",
    "certificateAuthority",
    "createdAt",
    "endpoint",
    "identities",
    "platformVersion",
    "status",
  ],
  changedByUpdate: ["platformVersion", "status"],

  async create(inputs, context) {
    await context.client(EKSClient).send(new CreateClusterCommand(createRequest(inputs)));
    context.created(inputs.name!);
    await untilActive(inputs.name!, context);
    return { id: inputs.name! };
  },

  async read(id, properties, context) {
    const answer = await orMissing(context.client(EKSClient).send(new DescribeClusterCommand({ name: id })));
    if (!answer?.cluster) return undefined;
    return {
      ...clusterProperties(answer.cluster, properties),
      tags: await readTags(answer.cluster.arn, context),
    };
  },

  async update(id, olds, news, context) {
    const eks = context.client(EKSClient);
    await changeTags(olds.arn, olds.tags, news.tags, context);
    if (news.version !== undefined && news.version !== olds.version) {
      await change(id, eks.send(new UpdateClusterVersionCommand({ name: id, version: news.version })));
      await untilActive(id, context);
    }
    for (const request of updateRequests(olds, news)) {
      await change(id, eks.send(new UpdateClusterConfigCommand({ ...request, name: id })));
      await untilActive(id, context);
    }
  },

  async delete(id, _properties, context) {
    const eks = context.client(EKSClient);
    await eks.send(new DeleteClusterCommand({ name: id }));
    await waitUntil(
      `the deletion of the EKS cluster ${id}`,
      () => orMissing(eks.send(new DescribeClusterCommand({ name: id }))),
      (answer) => answer === undefined,
      patience,
    );
  },
});
