import {
  AddTagsCommand,
  DeleteTagsCommand,
  ListTagsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";

type Tags = Record<string, string> | undefined;

export async function readTags(
  ResourceArn: string,
  context: HandlerContext,
): Promise<Record<string, string>> {
  const { Tags } = await context.client(SageMakerClient).send(new ListTagsCommand({ ResourceArn }));
  return fromTagList(Tags);
}

export function changeTags(arn: unknown, olds: Tags, news: Tags, context: HandlerContext): Promise<void> {
  const sageMaker = context.client(SageMakerClient);
  const ResourceArn = String(arn);
  return updateTags(olds, news, {
    set: (tags) => sageMaker.send(new AddTagsCommand({ ResourceArn, Tags: toTagList(tags) })),
    remove: (TagKeys) => sageMaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys })),
  });
}

/** A name as SageMaker allows it: letters, digits and single hyphens. */
export function sageMakerName(name: string): string {
  return name.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^-+/, "");
}
