import {
  CreateAddonCommand,
  DeleteAddonCommand,
  DescribeAddonCommand,
  EKSClient,
  type ResolveConflicts,
  UpdateAddonCommand,
} from "@aws-sdk/client-eks";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags, readTags } from "./tagging";

/** The cluster and the add-on inside the id. */
function partsOf(id: string): { clusterName: string; addonName: string } {
  const [clusterName, addonName] = id.split(":");
  return { clusterName: clusterName ?? "", addonName: addonName ?? "" };
}

function settings(inputs: Plain<aws.eks.AddonArgs>) {
  return {
    clusterName: inputs.clusterName,
    addonName: inputs.addonName,
    addonVersion: inputs.addonVersion,
    serviceAccountRoleArn: inputs.serviceAccountRoleArn,
    configurationValues: inputs.configurationValues,
    podIdentityAssociations: inputs.podIdentityAssociations,
  };
}

async function untilSettled(id: string, context: HandlerContext): Promise<void> {
  const { addon: found } = await waitUntil(
    `the add-on ${id}`,
    () => context.client(EKSClient).send(new DescribeAddonCommand(partsOf(id))),
    (answer) => answer.addon?.status !== "CREATING" && answer.addon?.status !== "UPDATING",
    { seconds: 1200, intervalMilliseconds: 250 },
  );
  if (found?.status?.endsWith("FAILED")) throw new Error(`the add-on ${id} is ${found.status}`);
}

export const addon = defineResource<aws.eks.AddonArgs>({
  type: "aws:eks/addon:Addon",
  required: ["addonName", "clusterName"],
  replaceOn: ["addonName", "clusterName"],
  taggable: true,
  computed: ["arn", "createdAt", "modifiedAt"],
  changedByUpdate: ["modifiedAt"],

  async create(inputs, context) {
    const id = `${inputs.clusterName}:${inputs.addonName}`;
    await context.client(EKSClient).send(
      new CreateAddonCommand({
        ...settings(inputs),
        resolveConflicts: inputs.resolveConflictsOnCreate as ResolveConflicts | undefined,
        tags: inputs.tags,
      }),
    );
    context.created(id);
    await untilSettled(id, context);
    return { id };
  },

  async read(id, properties, context) {
    const answer = await orMissing(context.client(EKSClient).send(new DescribeAddonCommand(partsOf(id))));
    const found = answer?.addon;
    if (!found) return undefined;
    return {
      addonName: found.addonName,
      clusterName: found.clusterName,
      arn: found.addonArn,
      addonVersion: found.addonVersion,
      configurationValues: found.configurationValues,
      serviceAccountRoleArn: found.serviceAccountRoleArn,
      // AWS answers ARNs of associations where roles and service accounts were given.
      podIdentityAssociations: found.podIdentityAssociations?.length
        ? properties.podIdentityAssociations
        : undefined,
      createdAt: found.createdAt?.toISOString(),
      modifiedAt: found.modifiedAt?.toISOString(),
      tags: await readTags(found.addonArn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    await context.client(EKSClient).send(
      new UpdateAddonCommand({
        ...settings(news),
        podIdentityAssociations: news.podIdentityAssociations ?? [],
        configurationValues: news.configurationValues ?? "",
        resolveConflicts: news.resolveConflictsOnUpdate as ResolveConflicts | undefined,
      }),
    );
    await untilSettled(id, context);
  },

  async delete(id, properties, context) {
    const eks = context.client(EKSClient);
    await eks.send(new DeleteAddonCommand({ ...partsOf(id), preserve: properties.preserve }));
    await waitUntil(
      `the deletion of the add-on ${id}`,
      () => orMissing(eks.send(new DescribeAddonCommand(partsOf(id)))),
      (answer) => answer === undefined,
      { seconds: 1200 },
    );
  },
});
