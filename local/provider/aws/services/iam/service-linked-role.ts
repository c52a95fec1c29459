import {
  CreateServiceLinkedRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetRoleCommand,
  IAMClient,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";

function roleName(arn: string): string {
  return arn.split("/").at(-1)!;
}

export const serviceLinkedRole = defineResource<aws.iam.ServiceLinkedRoleArgs>({
  type: "aws:iam/serviceLinkedRole:ServiceLinkedRole",
  required: ["awsServiceName"],
  taggable: true,
  replaceOn: ["awsServiceName", "customSuffix"],
  deleteBeforeReplace: true,
  computed: ["arn", "name", "description", "path", "createDate", "uniqueId"],
  async create(inputs, context) {
    const iam = context.client(IAMClient);
    const { Role } = await iam.send(
      new CreateServiceLinkedRoleCommand({
        AWSServiceName: inputs.awsServiceName,
        CustomSuffix: inputs.customSuffix,
        Description: inputs.description,
      }),
    );
    context.created(Role!.Arn!);
    // MiniStack writes a description of its own at creation.
    if (inputs.description && inputs.description !== Role!.Description) {
      await iam.send(new UpdateRoleCommand({ RoleName: Role!.RoleName, Description: inputs.description }));
    }
    if (inputs.tags)
      await iam.send(new TagRoleCommand({ RoleName: Role!.RoleName, Tags: toTagList(inputs.tags) }));
    return { id: Role!.Arn! };
  },
  async read(id, _properties, context) {
    const answer = await orGone(
      context.client(IAMClient).send(new GetRoleCommand({ RoleName: roleName(id) })),
    );
    const found = answer?.Role;
    if (!found) return undefined;
    return {
      arn: found.Arn,
      name: found.RoleName,
      path: found.Path,
      uniqueId: found.RoleId,
      createDate: found.CreateDate?.toISOString(),
      // The path of such a role names its service.
      awsServiceName: found.Path?.split("/").at(-2),
      description: found.Description,
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    const iam = context.client(IAMClient);
    const RoleName = roleName(id);
    if (olds.description !== news.description) {
      await iam.send(new UpdateRoleCommand({ RoleName, Description: news.description ?? "" }));
    }
    await updateTags(olds.tags, news.tags, {
      set: (tags) => iam.send(new TagRoleCommand({ RoleName, Tags: toTagList(tags) })),
      remove: (TagKeys) => iam.send(new UntagRoleCommand({ RoleName, TagKeys })),
    });
  },
  async delete(id, _properties, context) {
    await context.client(IAMClient).send(new DeleteServiceLinkedRoleCommand({ RoleName: roleName(id) }));
  },
});
