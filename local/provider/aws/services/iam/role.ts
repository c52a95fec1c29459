import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource, type Plain } from "../../framework/types";
import { decodeDocument, documentText } from "./document";

type Inputs = Plain<aws.iam.RoleArgs>;

async function attachedPolicies(iam: IAMClient, RoleName: string): Promise<string[]> {
  const answer = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return (answer.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn!);
}

async function inlinePolicies(iam: IAMClient, RoleName: string) {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  return Promise.all(
    PolicyNames.sort().map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { name: PolicyName, policy: decodeDocument(PolicyDocument) };
    }),
  );
}

/** Brings attached and inline policies to the given ones, where the role itself owns them. */
async function setPolicies(
  iam: IAMClient,
  RoleName: string,
  olds: Partial<Inputs>,
  news: Inputs,
): Promise<void> {
  const wanted = news.managedPolicyArns ?? [];
  for (const PolicyArn of olds.managedPolicyArns ?? []) {
    if (!wanted.includes(PolicyArn)) await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  for (const PolicyArn of wanted) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const kept = new Set((news.inlinePolicies ?? []).map(({ name }) => name));
  for (const { name } of olds.inlinePolicies ?? []) {
    if (name && !kept.has(name)) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: name }));
  }
  for (const { name, policy } of news.inlinePolicies ?? []) {
    if (!name || !policy) continue;
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: name, PolicyDocument: policy }));
  }
}

export const role = defineResource<aws.iam.RoleArgs>({
  type: "aws:iam/role:Role",
  autoname: { property: "name", maximumLength: 64, transform: (name) => name.replace(/[^\w+=,.@-]/g, "-") },
  required: ["assumeRolePolicy"],
  taggable: true,
  replaceOn: ["name", "namePrefix", "path"],
  unordered: ["managedPolicyArns", "inlinePolicies"],
  computed: ["arn", "createDate", "uniqueId"],

  async create(inputs, context) {
    const iam = context.client(IAMClient);
    const name = inputs.name!;
    await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: documentText(inputs.assumeRolePolicy),
        Description: inputs.description,
        MaxSessionDuration: inputs.maxSessionDuration,
        Path: inputs.path,
        PermissionsBoundary: inputs.permissionsBoundary,
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(name);
    await setPolicies(iam, name, {}, inputs);
    return { id: name };
  },

  async read(id, properties, context) {
    const iam = context.client(IAMClient);
    const found = (await orGone(iam.send(new GetRoleCommand({ RoleName: id }))))?.Role;
    if (!found) return undefined;
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName: id }));
    return {
      name: found.RoleName,
      arn: found.Arn,
      uniqueId: found.RoleId,
      createDate: found.CreateDate?.toISOString(),
      path: found.Path,
      description: found.Description,
      maxSessionDuration: found.MaxSessionDuration,
      assumeRolePolicy: decodeDocument(found.AssumeRolePolicyDocument),
      permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
      tags: fromTagList(Tags),
      // Where the program does not list them, other resources own the policies of the role.
      ...(properties.managedPolicyArns ? { managedPolicyArns: await attachedPolicies(iam, id) } : {}),
      ...(properties.inlinePolicies ? { inlinePolicies: await inlinePolicies(iam, id) } : {}),
    };
  },

  async update(id, olds, news, context) {
    const iam = context.client(IAMClient);
    const changed = (name: keyof Inputs) => !sameValue(olds[name], news[name]);
    if (changed("assumeRolePolicy")) {
      const PolicyDocument = documentText(news.assumeRolePolicy);
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: id, PolicyDocument }));
    }
    if (changed("description") || changed("maxSessionDuration")) {
      const { description: Description = "", maxSessionDuration: MaxSessionDuration } = news;
      await iam.send(new UpdateRoleCommand({ RoleName: id, Description, MaxSessionDuration }));
    }
    if (changed("permissionsBoundary")) {
      const PermissionsBoundary = news.permissionsBoundary;
      if (PermissionsBoundary) {
        await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: id, PermissionsBoundary }));
      } else {
        await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: id }));
      }
    }
    if (changed("managedPolicyArns") || changed("inlinePolicies")) await setPolicies(iam, id, olds, news);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => iam.send(new TagRoleCommand({ RoleName: id, Tags: toTagList(tags) })),
      remove: (TagKeys) => iam.send(new UntagRoleCommand({ RoleName: id, TagKeys })),
    });
  },

  async delete(id, properties, context) {
    const iam = context.client(IAMClient);
    const all = properties.forceDetachPolicies === true;
    const attached = all ? await attachedPolicies(iam, id) : (properties.managedPolicyArns ?? []);
    for (const PolicyArn of attached) {
      await orGone(iam.send(new DetachRolePolicyCommand({ RoleName: id, PolicyArn })));
    }
    const inline = all ? await inlinePolicies(iam, id) : (properties.inlinePolicies ?? []);
    for (const { name } of inline) {
      if (name) await orGone(iam.send(new DeleteRolePolicyCommand({ RoleName: id, PolicyName: name })));
    }
    await iam.send(new DeleteRoleCommand({ RoleName: id }));
  },
});
