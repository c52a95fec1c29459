import {
  CloudWatchClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

type Tags = Record<string, string> | undefined;

export async function readTags(arn: string, context: HandlerContext): Promise<Record<string, string>> {
  const { Tags } = await context
    .client(CloudWatchClient)
    .send(new ListTagsForResourceCommand({ ResourceARN: arn }));
  return fromTagList(Tags);
}

export function changeTags(arn: unknown, olds: Tags, news: Tags, context: HandlerContext): Promise<void> {
  const cloudWatch = context.client(CloudWatchClient);
  const ResourceARN = String(arn);
  return updateTags(olds, news, {
    set: (tags) => cloudWatch.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(tags) })),
    remove: (TagKeys) => cloudWatch.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
  });
}
