import {
  type AccessScopeType,
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  EKSClient,
  paginateListAssociatedAccessPolicies,
  UpdateAccessEntryCommand,
} from "@aws-sdk/client-eks";
import type * as aws from "@pulumi/aws";
import { isNotFound } from "../../framework/errors";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { orMissing } from "../support/missing";
import { changeTags, readTags } from "./tagging";

/** The cluster and the principal inside the id of an entry; an ARN holds colons itself. */
function entryOf(id: string): { clusterName: string; principalArn: string } {
  const colon = id.indexOf(":");
  return { clusterName: id.slice(0, colon), principalArn: id.slice(colon + 1) };
}

export const accessEntry = defineResource<aws.eks.AccessEntryArgs>({
  type: "aws:eks/accessEntry:AccessEntry",
  required: ["clusterName", "principalArn"],
  replaceOn: ["clusterName", "principalArn", "type"],
  taggable: true,
  unordered: ["kubernetesGroups"],
  computed: ["accessEntryArn", "createdAt", "modifiedAt"],
  changedByUpdate: ["modifiedAt"],

  async create(inputs, context) {
    const id = `${inputs.clusterName}:${inputs.principalArn}`;
    await context.client(EKSClient).send(
      new CreateAccessEntryCommand({
        ...entryOf(id),
        kubernetesGroups: inputs.kubernetesGroups,
        type: inputs.type,
        username: inputs.userName,
        tags: inputs.tags,
      }),
    );
    context.created(id);
    return { id };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(
      context.client(EKSClient).send(new DescribeAccessEntryCommand(entryOf(id))),
    );
    const found = answer?.accessEntry;
    if (!found) return undefined;
    return {
      clusterName: found.clusterName,
      principalArn: found.principalArn,
      kubernetesGroups: found.kubernetesGroups,
      type: found.type,
      userName: found.username,
      accessEntryArn: found.accessEntryArn,
      createdAt: found.createdAt?.toISOString(),
      modifiedAt: found.modifiedAt?.toISOString(),
      tags: await readTags(found.accessEntryArn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(olds.accessEntryArn, olds.tags, news.tags, context);
    await context.client(EKSClient).send(
      new UpdateAccessEntryCommand({
        ...entryOf(id),
        kubernetesGroups: news.kubernetesGroups ?? [],
        username: news.userName,
      }),
    );
  },

  async delete(id, _properties, context) {
    await context.client(EKSClient).send(new DeleteAccessEntryCommand(entryOf(id)));
  },
});

type AssociationInputs = Plain<aws.eks.AccessPolicyAssociationArgs>;

async function associate(inputs: AssociationInputs, context: HandlerContext): Promise<void> {
  await context.client(EKSClient).send(
    new AssociateAccessPolicyCommand({
      clusterName: inputs.clusterName,
      principalArn: inputs.principalArn,
      policyArn: inputs.policyArn,
      accessScope: {
        type: inputs.accessScope.type as AccessScopeType,
        namespaces: inputs.accessScope.namespaces,
      },
    }),
  );
}

async function findAssociation(inputs: Partial<AssociationInputs>, context: HandlerContext) {
  const { clusterName, principalArn, policyArn } = inputs;
  const pages = paginateListAssociatedAccessPolicies(
    { client: context.client(EKSClient) },
    { clusterName, principalArn },
  );
  try {
    for await (const page of pages) {
      const found = page.associatedAccessPolicies?.find((policy) => policy.policyArn === policyArn);
      if (found) return found;
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return undefined;
}

export const accessPolicyAssociation = defineResource<aws.eks.AccessPolicyAssociationArgs>({
  type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  required: ["accessScope", "clusterName", "policyArn", "principalArn"],
  replaceOn: ["accessScope", "clusterName", "policyArn", "principalArn"],
  deleteBeforeReplace: true,
  computed: ["associatedAt", "modifiedAt"],

  async create(inputs, context) {
    const id = `${inputs.clusterName}#${inputs.principalArn}#${inputs.policyArn}`;
    await associate(inputs, context);
    context.created(id);
    return { id };
  },

  async read(id, _properties, context) {
    const [clusterName, principalArn, policyArn] = id.split("#");
    const found = await findAssociation({ clusterName, principalArn, policyArn }, context);
    if (!found) return undefined;
    const { namespaces } = found.accessScope ?? {};
    return {
      clusterName,
      principalArn,
      policyArn,
      accessScope: { type: found.accessScope?.type, namespaces: namespaces?.length ? namespaces : undefined },
      associatedAt: found.associatedAt?.toISOString(),
      modifiedAt: found.modifiedAt?.toISOString(),
    };
  },

  async delete(id, _properties, context) {
    const [clusterName, principalArn, policyArn] = id.split("#");
    await context
      .client(EKSClient)
      .send(new DisassociateAccessPolicyCommand({ clusterName, principalArn, policyArn }));
  },
});
