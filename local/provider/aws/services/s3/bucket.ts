import {
  CreateBucketCommand,
  type BucketLocationConstraint,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext } from "../../framework/types";
import { emptyBucket } from "./empty-bucket";

async function putTags(bucket: string, tags: Record<string, string> | undefined, context: HandlerContext) {
  const s3 = context.client(S3Client);
  const TagSet = toTagList(tags);
  if (TagSet.length === 0) await s3.send(new DeleteBucketTaggingCommand({ Bucket: bucket }));
  else await s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet } }));
}

/** In us-east-1 S3 answers success for a bucket that the account has already: two resources would share it. */
async function refuseOwned(s3: S3Client, name: string, region: string): Promise<void> {
  if (region !== "us-east-1" || !(await orGone(s3.send(new HeadBucketCommand({ Bucket: name }))))) return;
  throw Object.assign(new Error(`the account has a bucket named ${name} already; choose another name`), {
    name: "BucketAlreadyOwnedByYou",
    $metadata: {},
  });
}

export const bucket = defineResource<aws.s3.BucketArgs>({
  type: "aws:s3/bucket:Bucket",
  aliases: ["aws:s3/bucketV2:BucketV2"],
  autoname: {
    property: "bucket",
    maximumLength: 63,
    transform: (name) => name.toLowerCase().replace(/[^a-z0-9.-]/g, "-"),
  },
  taggable: true,
  replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
  computed: ["arn", "bucketDomainName", "bucketRegionalDomainName", "hostedZoneId", "bucketRegion"],

  async create(inputs, context) {
    const s3 = context.client(S3Client);
    const name = inputs.bucket!;
    await refuseOwned(s3, name, context.region);
    await s3.send(
      new CreateBucketCommand({
        Bucket: name,
        ObjectLockEnabledForBucket: inputs.objectLockEnabled,
        CreateBucketConfiguration:
          context.region === "us-east-1"
            ? undefined
            : { LocationConstraint: context.region as BucketLocationConstraint },
      }),
    );
    context.created(name);
    if (inputs.tags) await putTags(name, inputs.tags, context);
    return { id: name };
  },

  async read(id, _properties, context) {
    const s3 = context.client(S3Client);
    const head = await orGone(s3.send(new HeadBucketCommand({ Bucket: id })));
    if (!head) return undefined;
    const [tagging, lock] = await Promise.all([
      orGone(s3.send(new GetBucketTaggingCommand({ Bucket: id }))),
      orGone(s3.send(new GetObjectLockConfigurationCommand({ Bucket: id }))),
    ]);
    return {
      bucket: id,
      // HeadBucket of S3 answers the ARN and the region; an emulator that answers less gets what S3 defines.
      arn: head.BucketArn ?? `arn:aws:s3:::${id}`,
      bucketRegion: head.BucketRegion ?? context.region,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${head.BucketRegion ?? context.region}.amazonaws.com`,
      tags: fromTagList(tagging?.TagSet),
      objectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
    };
  },

  async update(id, olds, news, context) {
    if (JSON.stringify(olds.tags ?? {}) !== JSON.stringify(news.tags ?? {}))
      await putTags(id, news.tags, context);
  },

  async delete(id, properties, context) {
    const s3 = context.client(S3Client);
    if (properties.forceDestroy) await emptyBucket(s3, id);
    await s3.send(new DeleteBucketCommand({ Bucket: id }));
  },
});
