import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";
import { decodeDocument, documentText } from "./document";

/** IAM keeps at most this many versions of a policy. */
const maximumVersions = 5;

async function otherVersions(iam: IAMClient, PolicyArn: string) {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  return Versions.filter((version) => !version.IsDefaultVersion).sort(
    (a, b) => Number(a.VersionId?.slice(1)) - Number(b.VersionId?.slice(1)),
  );
}

async function putVersion(iam: IAMClient, PolicyArn: string, document: string): Promise<void> {
  const others = await otherVersions(iam, PolicyArn);
  const oldest = others[0];
  if (oldest && others.length + 1 >= maximumVersions) {
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest.VersionId }));
  }
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true }));
}

export const policy = defineResource<aws.iam.PolicyArgs>({
  type: "aws:iam/policy:Policy",
  autoname: { property: "name", maximumLength: 128, transform: (name) => name.replace(/[^\w+=,.@-]/g, "-") },
  required: ["policy"],
  taggable: true,
  replaceOn: ["name", "namePrefix", "path", "description"],
  computed: ["arn", "policyId", "attachmentCount"],

  async create(inputs, context) {
    const answer = await context.client(IAMClient).send(
      new CreatePolicyCommand({
        PolicyName: inputs.name,
        Path: inputs.path,
        Description: inputs.description,
        PolicyDocument: documentText(inputs.policy),
        Tags: toTagList(inputs.tags),
      }),
    );
    return { id: answer.Policy!.Arn! };
  },

  async read(id, _properties, context) {
    const iam = context.client(IAMClient);
    const found = (await orGone(iam.send(new GetPolicyCommand({ PolicyArn: id }))))?.Policy;
    if (!found) return undefined;
    const [version, tags] = await Promise.all([
      iam.send(new GetPolicyVersionCommand({ PolicyArn: id, VersionId: found.DefaultVersionId })),
      iam.send(new ListPolicyTagsCommand({ PolicyArn: id })),
    ]);
    return {
      name: found.PolicyName,
      arn: found.Arn,
      policyId: found.PolicyId,
      path: found.Path,
      description: found.Description,
      policy: decodeDocument(version.PolicyVersion?.Document),
      tags: fromTagList(tags.Tags),
    };
  },

  async update(id, olds, news, context) {
    const iam = context.client(IAMClient);
    if (!sameValue(olds.policy, news.policy)) await putVersion(iam, id, documentText(news.policy));
    await updateTags(olds.tags, news.tags, {
      set: (tags) => iam.send(new TagPolicyCommand({ PolicyArn: id, Tags: toTagList(tags) })),
      remove: (TagKeys) => iam.send(new UntagPolicyCommand({ PolicyArn: id, TagKeys })),
    });
  },

  async delete(id, _properties, context) {
    const iam = context.client(IAMClient);
    for (const { VersionId } of await otherVersions(iam, id)) {
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn: id, VersionId }));
    }
    await iam.send(new DeletePolicyCommand({ PolicyArn: id }));
  },
});
