import { createHash } from "node:crypto";

import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";

import type { DeadLetter } from "../../components/contracts/dead-letter";
import { s3Uri } from "./s3-uri";

/** A record that cannot become a row. */
export interface RefusedRecord {
  /** Its bytes: of the whole payload, or of the element of an array. */
  payload: Buffer;
  /** One sentence that shows no value of the record, which may be personal. */
  reason: string;
}

/** A refused record and where it came from. */
export interface DeadRecord extends RefusedRecord {
  origin: string;
}

/** The settings of a source that say where dead letters go. */
export interface DeadLetterSettings {
  DATASET: string;
  SOURCE: string;
  RAW_BUCKET: string;
  DEAD_LETTER_QUEUE_URL: string;
}

/** Clients that dead letters are kept with. */
export interface DeadLetterClients {
  s3: S3Client;
  sqs: SQSClient;
}

/** What SQS takes in one call by its older limit, which existing queues still have. */
const maximumRequestBytes = 256 * 1024;
const maximumEntries = 10;
/** Bytes of a payload that still fit into a message after base64, with room for the other fields. */
const maximumInlineBytes = 180 * 1024;

/**
 * Puts refused records into the dead-letter queue.
 * @throws Error when the queue did not take one of them
 */
export async function sendDeadLetters(
  records: DeadRecord[],
  { s3, sqs }: DeadLetterClients,
  settings: DeadLetterSettings,
  now: Date,
): Promise<void> {
  const bodies: string[] = [];
  for (const record of records) bodies.push(JSON.stringify(await deadLetterOf(record, s3, settings, now)));
  for (const part of packed(bodies)) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: settings.DEAD_LETTER_QUEUE_URL,
        Entries: part.map((body, index) => ({ Id: String(index), MessageBody: body })),
      }),
    );
    if (Failed.length > 0) {
      throw new Error(
        `The dead-letter queue did not take ${Failed.length} of ${part.length} messages: ${Failed[0]?.Message ?? Failed[0]?.Code ?? "no reason given"}`,
      );
    }
  }
}

async function deadLetterOf(
  { payload, reason, origin }: DeadRecord,
  s3: S3Client,
  settings: DeadLetterSettings,
  now: Date,
): Promise<DeadLetter> {
  const letter = { dataset: settings.DATASET, reason, origin, failedAt: now.toISOString() };
  if (payload.length <= maximumInlineBytes) return { ...letter, payload: payload.toString("base64") };
  const hash = createHash("sha256").update(payload).digest("hex").slice(0, 32);
  const location = {
    bucket: settings.RAW_BUCKET,
    key: `dead-letters/${settings.DATASET}/${settings.SOURCE}/${hash}`,
  };
  await s3.send(new PutObjectCommand({ Bucket: location.bucket, Key: location.key, Body: payload }));
  return { ...letter, payload: "", payloadUri: s3Uri(location) };
}

/** Cuts messages into calls that SQS takes. */
export function packed(bodies: string[]): string[][] {
  const parts: string[][] = [];
  let bytes = Infinity;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = parts.at(-1);
    if (last === undefined || last.length === maximumEntries || bytes + size > maximumRequestBytes) {
      parts.push([body]);
      bytes = size;
    } else {
      last.push(body);
      bytes += size;
    }
  }
  return parts;
}
