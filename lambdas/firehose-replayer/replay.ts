import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { CopyObjectCommand, DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";

import type { ReplayReport } from "../../components/contracts/dead-letter";
import { readText, writeText } from "../shared/objects";
import { readErrorObject } from "./error-object";
import { putRecords } from "./put-records";
import type { Settings } from "./settings";

/** What a replay works with. */
export interface ReplayContext {
  s3: S3Client;
  kinesis: KinesisClient;
  settings: Settings;
}

/**
 * Puts the records of Firehose's error objects back on the stream, whole objects at a time until at least
 * `maximumRecords` are done. An object moves away once its records are on the stream, so that a replay that breaks off
 * puts a record there twice rather than never. Lines that hold no record stay where they are.
 */
export async function replay(maximumRecords: number, context: ReplayContext): Promise<ReplayReport> {
  const report: ReplayReport = { replayed: 0, failedAgain: 0 };
  for (const key of await errorObjects(context)) {
    if (report.replayed >= maximumRecords) break;
    const { replayed, failedAgain } = await replayObject(key, context);
    report.replayed += replayed;
    report.failedAgain += failedAgain;
  }
  return report;
}

/**
 * Keys of the error objects, oldest first within each kind of error. All are listed before anything is replayed: a
 * record that fails again comes back as a new object, which this replay must not take up.
 */
async function errorObjects({ s3, settings }: ReplayContext): Promise<string[]> {
  const keys: string[] = [];
  let more = true;
  while (more) {
    const { Contents = [], IsTruncated = false } = await s3.send(
      new ListObjectsV2Command({
        Bucket: settings.RAW_BUCKET,
        Prefix: settings.DEAD_LETTER_PREFIX,
        StartAfter: keys.at(-1),
      }),
    );
    keys.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    more = IsTruncated;
  }
  return keys;
}

async function replayObject(key: string, { s3, kinesis, settings }: ReplayContext): Promise<ReplayReport> {
  const location = { bucket: settings.RAW_BUCKET, key };
  const { records, unreadable } = readErrorObject(await readText(s3, location));
  if (records.length === 0) return { replayed: 0, failedAgain: unreadable.length };
  await putRecords(kinesis, settings.STREAM_ARN, records);
  await s3.send(
    new CopyObjectCommand({
      Bucket: settings.RAW_BUCKET,
      Key: settings.REPLAYED_PREFIX + key.slice(settings.DEAD_LETTER_PREFIX.length),
      CopySource: [settings.RAW_BUCKET, ...key.split("/")].map(encodeURIComponent).join("/"),
    }),
  );
  if (unreadable.length > 0) {
    await writeText(s3, location, `${unreadable.join("\n")}\n`, "application/x-ndjson");
  } else await s3.send(new DeleteObjectCommand({ Bucket: settings.RAW_BUCKET, Key: key }));
  return { replayed: records.length, failedAgain: unreadable.length };
}
