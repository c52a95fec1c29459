import { GetTagsCommand, GlueClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-glue";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

type Tags = Record<string, string> | undefined;

/** ARN of a Glue resource, e.g. of `database/lake`; Glue's own answers hold none, its documentation defines the form. */
export async function glueArn(path: string, context: HandlerContext): Promise<string> {
  return `arn:aws:glue:${context.region}:${await context.accountId()}:${path}`;
}

export async function readTags(
  ResourceArn: string,
  context: HandlerContext,
): Promise<Record<string, string>> {
  const { Tags } = await context.client(GlueClient).send(new GetTagsCommand({ ResourceArn }));
  return withoutSystemTags(Tags);
}

export async function changeTags(
  path: string,
  olds: Tags,
  news: Tags,
  context: HandlerContext,
): Promise<void> {
  const glue = context.client(GlueClient);
  const ResourceArn = await glueArn(path, context);
  await updateTags(olds, news, {
    set: (TagsToAdd) => glue.send(new TagResourceCommand({ ResourceArn, TagsToAdd })),
    remove: (TagsToRemove) => glue.send(new UntagResourceCommand({ ResourceArn, TagsToRemove })),
  });
}
