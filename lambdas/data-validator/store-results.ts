import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { pipeline } from "node:stream/promises";

import type { S3Client } from "@aws-sdk/client-s3";

import type { DataContract } from "../../components/contracts/data-contract";
import { putFile, writeText } from "../shared/objects";
import { copyObject } from "./copy-object";
import { curatedKeyOf } from "./file-format";
import { readLines } from "./line-writer";
import type { QualityReport } from "./quality-report";
import type { RawObject } from "./raw-object";
import { renderReport } from "./report-page";
import type { Settings } from "./settings";
import type { FileResult } from "./file-result";
import { Outcome } from "./verdict";

/** Media type of Parquet. */
const parquetType = "application/vnd.apache.parquet";

/**
 * Stores what a validation gave: report and page for every delivery, and reasons, bad rows, the file itself or the good
 * rows by its outcome.
 * @returns key of the curated file; none when there is no good row
 */
export async function storeResults(
  s3: S3Client,
  settings: Settings,
  object: RawObject,
  report: QualityReport,
  result: FileResult,
  contract: DataContract,
): Promise<string | undefined> {
  const { QUARANTINE_BUCKET: quarantine } = settings;
  await storeReport(s3, quarantine, report, contract);
  // Reasons first: a file in quarantine without its reasons would be a riddle, the reverse is only early.
  if (report.outcome !== Outcome.Curated) await storeReasons(s3, quarantine, report, result);
  if (report.outcome === Outcome.Quarantined) {
    await copyObject(s3, { bucket: settings.RAW_BUCKET, ...object }, { bucket: quarantine, key: object.key });
  }
  if (report.outcome === Outcome.Split && result.badFile !== undefined) {
    const key = `${object.key}.rows.jsonl`;
    await putFile(s3, { bucket: quarantine, key }, result.badFile, "application/jsonl");
  }
  return storeGoodRows(s3, settings.CURATED_BUCKET, report, result);
}

async function storeReport(
  s3: S3Client,
  bucket: string,
  report: QualityReport,
  contract: DataContract,
): Promise<void> {
  const key = `reports/${report.key}`;
  await writeText(s3, { bucket, key: `${key}.json` }, JSON.stringify(report), "application/json");
  const page = renderReport(report, contract);
  await writeText(s3, { bucket, key: `${key}.html` }, page, "text/html; charset=utf-8");
}

/** The counts and the list of bad rows as one JSON document, put together on disk because the list can be long. */
async function storeReasons(
  s3: S3Client,
  bucket: string,
  report: QualityReport,
  { reasonsFile }: FileResult,
): Promise<void> {
  const {
    key,
    versionId,
    contract,
    outcome,
    fileFaults,
    totalRows,
    goodRows,
    badRows,
    duplicateRows,
    runId,
  } = report;
  const head = {
    key,
    versionId,
    contract,
    outcome,
    fileFaults,
    totalRows,
    goodRows,
    badRows,
    duplicateRows,
    runId,
  };
  const target = { bucket, key: `${report.key}.reasons.json` };
  const start = `${JSON.stringify(head).slice(0, -1)},"rows":[\n`;
  if (reasonsFile === undefined) {
    await writeText(s3, target, `${start}]}\n`, "application/json");
    return;
  }
  const document = `${reasonsFile}.whole`;
  await pipeline(membersOf(reasonsFile, start), fs.createWriteStream(document));
  await putFile(s3, target, document, "application/json");
}

/** A file of JSON lines as members of an array. */
async function* membersOf(file: string, start: string): AsyncGenerator<string, void> {
  yield start;
  let separator = "";
  for await (const line of readLines(file)) {
    yield separator + line;
    separator = ",\n";
  }
  yield "\n]}\n";
}

async function storeGoodRows(
  s3: S3Client,
  bucket: string,
  report: QualityReport,
  { goodFile }: FileResult,
): Promise<string | undefined> {
  if (goodFile === undefined || report.goodRows === 0) return undefined;
  const key = curatedKeyOf(report.key);
  await putFile(s3, { bucket, key }, goodFile, parquetType, {
    rows: String(report.goodRows),
    sha256: await sha256Of(goodFile),
    "run-id": report.runId,
    "contract-version": report.contract.version,
  });
  return key;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest("hex");
}
