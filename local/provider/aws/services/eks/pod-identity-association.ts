import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  EKSClient,
  UpdatePodIdentityAssociationCommand,
} from "@aws-sdk/client-eks";
import type * as aws from "@pulumi/aws";
import { withoutSystemTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";
import { orMissing } from "../support/missing";

export const podIdentityAssociation = defineResource<aws.eks.PodIdentityAssociationArgs>({
  type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  required: ["clusterName", "namespace", "roleArn", "serviceAccount"],
  // AWS changes tags in place; MiniStack's tagging does not know the ARNs of associations.
  replaceOn: ["clusterName", "namespace", "serviceAccount", "tags"],
  deleteBeforeReplace: true,
  taggable: true,
  computed: ["associationArn", "associationId", "externalId"],

  async create(inputs, context) {
    const { association } = await context.client(EKSClient).send(
      new CreatePodIdentityAssociationCommand({
        clusterName: inputs.clusterName,
        namespace: inputs.namespace,
        serviceAccount: inputs.serviceAccount,
        roleArn: inputs.roleArn,
        targetRoleArn: inputs.targetRoleArn,
        disableSessionTags: inputs.disableSessionTags,
        policy: inputs.policy,
        tags: inputs.tags,
      }),
    );
    const id = `${inputs.clusterName}:${association!.associationId}`;
    context.created(id);
    return { id };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(
      context.client(EKSClient).send(new DescribePodIdentityAssociationCommand(partsOf(id))),
    );
    const found = answer?.association;
    if (!found) return undefined;
    return {
      clusterName: found.clusterName,
      namespace: found.namespace,
      serviceAccount: found.serviceAccount,
      roleArn: found.roleArn,
      targetRoleArn: found.targetRoleArn,
      disableSessionTags: found.disableSessionTags ?? false,
      policy: found.policy,
      associationArn: found.associationArn,
      associationId: found.associationId,
      externalId: found.externalId,
      tags: withoutSystemTags(found.tags),
    };
  },

  async update(id, _olds, news, context) {
    await context.client(EKSClient).send(
      new UpdatePodIdentityAssociationCommand({
        ...partsOf(id),
        roleArn: news.roleArn,
        targetRoleArn: news.targetRoleArn ?? "",
        disableSessionTags: news.disableSessionTags ?? false,
        policy: news.policy,
      }),
    );
  },

  async delete(id, _properties, context) {
    await context.client(EKSClient).send(new DeletePodIdentityAssociationCommand(partsOf(id)));
  },
});

/** The cluster and the association inside the id. */
function partsOf(id: string): { clusterName: string; associationId: string } {
  const [clusterName, associationId] = id.split(":");
  return { clusterName: clusterName ?? "", associationId: associationId ?? "" };
}
