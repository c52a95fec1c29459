import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { CopyObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import type { DataContract } from "../../components/contracts/data-contract";
import { openObject } from "../shared/objects";
import { RowFiles } from "./row-files";
import type { Settings } from "./settings";
import { ValidationResult, validateCsv } from "./validate-csv";
import { judgeFile, Outcome, Verdict } from "./verdict";

/** One version of an object in the raw zone. */
export interface RawObject {
  key: string;
  /** Version, where the bucket keeps versions. */
  versionId?: string;
  etag: string;
  /** Bytes. */
  size: number;
}

/** What became of an object. */
export interface ObjectReport {
  key: string;
  versionId?: string;
  contract: { dataset: string; version: string };
  outcome: Outcome;
  fileFaults: string[];
  totalRows: number;
  goodRows: number;
  badRows: number;
}

/**
 * Checks one object of the raw zone, and stores its rows in the curated zone, in quarantine, or both. The raw object
 * stays. A second run on the same version stores the same again.
 */
export async function validateObject(
  object: RawObject,
  s3: S3Client,
  settings: Settings,
): Promise<ObjectReport> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "validation-"));
  try {
    const contract = settings.CONTRACT;
    const files = new RowFiles(
      folder,
      contract.columns.map(({ name }) => name),
    );
    const result = await check(object, s3, settings, files).finally(() => files.close());
    const verdict = judgeFile(result, contract);
    const report = reportOf(object, contract, result, verdict);
    await store(report, object, files, s3, settings);
    return report;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function check(
  object: RawObject,
  s3: S3Client,
  settings: Settings,
  files: RowFiles,
): Promise<ValidationResult> {
  const limit = settings.MAXIMUM_FILE_BYTES;
  if (object.size > limit) {
    const fault = `The file has ${object.size} bytes; at most ${limit} are checked. Deliver it in smaller files.`;
    return { fileFaults: [fault], totalRows: 0, goodRows: 0, badRows: 0 };
  }
  const bytes = await openObject(s3, { bucket: settings.RAW_BUCKET, key: object.key }, object.versionId);
  return validateCsv(bytes, settings.CONTRACT, files);
}

function reportOf(
  { key, versionId }: RawObject,
  { dataset, version }: DataContract,
  { totalRows, goodRows, badRows }: ValidationResult,
  { outcome, fileFaults }: Verdict,
): ObjectReport {
  return {
    key,
    versionId,
    contract: { dataset, version },
    outcome,
    fileFaults,
    totalRows,
    goodRows,
    badRows,
  };
}

async function store(
  report: ObjectReport,
  object: RawObject,
  files: RowFiles,
  s3: S3Client,
  settings: Settings,
): Promise<void> {
  // Reasons first: a file in quarantine without its reasons would be a riddle, the reverse is only early.
  if (report.outcome !== Outcome.Curated) await storeReasons(report, files, s3, settings);
  if (report.outcome === Outcome.Quarantined) await copyToQuarantine(object, s3, settings);
  if (report.outcome === Outcome.Split) {
    await putFile(s3, settings.QUARANTINE_BUCKET, object.key, files.badFile, "text/csv");
  }
  if (report.outcome !== Outcome.Quarantined) {
    await putFile(s3, settings.CURATED_BUCKET, object.key, files.goodFile, "text/csv");
  }
}

/** The report and the list of bad rows as one JSON document, put together on disk because the list can be long. */
async function storeReasons(
  report: ObjectReport,
  files: RowFiles,
  s3: S3Client,
  settings: Settings,
): Promise<void> {
  const document = `${files.reasonsFile}.whole`;
  const head = JSON.stringify(report).slice(0, -1);
  fs.writeFileSync(document, `${head},"rows":[\n`);
  const list = fs.createReadStream(files.reasonsFile);
  for await (const piece of list) fs.appendFileSync(document, piece as Buffer);
  fs.appendFileSync(document, "\n]}\n");
  await putFile(s3, settings.QUARANTINE_BUCKET, `${report.key}.reasons.json`, document, "application/json");
}

async function copyToQuarantine(
  { key, versionId }: RawObject,
  s3: S3Client,
  settings: Settings,
): Promise<void> {
  const source = [settings.RAW_BUCKET, ...key.split("/")].map(encodeURIComponent).join("/");
  const version = versionId === undefined ? "" : `?versionId=${encodeURIComponent(versionId)}`;
  await s3.send(
    new CopyObjectCommand({ Bucket: settings.QUARANTINE_BUCKET, Key: key, CopySource: source + version }),
  );
}

async function putFile(
  s3: S3Client,
  bucket: string,
  key: string,
  file: string,
  contentType: string,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: fs.createReadStream(file),
      // A stream's length is unknown to the client; without it S3 refuses the request.
      ContentLength: fs.statSync(file).size,
      ContentType: contentType,
    }),
  );
}
