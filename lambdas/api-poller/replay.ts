import { createHash } from "node:crypto";

import type { S3Client } from "@aws-sdk/client-s3";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { z } from "zod";

import type { DeadLetter, ReplayReport } from "../../components/contracts/dead-letter";
import { openObject } from "../shared/objects";
import { parseS3Uri } from "../shared/s3-uri";
import { valueAt } from "./json-slices";
import { dayFolder, PageRecords, RawZone, recordsOf } from "./raw-zone";

const deadLetterSchema = z.object({
  dataset: z.string(),
  reason: z.string(),
  payload: z.base64(),
  payloadUri: z.string().optional(),
  origin: z.string().min(1),
  failedAt: z.string(),
}) satisfies z.ZodType<DeadLetter>;

/** What a replay works with. */
export interface ReplayTools {
  s3: S3Client;
  sqs: SQSClient;
  rawZone: RawZone;
  queueUrl: string;
  /** Where a response holds its list of records. */
  recordsPath: string;
  /** Whether another message can still be processed. */
  hasTime(): boolean;
}

/** What a replay did, with the number of rows that it wrote. */
export interface Replayed extends ReplayReport {
  recordsWritten: number;
}

/**
 * Processes dead letters again. A letter whose records are all safe in the raw zone is deleted, every other stays in
 * the queue as it is.
 */
export async function replay(maximumMessages: number, tools: ReplayTools): Promise<Replayed> {
  const { sqs, queueUrl, hasTime } = tools;
  const report: Replayed = { replayed: 0, failedAgain: 0, recordsWritten: 0 };
  // What failed again stays invisible until the end, else it would be received over and over.
  const staying: Message[] = [];
  while (report.replayed + report.failedAgain < maximumMessages && hasTime()) {
    const left = maximumMessages - report.replayed - report.failedAgain;
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(10, left),
        // Without a wait, SQS asks only some of its servers.
        WaitTimeSeconds: 1,
      }),
    );
    if (messages.length === 0) break;
    for (const message of messages) {
      const written = await replayOne(message.Body ?? "", tools);
      if (written === undefined) {
        staying.push(message);
        report.failedAgain++;
      } else {
        await sqs.send(
          new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }),
        );
        report.replayed++;
        report.recordsWritten += written;
      }
    }
  }
  for (const { ReceiptHandle } of staying) {
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
    );
  }
  return report;
}

/** @returns the number of rows written, or undefined when the letter holds something that is still no record */
async function replayOne(body: string, tools: ReplayTools): Promise<number | undefined> {
  const letter = deadLetterSchema.safeParse(parsed(body)).data;
  if (letter === undefined) return undefined;
  const records = recordsIn(await payloadOf(letter, tools.s3), letter.origin, tools.recordsPath);
  if (records === undefined || records.refused.length > 0) return undefined;
  const origin = createHash("sha256").update(letter.origin).digest("hex");
  await tools.rawZone.write(records.lines, `replayed/${dayFolder(letter.failedAt)}`, origin);
  return records.lines.length;
}

async function payloadOf({ payload, payloadUri }: DeadLetter, s3: S3Client): Promise<Buffer> {
  if (payloadUri === undefined) return Buffer.from(payload, "base64");
  const pieces: Buffer[] = [];
  for await (const piece of await openObject(s3, parseS3Uri(payloadUri))) {
    pieces.push(Buffer.from(piece as Buffer));
  }
  return Buffer.concat(pieces);
}

/** The records of a letter, which holds a whole response or one record. */
function recordsIn(payload: Buffer, origin: string, recordsPath: string): PageRecords | undefined {
  const text = payload.toString("utf8");
  const json = parsed(text);
  if (json === undefined) return undefined;
  if (!origin.startsWith("response ")) {
    return recordsOf({ text: `[${text}]`, json: [json] }, "", origin);
  }
  return Array.isArray(valueAt(json, recordsPath))
    ? recordsOf({ text, json }, recordsPath, origin)
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
