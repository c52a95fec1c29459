import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { decodeDocument, documentText } from "./document";

type Inline = Plain<aws.iam.RolePolicyArgs>;

async function put(inputs: Inline, context: HandlerContext): Promise<void> {
  await context.client(IAMClient).send(
    new PutRolePolicyCommand({
      RoleName: String(inputs.role),
      PolicyName: inputs.name,
      PolicyDocument: documentText(inputs.policy),
    }),
  );
}

/** An id is `role:policy`. */
function parts(id: string): { RoleName: string; PolicyName: string } {
  const [RoleName = "", PolicyName = ""] = id.split(":");
  return { RoleName, PolicyName };
}

const rolePolicy = defineResource<aws.iam.RolePolicyArgs>({
  type: "aws:iam/rolePolicy:RolePolicy",
  autoname: { property: "name", maximumLength: 128, transform: (name) => name.replace(/[^\w+=,.@-]/g, "-") },
  required: ["role", "policy"],
  replaceOn: ["name", "namePrefix", "role"],
  async create(inputs, context) {
    await put(inputs, context);
    return { id: `${String(inputs.role)}:${inputs.name}` };
  },
  async read(id, _properties, context) {
    const found = await orGone(context.client(IAMClient).send(new GetRolePolicyCommand(parts(id))));
    return (
      found && { role: found.RoleName, name: found.PolicyName, policy: decodeDocument(found.PolicyDocument) }
    );
  },
  async update(_id, _olds, news, context) {
    await put(news, context);
  },
  async delete(id, _properties, context) {
    await context.client(IAMClient).send(new DeleteRolePolicyCommand(parts(id)));
  },
});

/** An id is `role/ARN of the policy`. */
function attachmentParts(id: string): { RoleName: string; PolicyArn: string } {
  const slash = id.indexOf("/");
  return { RoleName: id.slice(0, slash), PolicyArn: id.slice(slash + 1) };
}

/** Role and policy are all there is, so every change replaces. */
const rolePolicyAttachment = defineResource<aws.iam.RolePolicyAttachmentArgs>({
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  required: ["role", "policyArn"],
  async create(inputs, context) {
    const RoleName = String(inputs.role);
    await context
      .client(IAMClient)
      .send(new AttachRolePolicyCommand({ RoleName, PolicyArn: inputs.policyArn }));
    return { id: `${RoleName}/${inputs.policyArn}` };
  },
  async read(id, _properties, context) {
    const { RoleName, PolicyArn } = attachmentParts(id);
    const answer = await orGone(
      context.client(IAMClient).send(new ListAttachedRolePoliciesCommand({ RoleName })),
    );
    const attached = answer?.AttachedPolicies?.some((policy) => policy.PolicyArn === PolicyArn);
    return attached ? { role: RoleName, policyArn: PolicyArn } : undefined;
  },
  async delete(id, _properties, context) {
    await context.client(IAMClient).send(new DetachRolePolicyCommand(attachmentParts(id)));
  },
});

export const rolePolicies = [rolePolicy, rolePolicyAttachment];
