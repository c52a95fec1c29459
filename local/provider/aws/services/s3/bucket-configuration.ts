import { S3Client } from "@aws-sdk/client-s3";
import { orGone } from "../../framework/errors";
import { defineResource, type Plain, type Properties, type ResourceHandler } from "../../framework/types";

/** A setting of a bucket that has calls of its own: `put` sets all of it, `get` reads it, `remove` goes back to the default. */
interface BucketConfiguration<Args> {
  type: string;
  aliases?: string[];
  required: (keyof Plain<Args> & string)[];
  unordered?: (keyof Plain<Args> & string)[];
  put(s3: S3Client, bucket: string, inputs: Plain<Args>): Promise<unknown>;
  /** Undefined when the bucket has no such setting. */
  get(s3: S3Client, bucket: string): Promise<Properties | undefined>;
  remove(s3: S3Client, bucket: string): Promise<unknown>;
}

interface BucketArgs {
  bucket: string;
}

/** Handler of a bucket setting: its id is the bucket's name, and another bucket replaces it. */
export function bucketConfiguration<Args>(configuration: BucketConfiguration<Args>): ResourceHandler {
  const { type, aliases, required, unordered, put, get, remove } = configuration;
  return defineResource<Args>({
    type,
    aliases,
    required,
    unordered,
    replaceOn: ["bucket", "expectedBucketOwner"] as (keyof Plain<Args> & string)[],
    async create(inputs, context) {
      const { bucket } = inputs as BucketArgs;
      await put(context.client(S3Client), bucket, inputs);
      context.created(bucket);
      return { id: bucket };
    },
    async read(id, _properties, context) {
      const found = await orGone(get(context.client(S3Client), id));
      return found && { bucket: id, ...found };
    },
    async update(id, _olds, news, context) {
      await put(context.client(S3Client), id, news);
    },
    async delete(id, _properties, context) {
      await remove(context.client(S3Client), id);
    },
  });
}
