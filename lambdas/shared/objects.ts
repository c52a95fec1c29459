import type { Readable } from "node:stream";

import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import { S3Location, s3Uri } from "./s3-uri";

/**
 * Reads a small object as text.
 * @throws Error that names the object when it cannot be read
 */
export async function readText(s3: S3Client, location: S3Location): Promise<string> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: location.bucket, Key: location.key }));
    return (await Body?.transformToString("utf-8")) ?? "";
  } catch (error) {
    throw new Error(`${s3Uri(location)} could not be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Opens an object for reading piece by piece. */
export async function openObject(s3: S3Client, location: S3Location, versionId?: string): Promise<Readable> {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: location.bucket, Key: location.key, VersionId: versionId }),
  );
  if (Body === undefined) throw new Error(`${s3Uri(location)} came without a body.`);
  return Body as Readable;
}

/** Stores a text. */
export async function writeText(
  s3: S3Client,
  location: S3Location,
  body: string,
  contentType: string,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: location.bucket,
      Key: location.key,
      Body: body,
      ContentType: contentType,
    }),
  );
}
