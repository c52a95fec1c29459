import {
  ListTagsForResourceCommand,
  SFNClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sfn";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

type Tags = Record<string, string> | undefined;

/** Tags as Step Functions writes them. */
export function toLowerTagList(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
}

export async function readTags(
  resourceArn: string,
  context: HandlerContext,
): Promise<Record<string, string>> {
  const { tags = [] } = await context.client(SFNClient).send(new ListTagsForResourceCommand({ resourceArn }));
  return withoutSystemTags(Object.fromEntries(tags.map(({ key, value }) => [key ?? "", value ?? ""])));
}

export function changeTags(
  resourceArn: string,
  olds: Tags,
  news: Tags,
  context: HandlerContext,
): Promise<void> {
  const sfn = context.client(SFNClient);
  return updateTags(olds, news, {
    set: (tags) => sfn.send(new TagResourceCommand({ resourceArn, tags: toLowerTagList(tags) })),
    remove: (tagKeys) => sfn.send(new UntagResourceCommand({ resourceArn, tagKeys })),
  });
}
