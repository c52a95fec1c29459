import {
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
  type ResourceType,
  type Tag,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { toTagList, updateTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

/** How long EC2 may take to finish something, and how often that is looked at (milliseconds). */
const settleTimeout = 60_000;
const settleInterval = 200;

type Tags = Record<string, string> | undefined;

/** Tags given at creation, so that the resource is never there without them. */
export function tagSpecifications(ResourceType: ResourceType, tags: Tags): TagSpecification[] | undefined {
  const Tags: Tag[] = toTagList(tags);
  return Tags.length === 0 ? undefined : [{ ResourceType, Tags }];
}

export async function updateEc2Tags(
  id: string,
  olds: Tags,
  news: Tags,
  context: HandlerContext,
): Promise<void> {
  const ec2 = context.client(EC2Client);
  await updateTags(olds, news, {
    set: (tags) => ec2.send(new CreateTagsCommand({ Resources: [id], Tags: toTagList(tags) })),
    remove: (keys) =>
      ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) })),
  });
}

/** EC2 answers no ARNs for most of its resources; this is how AWS defines them. */
export async function ec2Arn(
  resource: string,
  owner: string | undefined,
  context: HandlerContext,
): Promise<string> {
  return `arn:aws:ec2:${context.region}:${owner ?? (await context.accountId())}:${resource}`;
}

/** Looks until `look` answers something other than undefined; fails with `what` when it takes too long. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + settleTimeout;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} after ${settleTimeout / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, settleInterval));
  }
}
