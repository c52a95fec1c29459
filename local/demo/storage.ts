import * as fs from "node:fs";

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";

/** Text of an object, or undefined when there is none. */
export async function readText(s3: S3Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** `true` when an object is there, else undefined. */
export async function exists(s3: S3Client, uri: string): Promise<true | undefined> {
  const { hostname: Bucket, pathname } = new URL(uri);
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key: pathname.slice(1) }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Stores the bytes of an object in a file. */
export async function download(s3: S3Client, uri: string, file: string): Promise<void> {
  const { hostname: bucket, pathname } = new URL(uri);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: pathname.slice(1) }));
  if (Body === undefined) throw new Error(`${uri} came without a body`);
  fs.writeFileSync(file, await Body.transformToByteArray());
}

/** Stores a text or a file's bytes as an object. */
export async function upload(
  s3: S3Client,
  bucket: string,
  key: string,
  body: string | Uint8Array,
): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
}

/** Deletes all current objects under a prefix; older versions stay where the bucket keeps them. */
export async function clear(s3: S3Client, bucket: string, prefix: string): Promise<number> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  return Contents.length;
}
