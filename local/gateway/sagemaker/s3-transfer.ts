import * as fs from "node:fs";
import * as fsp from "node:fs/promises";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** A fault in what the job's caller gave: SageMaker starts its failure reason with `ClientError`. */
export class ClientError extends Error {}

/** Bucket and key of `s3://bucket/key`. */
export interface S3Location {
  bucket: string;
  key: string;
}

export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  if (!match?.[1]) throw new ClientError(`"${uri}" is not an S3 URI; it has to look like s3://bucket/key.`);
  return { bucket: match[1], key: match[2] ?? "" };
}

/** `s3://bucket/prefix` and more parts, with single slashes between them. */
export function joinS3Uri(base: string, ...parts: string[]): string {
  return [base.replace(/\/+$/, ""), ...parts].join("/");
}

/**
 * Path of an object below the folder that its prefix is downloaded to: an object named by the whole prefix keeps its
 * own name, one below a prefix that is a folder keeps the rest, one that only starts alike is named from the last slash.
 */
export function relativePath(prefix: string, key: string): string {
  if (key === prefix) return path.posix.basename(key);
  const rest = key.slice(prefix.length);
  if (prefix === "" || prefix.endsWith("/")) return rest;
  return rest.startsWith("/") ? rest.slice(1) : key.slice(prefix.lastIndexOf("/") + 1);
}

const parallelTransfers = 8;

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(parallelTransfers, items.length) }, worker));
}

async function listKeys(client: S3Client, location: S3Location): Promise<string[]> {
  const keys: string[] = [];
  const request = { Bucket: location.bucket, Prefix: location.key };
  for await (const page of paginateListObjectsV2({ client }, request)) {
    for (const object of page.Contents ?? [])
      if (object.Key && !object.Key.endsWith("/")) keys.push(object.Key);
  }
  return keys;
}

/** Downloads one object to a file. */
export async function downloadObject(
  client: S3Client,
  location: S3Location,
  file: string,
  gunzip = false,
): Promise<void> {
  const answer = await client.send(new GetObjectCommand({ Bucket: location.bucket, Key: location.key }));
  await fsp.mkdir(path.dirname(file), { recursive: true });
  const body = answer.Body as Readable;
  const target = fs.createWriteStream(file);
  await (gunzip ? pipeline(body, createGunzip(), target) : pipeline(body, target));
}

/** Downloads every object under a prefix into a folder; none at all is an error, as it is for SageMaker. */
export async function downloadPrefix(
  client: S3Client,
  uri: string,
  folder: string,
  gunzip = false,
): Promise<void> {
  const location = parseS3Uri(uri);
  let keys: string[];
  try {
    keys = await listKeys(client, location);
  } catch (error) {
    throw new ClientError(`Data download failed: ${(error as Error).message} (${uri})`);
  }
  if (keys.length === 0) {
    throw new ClientError(`No S3 objects found under S3 URL "${uri}" given in input data source.`);
  }
  await fsp.mkdir(folder, { recursive: true });
  await inParallel(keys, async (key) => {
    const unpack = gunzip && key.endsWith(".gz");
    const relative = relativePath(location.key, key);
    const file = path.resolve(folder, unpack ? relative.slice(0, -".gz".length) : relative);
    if (!file.startsWith(path.resolve(folder) + path.sep)) {
      throw new ClientError(`The key "${key}" leads out of the folder of its channel.`);
    }
    await downloadObject(client, { bucket: location.bucket, key }, file, unpack);
  });
}

/** Uploads one file; `kmsKeyId` encrypts it as the job's output configuration asks. */
export async function uploadFile(
  client: S3Client,
  file: string,
  uri: string,
  kmsKeyId?: string,
): Promise<void> {
  const { bucket, key } = parseS3Uri(uri);
  const { size } = await fsp.stat(file);
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: fs.createReadStream(file),
      ContentLength: size,
      ...(kmsKeyId ? { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKeyId } : {}),
    }),
  );
}

/** Every file below a folder, relative to it, with forward slashes. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await fsp.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

/** Uploads a folder under a prefix. */
export async function uploadFolder(
  client: S3Client,
  folder: string,
  uri: string,
  kmsKeyId?: string,
): Promise<void> {
  const files = await filesBelow(folder);
  await inParallel(files, (file) =>
    uploadFile(client, path.join(folder, file), joinS3Uri(uri, file), kmsKeyId),
  );
}
