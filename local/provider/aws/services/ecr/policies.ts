import {
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryPolicyCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";

/** A document may be given as text or as an object. */
function documentText(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

function putLifecyclePolicy(repositoryName: string, policy: unknown, context: HandlerContext) {
  const lifecyclePolicyText = documentText(policy);
  return context
    .client(ECRClient)
    .send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
}

export const lifecyclePolicy = defineResource<aws.ecr.LifecyclePolicyArgs>({
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  required: ["repository", "policy"],
  replaceOn: ["repository"],
  computed: ["registryId"],

  async create(inputs, context) {
    await putLifecyclePolicy(inputs.repository, inputs.policy, context);
    context.created(inputs.repository);
    return { id: inputs.repository };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(ECRClient).send(new GetLifecyclePolicyCommand({ repositoryName: id })),
    );
    return found && { repository: id, policy: found.lifecyclePolicyText, registryId: found.registryId };
  },

  async update(id, _olds, news, context) {
    await putLifecyclePolicy(id, news.policy, context);
  },

  async delete(id, _properties, context) {
    await context.client(ECRClient).send(new DeleteLifecyclePolicyCommand({ repositoryName: id }));
  },
});

function setRepositoryPolicy(repositoryName: string, policy: unknown, context: HandlerContext) {
  const policyText = documentText(policy);
  return context.client(ECRClient).send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
}

export const repositoryPolicy = defineResource<aws.ecr.RepositoryPolicyArgs>({
  type: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  required: ["repository", "policy"],
  replaceOn: ["repository"],
  computed: ["registryId"],

  async create(inputs, context) {
    await setRepositoryPolicy(inputs.repository, inputs.policy, context);
    context.created(inputs.repository);
    return { id: inputs.repository };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(ECRClient).send(new GetRepositoryPolicyCommand({ repositoryName: id })),
    );
    return found && { repository: id, policy: found.policyText, registryId: found.registryId };
  },

  async update(id, _olds, news, context) {
    await setRepositoryPolicy(id, news.policy, context);
  },

  async delete(id, _properties, context) {
    await context.client(ECRClient).send(new DeleteRepositoryPolicyCommand({ repositoryName: id }));
  },
});
