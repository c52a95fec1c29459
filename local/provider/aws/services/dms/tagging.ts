import {
  AddTagsToResourceCommand,
  DatabaseMigrationServiceClient,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-database-migration-service";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

type Tags = Record<string, string> | undefined;

export async function readTags(ResourceArn: string, context: HandlerContext) {
  const { TagList } = await context
    .client(DatabaseMigrationServiceClient)
    .send(new ListTagsForResourceCommand({ ResourceArn }));
  return fromTagList(TagList);
}

export function changeTags(arn: unknown, olds: Tags, news: Tags, context: HandlerContext): Promise<void> {
  const dms = context.client(DatabaseMigrationServiceClient);
  const ResourceArn = String(arn);
  return updateTags(olds, news, {
    set: (tags) => dms.send(new AddTagsToResourceCommand({ ResourceArn, Tags: toTagList(tags) })),
    remove: (TagKeys) => dms.send(new RemoveTagsFromResourceCommand({ ResourceArn, TagKeys })),
  });
}
