import { createInterface } from "node:readline";

import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";

import type { PredictionRecord } from "../../components/contracts/prediction-record";
import { openObject } from "../shared/objects";
import { partitionPrefixes, Window } from "./window";

/** The part of a prediction record that the detector reads. */
export type ObservedRecord = Pick<PredictionRecord, "time" | "features">;

const recordSchema = z.object({
  time: z.string(),
  features: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
}) satisfies z.ZodType<ObservedRecord>;

/** What was read beside the records. */
export interface ReadCounts {
  objects: number;
  /** Lines that are no prediction record. */
  unreadableLines: number;
}

/** Reads one line; undefined when it is no prediction record. */
export function parseRecord(line: string): ObservedRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Hands over every record of a window, one at a time. The record's own time decides, not the partition's. */
export async function readRecords(
  s3: S3Client,
  source: { bucket: string; model: string; window: Window },
  visit: (record: ObservedRecord) => void,
): Promise<ReadCounts> {
  const counts: ReadCounts = { objects: 0, unreadableLines: 0 };
  const { start, end } = source.window;
  for (const prefix of partitionPrefixes(source.model, source.window)) {
    for await (const page of paginateListObjectsV2(
      { client: s3 },
      { Bucket: source.bucket, Prefix: prefix },
    )) {
      for (const { Key: key } of page.Contents ?? []) {
        if (!key?.endsWith(".jsonl")) continue;
        counts.objects++;
        for await (const line of createInterface({
          input: await openObject(s3, { bucket: source.bucket, key }),
        })) {
          if (line.trim() === "") continue;
          const record = parseRecord(line);
          const time = record === undefined ? Number.NaN : Date.parse(record.time);
          if (record === undefined || Number.isNaN(time)) counts.unreadableLines++;
          else if (time >= start.getTime() && time < end.getTime()) visit(record);
        }
      }
    }
  }
  return counts;
}
