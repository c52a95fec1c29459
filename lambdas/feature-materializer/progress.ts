import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";

import type { CuratedFile } from "../shared/curated-files";
import { readText, writeText } from "../shared/objects";
import type { S3Location } from "../shared/s3-uri";

const progressSchema = z.object({
  /** Milliseconds since 1970: arrival of the newest file that was materialized. */
  arrivedUntil: z.number(),
  /** Files that were materialized and arrived shortly before that, with their entity tags. */
  recent: z.record(z.string(), z.string()),
});

/** How far the materialization of a view has come. */
export type Progress = z.infer<typeof progressSchema>;

/** Nothing was materialized yet. */
export const noProgress: Progress = { arrivedUntil: 0, recent: {} };

/** A file that arrived, with the milliseconds since 1970 at which it did. */
export interface ArrivedFile extends CuratedFile {
  arrived: number;
}

/**
 * The files that are still to be materialized, in the order of their arrival. It goes by arrival and not by event time,
 * so data that comes late is never missed; the overlap covers files whose arrival was stamped by different clocks.
 */
export function filesToDo(files: CuratedFile[], progress: Progress, overlapSeconds: number): ArrivedFile[] {
  const from = progress.arrivedUntil - overlapSeconds * 1000;
  return files
    .map((file) => ({ ...file, arrived: file.lastModified?.getTime() ?? 0 }))
    .filter(({ arrived }) => arrived > from)
    .filter(({ key, etag }) => progress.recent[key] !== etag)
    .sort((a, b) => a.arrived - b.arrived || (a.key < b.key ? -1 : 1));
}

/** Groups files, in their order, so that each group takes at most so many bytes; a larger file stands alone. */
export function batchesOf(files: ArrivedFile[], maximumBytes: number): ArrivedFile[][] {
  const batches: ArrivedFile[][] = [];
  let room = 0;
  for (const file of files) {
    const last = batches.at(-1);
    if (last === undefined || file.bytes > room) {
      batches.push([file]);
      room = maximumBytes - file.bytes;
    } else {
      last.push(file);
      room -= file.bytes;
    }
  }
  return batches;
}

/**
 * Progress after a batch.
 * @param unfinished - keys of files with rows of the future, which are looked at again
 */
export function advance(
  progress: Progress,
  batch: ArrivedFile[],
  unfinished: ReadonlySet<string>,
  files: CuratedFile[],
  overlapSeconds: number,
): Progress {
  const done = batch.filter(({ key }) => !unfinished.has(key));
  const arrivedUntil = Math.max(progress.arrivedUntil, ...batch.map(({ arrived }) => arrived));
  const recent = { ...progress.recent, ...Object.fromEntries(done.map(({ key, etag }) => [key, etag])) };
  const from = arrivedUntil - overlapSeconds * 1000;
  const late = new Set(
    files.filter(({ lastModified }) => (lastModified?.getTime() ?? 0) > from).map(({ key }) => key),
  );
  return {
    arrivedUntil,
    recent: Object.fromEntries(Object.entries(recent).filter(([key]) => late.has(key))),
  };
}

/** Reads how far a view is; a view without a record starts at the beginning. */
export async function readProgress(s3: S3Client, place: S3Location): Promise<Progress> {
  // Asked first: without the right to list a whole bucket, S3 does not say that an object is missing.
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: place.bucket, Prefix: place.key }),
  );
  if (!Contents.some(({ Key }) => Key === place.key)) return noProgress;
  return progressSchema.parse(JSON.parse(await readText(s3, place)));
}

/** Keeps how far a view is. */
export async function writeProgress(s3: S3Client, place: S3Location, progress: Progress): Promise<void> {
  await writeText(s3, place, JSON.stringify(progress), "application/json");
}
