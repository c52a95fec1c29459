import {
  EventBridgeClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

export async function readTags(arn: string, context: HandlerContext): Promise<Record<string, string>> {
  const { Tags } = await context
    .client(EventBridgeClient)
    .send(new ListTagsForResourceCommand({ ResourceARN: arn }));
  return fromTagList(Tags);
}

export function changeTags(
  arn: unknown,
  olds: Record<string, string> | undefined,
  news: Record<string, string> | undefined,
  context: HandlerContext,
): Promise<void> {
  const events = context.client(EventBridgeClient);
  const ResourceARN = String(arn);
  return updateTags(olds, news, {
    set: (tags) => events.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(tags) })),
    remove: (TagKeys) => events.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
  });
}
