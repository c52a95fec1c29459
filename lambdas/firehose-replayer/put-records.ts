import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";

import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";

/** What Kinesis takes in one call, with room for the partition keys. */
const maximumRecords = 500;
const maximumBytes = 4 * 1024 * 1024;
const maximumAttempts = 6;

/**
 * Puts records on a stream. Records that the stream throttles are tried again, each time after a longer pause.
 * @param pause - waits some milliseconds
 * @throws Error when the stream does not take a record at the last attempt either
 */
export async function putRecords(
  kinesis: KinesisClient,
  streamArn: string,
  records: Buffer[],
  pause: (milliseconds: number) => Promise<unknown> = setTimeout,
): Promise<void> {
  for (const part of packed(records)) {
    let waiting = part;
    for (let attempt = 1; waiting.length > 0; attempt++) {
      const { refused, reason } = await putOnce(kinesis, streamArn, waiting);
      if (refused.length > 0 && attempt === maximumAttempts) {
        throw new Error(
          `The stream did not take ${refused.length} records after ${attempt} attempts: ${reason}`,
        );
      }
      if (refused.length > 0) await pause(Math.random() * 100 * 2 ** attempt);
      waiting = refused;
    }
  }
}

async function putOnce(
  kinesis: KinesisClient,
  streamArn: string,
  records: Buffer[],
): Promise<{ refused: Buffer[]; reason: string }> {
  const { Records = [] } = await kinesis.send(
    new PutRecordsCommand({
      StreamARN: streamArn,
      Records: records.map((Data) => ({
        Data,
        // The content spreads records over the shards; their order is lost already.
        PartitionKey: createHash("sha256").update(Data).digest("hex").slice(0, 32),
      })),
    }),
  );
  const codes = Records.map(({ ErrorCode }) => ErrorCode);
  return {
    refused: records.filter((_, index) => codes[index] !== undefined),
    reason: codes.find((code) => code !== undefined) ?? "",
  };
}

/** Cuts records into calls that Kinesis takes. */
export function packed(records: Buffer[]): Buffer[][] {
  const parts: Buffer[][] = [];
  let bytes = 0;
  for (const record of records) {
    const last = parts.at(-1);
    if (last === undefined || last.length === maximumRecords || bytes + record.length > maximumBytes) {
      parts.push([record]);
      bytes = record.length;
    } else {
      last.push(record);
      bytes += record.length;
    }
  }
  return parts;
}
