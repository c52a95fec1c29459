import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  IAMClient,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";

async function currentRole(iam: IAMClient, InstanceProfileName: string): Promise<string | undefined> {
  const answer = await orGone(iam.send(new GetInstanceProfileCommand({ InstanceProfileName })));
  return answer?.InstanceProfile?.Roles?.[0]?.RoleName;
}

/** A profile holds one role; the one that is there is taken out first. */
async function setRole(iam: IAMClient, name: string, role: string | undefined): Promise<void> {
  const current = await currentRole(iam, name);
  if (current === role) return;
  if (current) {
    await iam.send(
      new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: name, RoleName: current }),
    );
  }
  if (role)
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: role }));
}

export const instanceProfile = defineResource<aws.iam.InstanceProfileArgs>({
  type: "aws:iam/instanceProfile:InstanceProfile",
  autoname: { property: "name", maximumLength: 128, transform: (name) => name.replace(/[^\w+=,.@-]/g, "-") },
  taggable: true,
  replaceOn: ["name", "namePrefix", "path"],
  computed: ["arn", "createDate", "uniqueId"],
  async create(inputs, context) {
    const iam = context.client(IAMClient);
    const name = inputs.name!;
    await iam.send(
      new CreateInstanceProfileCommand({
        InstanceProfileName: name,
        Path: inputs.path,
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(name);
    if (inputs.role) await setRole(iam, name, String(inputs.role));
    return { id: name };
  },
  async read(id, _properties, context) {
    const answer = await orGone(
      context.client(IAMClient).send(new GetInstanceProfileCommand({ InstanceProfileName: id })),
    );
    const found = answer?.InstanceProfile;
    if (!found) return undefined;
    return {
      name: found.InstanceProfileName,
      arn: found.Arn,
      uniqueId: found.InstanceProfileId,
      createDate: found.CreateDate?.toISOString(),
      path: found.Path,
      role: found.Roles?.[0]?.RoleName,
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    const iam = context.client(IAMClient);
    await setRole(iam, id, news.role === undefined ? undefined : String(news.role));
    await updateTags(olds.tags, news.tags, {
      set: (tags) =>
        iam.send(new TagInstanceProfileCommand({ InstanceProfileName: id, Tags: toTagList(tags) })),
      remove: (TagKeys) => iam.send(new UntagInstanceProfileCommand({ InstanceProfileName: id, TagKeys })),
    });
  },
  async delete(id, _properties, context) {
    const iam = context.client(IAMClient);
    await setRole(iam, id, undefined);
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: id }));
  },
});
