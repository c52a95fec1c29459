import { HeadObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { z } from "zod";

import type { DatasetManifest } from "../../components/contracts/dataset-manifest";
import { listCurated } from "../shared/curated-files";
import { readText } from "../shared/objects";
import { manifestKeys, sageMakerManifest, ValidatedFile, validatedFile } from "./manifest";

/** Questions to S3 at once; S3 serves thousands a second, the Lambda's sockets are fewer. */
const parallelRequests = 32;

/**
 * Every curated file of a data set with what its validation wrote on it.
 * @throws Error that names a file which no validator wrote
 */
export async function readFiles(s3: S3Client, bucket: string, dataset: string): Promise<ValidatedFile[]> {
  const listed = await listCurated(s3, bucket, dataset);
  const files: ValidatedFile[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let file = listed[next++]; file !== undefined; file = listed[next++]) {
      files.push(await readFile(s3, bucket, file.key));
    }
  };
  await Promise.all(Array.from({ length: parallelRequests }, worker));
  return files;
}

async function readFile(s3: S3Client, bucket: string, key: string): Promise<ValidatedFile> {
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  return validatedFile({
    key,
    bytes: head.ContentLength ?? 0,
    versionId: head.VersionId,
    metadata: head.Metadata ?? {},
  });
}

/**
 * Stores a version unless it is there: the list for SageMaker first, so that whoever finds the manifest finds both.
 * @returns the manifest that is stored now: the first one of this version stays
 */
export async function storeManifest(
  s3: S3Client,
  manifest: DatasetManifest,
): Promise<{ stored: DatasetManifest; published: boolean }> {
  const keys = manifestKeys(manifest.dataset, manifest.id);
  await writeOnce(s3, manifest.bucket, keys.sageMaker, JSON.stringify(sageMakerManifest(manifest)));
  const published = await writeOnce(s3, manifest.bucket, keys.manifest, JSON.stringify(manifest));
  const { bucket, dataset, id } = manifest;
  return { stored: published ? manifest : await readManifest(s3, bucket, dataset, id), published };
}

async function writeOnce(s3: S3Client, bucket: string, key: string, body: string): Promise<boolean> {
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: "application/json",
        IfNoneMatch: "*",
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === "PreconditionFailed") return false;
    throw error;
  }
}

/**
 * Reads a version.
 * @throws Error when there is none of that id
 */
export async function readManifest(
  s3: S3Client,
  bucket: string,
  dataset: string,
  id: string,
): Promise<DatasetManifest> {
  const key = manifestKeys(dataset, id).manifest;
  return JSON.parse(await readText(s3, { bucket, key })) as DatasetManifest;
}

const schemaDocument = z.array(z.object({ name: z.string(), type: z.string() }));

/** Reads the columns that the component left. */
export async function readSchema(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<DatasetManifest["schema"]> {
  return schemaDocument.parse(JSON.parse(await readText(s3, { bucket, key })));
}
