import {
  DeleteObjectTaggingCommand,
  type GetObjectCommandOutput,
  GetObjectCommand,
  GetObjectTaggingCommand,
  type HeadObjectCommandOutput,
  HeadObjectCommand,
  type ObjectCannedACL,
  type ObjectLockLegalHoldStatus,
  type ObjectLockMode,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  type ServerSideEncryption,
  type StorageClass,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { assetBytes, isAssetLike } from "../../../shared/assets";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { deleteVersions } from "./empty-bucket";

type Inputs = Plain<aws.s3.BucketObjectv2Args>;

function body(inputs: Inputs): Uint8Array {
  if (inputs.content !== undefined) return Buffer.from(inputs.content, "utf8");
  if (inputs.contentBase64 !== undefined) return Buffer.from(inputs.contentBase64, "base64");
  return isAssetLike(inputs.source) ? assetBytes(inputs.source) : new Uint8Array();
}

async function put(inputs: Inputs, context: HandlerContext): Promise<void> {
  const until = inputs.objectLockRetainUntilDate;
  await context.client(S3Client).send(
    new PutObjectCommand({
      Bucket: String(inputs.bucket),
      Key: inputs.key,
      Body: body(inputs),
      ACL: inputs.acl as ObjectCannedACL | undefined,
      BucketKeyEnabled: inputs.bucketKeyEnabled,
      CacheControl: inputs.cacheControl,
      ContentDisposition: inputs.contentDisposition,
      ContentEncoding: inputs.contentEncoding,
      ContentLanguage: inputs.contentLanguage,
      ContentType: inputs.contentType,
      Metadata: inputs.metadata,
      ObjectLockLegalHoldStatus: inputs.objectLockLegalHoldStatus as ObjectLockLegalHoldStatus | undefined,
      ObjectLockMode: inputs.objectLockMode as ObjectLockMode | undefined,
      ObjectLockRetainUntilDate: until === undefined ? undefined : new Date(until),
      ServerSideEncryption: (inputs.serverSideEncryption ?? (inputs.kmsKeyId ? "aws:kms" : undefined)) as
        ServerSideEncryption | undefined,
      SSEKMSKeyId: inputs.kmsKeyId,
      StorageClass: inputs.storageClass as StorageClass | undefined,
      Tagging: inputs.tags && new URLSearchParams(inputs.tags).toString(),
      WebsiteRedirectLocation: inputs.websiteRedirect,
    }),
  );
}

/** An id is `bucket/key`; a bucket's name has no slash, a key may have many. */
function parts(id: string): { Bucket: string; Key: string } {
  const slash = id.indexOf("/");
  return { Bucket: id.slice(0, slash), Key: id.slice(slash + 1) };
}

/** The content that the program gave, as it is stored now; a changed file shows as no file at all. */
async function content(id: string, properties: Properties, etag: string | undefined, s3: S3Client) {
  const known = properties.etag;
  if (known === undefined || known === etag) return {};
  if (typeof properties.content === "string") return { content: await text(id, s3, "utf8") };
  if (typeof properties.contentBase64 === "string") return { contentBase64: await text(id, s3, "base64") };
  return { source: undefined };
}

async function text(id: string, s3: S3Client, encoding: "utf8" | "base64"): Promise<string | undefined> {
  const answer: GetObjectCommandOutput = await s3.send(new GetObjectCommand(parts(id)));
  const bytes = await answer.Body?.transformToByteArray();
  return bytes && Buffer.from(bytes).toString(encoding);
}

/** Settings that S3 answers only where they differ from its defaults, so they are looked at where they were given. */
function givenHeaders(head: HeadObjectCommandOutput, properties: Properties): Properties {
  const headers: Properties = {
    cacheControl: head.CacheControl,
    contentDisposition: head.ContentDisposition,
    contentLanguage: head.ContentLanguage,
    contentEncoding: head.ContentEncoding,
    metadata: head.Metadata,
    websiteRedirect: head.WebsiteRedirectLocation,
  };
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined || name in properties),
  );
}

export const object = defineResource<aws.s3.BucketObjectv2Args>({
  type: "aws:s3/bucketObjectv2:BucketObjectv2",
  aliases: ["aws:s3/bucketObject:BucketObject"],
  autoname: { property: "key", maximumLength: 1024 },
  required: ["bucket"],
  replaceOn: ["bucket", "key"],
  verbatim: ["content", "contentBase64"],
  taggable: true,
  computed: ["arn", "etag", "versionId", "contentType", "storageClass", "serverSideEncryption"],
  changedByUpdate: ["etag", "versionId"],

  async create(inputs, context) {
    await put(inputs, context);
    return { id: `${String(inputs.bucket)}/${inputs.key}` };
  },

  async read(id, properties, context) {
    const s3 = context.client(S3Client);
    const head = await orGone(s3.send(new HeadObjectCommand(parts(id))));
    if (!head) return undefined;
    const tagging = await orGone(s3.send(new GetObjectTaggingCommand(parts(id))));
    const etag = head.ETag?.replaceAll('"', "");
    const { Bucket, Key } = parts(id);
    return {
      bucket: Bucket,
      key: Key,
      // S3 has no call that answers an object's ARN; this is its definition.
      arn: `arn:aws:s3:::${id}`,
      etag,
      versionId: head.VersionId,
      contentType: head.ContentType,
      storageClass: head.StorageClass ?? "STANDARD",
      tags: fromTagList(tagging?.TagSet),
      ...givenHeaders(head, properties),
      ...(await content(id, properties, etag, s3)),
    };
  },

  async update(id, olds, news, context) {
    const onlyTags = Object.keys({ ...olds, ...news })
      .filter((name) => name in news && name !== "tags")
      .every((name) => sameValue((olds as Properties)[name], (news as Properties)[name], { verbatim: true }));
    if (!onlyTags) return put(news, context);
    const s3 = context.client(S3Client);
    const TagSet = toTagList(news.tags);
    if (TagSet.length === 0) await s3.send(new DeleteObjectTaggingCommand(parts(id)));
    else await s3.send(new PutObjectTaggingCommand({ ...parts(id), Tagging: { TagSet } }));
  },

  async delete(id, properties, context) {
    const { Bucket, Key } = parts(id);
    await deleteVersions(context.client(S3Client), Bucket, {
      prefix: Key,
      only: (key) => key === Key,
      bypassGovernance: properties.forceDestroy === true,
    });
  },
});
