import { createHash } from "node:crypto";

import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import type { DecodedPayload } from "./decode";
import type { Delivery } from "./deliveries";
import type { Settings } from "./settings";

/** A message with what was read from it. */
export interface DecodedDelivery {
  delivery: Delivery;
  decoded: DecodedPayload;
}

/** An object of the raw zone that a batch becomes. */
export interface RawObject {
  key: string;
  /** JSON Lines. */
  body: string;
}

/**
 * Sorts messages into one group for each hour in which their origin took them. Within a group they stand in the order
 * of their origins, whatever order they came in, so that a batch that is delivered again gives the same object.
 */
export function groupByHour(deliveries: DecodedDelivery[]): DecodedDelivery[][] {
  const groups = new Map<string, DecodedDelivery[]>();
  for (const entry of deliveries) {
    const folder = hourFolder(entry.delivery.arrivedAt);
    groups.set(folder, [...(groups.get(folder) ?? []), entry]);
  }
  return [...groups.values()].map((group) =>
    group.sort((one, other) => compare(one.delivery.origin, other.delivery.origin)),
  );
}

/** The object of one group of {@link groupByHour}; undefined when no record of it can become a row. */
export function rawObjectOf(group: DecodedDelivery[], settings: Settings): RawObject | undefined {
  const lines = group.flatMap(({ delivery, decoded }) =>
    settings.ADD_METADATA ? decoded.records.map((record) => withMetadata(record, delivery)) : decoded.records,
  );
  if (lines.length === 0) return undefined;
  const origins = group.map(({ delivery }) => delivery.origin);
  const body = `${lines.join("\n")}\n`;
  // With the content: what is replayed from a part of a message has the message's origin.
  const hash = createHash("sha256").update(JSON.stringify(origins)).update(body).digest("hex").slice(0, 32);
  const folder = hourFolder(group[0]?.delivery.arrivedAt);
  return {
    key: `${settings.DATASET}/${settings.SOURCE}/${folder}/${hash}.jsonl`,
    body,
  };
}

/** Stores an object, replacing the one of an earlier delivery. */
export async function writeRawObject(s3: S3Client, bucket: string, { key, body }: RawObject): Promise<void> {
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: "application/x-ndjson" }),
  );
}

/**
 * Folders in the style of Hive, in UTC. A message whose time nobody knows is `undated`, and so is one with a time that no
 * calendar of four digits has: producers set what they like.
 */
function hourFolder(arrivedAt: number | undefined): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)/.exec(isoTime(arrivedAt) ?? "");
  if (parts === null) return "undated";
  const [, year, month, day, hour] = parts;
  return `year=${year}/month=${month}/day=${day}/hour=${hour}`;
}

function isoTime(milliseconds: number | undefined): string | undefined {
  const time = new Date(milliseconds ?? NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Puts two fields behind those of a record, without reading it. */
function withMetadata(record: string, { origin, arrivedAt }: Delivery): string {
  const metadata = {
    source_origin: origin,
    source_time: isoTime(arrivedAt) ?? null,
  };
  const fields = record.slice(0, record.lastIndexOf("}")).trimEnd();
  const separator = fields.endsWith("{") ? "" : ",";
  return `${fields}${separator}${JSON.stringify(metadata).slice(1)}`;
}
