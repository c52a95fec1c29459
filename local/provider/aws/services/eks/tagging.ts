import {
  EKSClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eks";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

type Tags = Record<string, string> | undefined;

export function changeTags(arn: unknown, olds: Tags, news: Tags, context: HandlerContext): Promise<void> {
  const eks = context.client(EKSClient);
  const resourceArn = String(arn);
  return updateTags(olds, news, {
    set: (tags) => eks.send(new TagResourceCommand({ resourceArn, tags })),
    remove: (tagKeys) => eks.send(new UntagResourceCommand({ resourceArn, tagKeys })),
  });
}

/** Asked for apart: not every emulator repeats a changed tag in the description of its resource. */
export async function readTags(
  resourceArn: string | undefined,
  context: HandlerContext,
): Promise<Record<string, string>> {
  const { tags } = await context.client(EKSClient).send(new ListTagsForResourceCommand({ resourceArn }));
  return withoutSystemTags(tags);
}
