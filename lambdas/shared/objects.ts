import * as fs from "node:fs";
import type { Readable } from "node:stream";

import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";

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

/** Stores a local file, piece by piece; at most 5 GiB. */
export async function putFile(
  s3: S3Client,
  location: S3Location,
  file: string,
  contentType: string,
  metadata?: Record<string, string>,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: location.bucket,
      Key: location.key,
      Body: fs.createReadStream(file),
      // A stream's length is unknown to the client; without it S3 refuses the request.
      ContentLength: fs.statSync(file).size,
      ContentType: contentType,
      Metadata: metadata,
    }),
  );
}

/** An object in a listing. */
export interface ListedObject {
  key: string;
  /** Size in bytes. */
  size: number;
}

/** Objects whose keys begin with a prefix, page by page. */
export async function* listObjects(s3: S3Client, prefix: S3Location): AsyncGenerator<ListedObject, void> {
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await s3.send(
      new ListObjectsV2Command({ Bucket: prefix.bucket, Prefix: prefix.key, ContinuationToken: token }),
    );
    for (const { Key, Size } of page.Contents ?? []) {
      if (Key !== undefined) yield { key: Key, size: Size ?? 0 };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}
