import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";

import type { DatasetManifest } from "../../components/contracts/dataset-manifest";
import { openObject, readText } from "./objects";

/** A Parquet file of a data set in the curated zone. */
export interface CuratedFile {
  key: string;
  bytes: number;
  /** Entity tag: another one means other content. */
  etag: string;
  /** Version of the object, where it is known. */
  versionId?: string;
  /** When it arrived; undefined for a file that a manifest names. */
  lastModified?: Date;
}

/** Every Parquet file of a data set, in the order of their keys. */
export async function listCurated(s3: S3Client, bucket: string, dataset: string): Promise<CuratedFile[]> {
  const files: CuratedFile[] = [];
  for (let token: string | undefined; ;) {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `${dataset}/`, ContinuationToken: token }),
    );
    for (const { Key = "", Size = 0, ETag = "", LastModified } of page.Contents ?? []) {
      if (!Key.endsWith(".parquet")) continue;
      files.push({ key: Key, bytes: Size, etag: ETag.replaceAll('"', ""), lastModified: LastModified });
    }
    token = page.NextContinuationToken;
    if (token === undefined) return files;
  }
}

const manifestSchema = z.object({
  dataset: z.string(),
  id: z.string(),
  files: z.array(
    z.object({ key: z.string(), versionId: z.string().optional(), bytes: z.number(), sha256: z.string() }),
  ),
}) satisfies z.ZodType<Pick<DatasetManifest, "dataset" | "id">>;

/**
 * The files of one version of a data set.
 * @throws Error when the version does not exist or its manifest is of another data set
 */
export async function filesOfVersion(
  s3: S3Client,
  bucket: string,
  dataset: string,
  id: string,
): Promise<CuratedFile[]> {
  const key = `manifests/${dataset}/${id}.json`;
  const manifest = manifestSchema.parse(JSON.parse(await readText(s3, { bucket, key })));
  if (manifest.dataset !== dataset) throw new Error(`${key} is a manifest of ${manifest.dataset}.`);
  return manifest.files.map((file) => ({
    key: file.key,
    bytes: file.bytes,
    etag: file.sha256,
    ...(file.versionId === undefined ? {} : { versionId: file.versionId }),
  }));
}

/** Copies an object to a local file, piece by piece. */
export async function download(
  s3: S3Client,
  bucket: string,
  file: Pick<CuratedFile, "key" | "versionId">,
  target: string,
): Promise<void> {
  const body = await openObject(s3, { bucket, key: file.key }, file.versionId);
  await pipeline(body, createWriteStream(target));
}
