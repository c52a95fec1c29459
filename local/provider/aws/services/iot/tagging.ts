import {
  IoTClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-iot";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

type Tags = Record<string, string> | undefined;

export async function readTags(resourceArn: string, context: HandlerContext) {
  const { tags } = await context.client(IoTClient).send(new ListTagsForResourceCommand({ resourceArn }));
  return fromTagList(tags);
}

export function changeTags(resourceArn: string, olds: Tags, news: Tags, context: HandlerContext) {
  const iot = context.client(IoTClient);
  return updateTags(olds, news, {
    set: (tags) => iot.send(new TagResourceCommand({ resourceArn, tags: toTagList(tags) })),
    remove: (tagKeys) => iot.send(new UntagResourceCommand({ resourceArn, tagKeys })),
  });
}
