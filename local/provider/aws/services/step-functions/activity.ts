import {
  CreateActivityCommand,
  DeleteActivityCommand,
  DescribeActivityCommand,
  type EncryptionConfiguration,
  SFNClient,
} from "@aws-sdk/client-sfn";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { orMissing } from "../support/missing";
import { changeTags, readTags, toLowerTagList } from "./tagging";

export const activity = defineResource<aws.sfn.ActivityArgs>({
  type: "aws:sfn/activity:Activity",
  autoname: { property: "name", maximumLength: 80, transform: (name) => name.replace(/[^\w-]/g, "-") },
  replaceOn: ["name", "encryptionConfiguration"],
  taggable: true,
  computed: ["arn", "creationDate"],

  async create(inputs, context) {
    const { activityArn } = await context.client(SFNClient).send(
      new CreateActivityCommand({
        name: inputs.name,
        encryptionConfiguration: inputs.encryptionConfiguration as EncryptionConfiguration | undefined,
        tags: toLowerTagList(inputs.tags),
      }),
    );
    context.created(activityArn!);
    return { id: activityArn! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(SFNClient).send(new DescribeActivityCommand({ activityArn: id })),
    );
    if (!found) return undefined;
    return {
      name: found.name,
      arn: found.activityArn,
      creationDate: found.creationDate?.toISOString(),
      ...(found.encryptionConfiguration === undefined
        ? {}
        : { encryptionConfiguration: found.encryptionConfiguration }),
      tags: await readTags(id, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(id, olds.tags, news.tags, context);
  },

  async delete(id, _properties, context) {
    await context.client(SFNClient).send(new DeleteActivityCommand({ activityArn: id }));
  },
});
