import { createHash } from "node:crypto";

import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";

import { DeadRecord, sendDeadLetters } from "../shared/dead-letters";
import { slicesAt, valueAt } from "./json-slices";
import type { ApiPage } from "./response";
import type { Settings } from "./settings";

/** The records of a page. */
export interface PageRecords {
  /** As parsed, good and bad. */
  values: unknown[];
  /** Those that are objects, each as it came, on one line. */
  lines: string[];
  /** The others. */
  refused: DeadRecord[];
}

/** Sorts the records of a page into those that can become rows and those that cannot. */
export function recordsOf({ text, json }: ApiPage, recordsPath: string, origin: string): PageRecords {
  const list = json === undefined ? null : valueAt(json, recordsPath);
  const records: PageRecords = { values: [], lines: [], refused: [] };
  if (!Array.isArray(list) || text === undefined) return records;
  const slices = slicesAt(text, recordsPath);
  for (const [index, value] of list.entries()) {
    const slice = slices[index] ?? "";
    records.values.push(value);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) records.lines.push(slice);
    else {
      records.refused.push({
        payload: Buffer.from(slice),
        reason: `The record is ${kindOf(value)}; a JSON object is needed.`,
        origin: `${origin}#${index}`,
      });
    }
  }
  return records;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** The raw zone with the dead letters beside it. */
export class RawZone {
  constructor(
    private readonly s3: S3Client,
    private readonly sqs: SQSClient,
    private readonly settings: Settings,
  ) {}

  /** Keeps records that could not become rows. */
  async keepDeadLetters(records: DeadRecord[], now: Date): Promise<void> {
    if (records.length === 0) return;
    const { s3, sqs, settings } = this;
    await sendDeadLetters(records, { s3, sqs }, { ...settings }, now);
  }

  /**
   * Stores the lines of a page as one object of JSON Lines. The same page with the same content is the same object,
   * and is written once: a second version of it would be validated as a second delivery.
   * @param folder - between the source and the object, for example `year=2026/month=01/day=31`
   * @param page - words that tell this page from every other
   * @returns whether the object is new
   */
  async write(lines: string[], folder: string, ...page: string[]): Promise<boolean> {
    if (lines.length === 0) return false;
    const { DATASET: dataset, SOURCE: source, RAW_BUCKET: bucket } = this.settings;
    const body = `${lines.join("\n")}\n`;
    const hash = createHash("sha256").update(JSON.stringify(page)).update(body).digest("hex").slice(0, 32);
    try {
      await this.s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${dataset}/${source}/${folder}/${hash}.jsonl`,
          Body: body,
          ContentType: "application/x-ndjson",
          IfNoneMatch: "*",
        }),
      );
    } catch (error) {
      if ((error as Error).name !== "PreconditionFailed") throw error;
      return false;
    }
    return true;
  }
}

/** Folders of a day in the style of Hive, in UTC. */
export function dayFolder(time: string): string {
  const [year, month, day] = time.slice(0, 10).split("-");
  return `year=${year}/month=${month}/day=${day}`;
}
