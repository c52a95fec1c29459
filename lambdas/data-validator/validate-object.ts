import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { S3Client } from "@aws-sdk/client-s3";

import type { DataContract } from "../../components/contracts/data-contract";
import { emitLineage, runIdOf } from "../shared/lineage";
import { openObject } from "../shared/objects";
import type { BadRow } from "./bad-rows";
import { DynamoDbClaims } from "./dynamodb-claims";
import { fetchReferences } from "./fetch-references";
import { faultsOf, FileFault } from "./file-fault";
import { curatedKeyOf, FileKind, fileKindOf } from "./file-format";
import { readJsonLines } from "./line-writer";
import { lineageOf } from "./lineage";
import { addToProfile, profileLocation, readProfile } from "./profile-store";
import { makeReport, QualityReport } from "./quality-report";
import { identityOf, RawObject } from "./raw-object";
import type { Settings } from "./settings";
import { storeResults } from "./store-results";
import type { StoredProfile } from "./stored-profile";
import { FileResult, refusedFile } from "./file-result";
import { validateFile } from "./validate-file";
import { Outcome } from "./verdict";

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
  duplicateRows: number;
  /** Ways in which the delivery was unlike earlier ones. */
  anomalies: number;
  /** Id of the run in the lineage. */
  runId: string;
  /** Key of the curated file, when there is one. */
  curatedKey?: string;
}

/** Clients of the services that a validation uses. */
export interface Clients {
  s3: S3Client;
  dynamoDb: DynamoDBClient;
  events: EventBridgeClient;
}

/**
 * Checks one object of the raw zone, and stores its rows in the curated zone, in quarantine, or both, with a report. The
 * raw object stays. A second run on the same version stores the same again.
 */
export async function validateObject(
  object: RawObject,
  contract: DataContract,
  clients: Clients,
  settings: Settings,
): Promise<ObjectReport> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "validation-"));
  try {
    const location = profileLocation(settings.CURATED_BUCKET, contract.dataset);
    const { profile } = await readProfile(clients.s3, location);
    const result = await check(object, contract, profile, folder, clients, settings);
    const delivery = {
      key: object.key,
      versionId: object.versionId,
      runId: runIdOf("data-validator", settings.RAW_BUCKET, identityOf(object)),
      deliveredAt: new Date(object.arrivedAt),
    };
    const report = makeReport(delivery, contract, result, profile, await firstReasons(result));
    const curatedKey = await storeResults(clients.s3, settings, object, report, result, contract);
    if (result.outcome !== Outcome.Quarantined && result.summary !== undefined) {
      await addToProfile(clients.s3, location, contract, result.bins, result.summary);
    }
    const places = {
      rawBucket: settings.RAW_BUCKET,
      curatedBucket: settings.CURATED_BUCKET,
      quarantineBucket: settings.QUARANTINE_BUCKET,
      curatedKey,
    };
    await emitLineage(clients.events, lineageOf(report, contract, places));
    return shortReport(report, curatedKey);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function check(
  object: RawObject,
  contract: DataContract,
  profile: StoredProfile | undefined,
  folder: string,
  { s3, dynamoDb }: Clients,
  settings: Settings,
): Promise<FileResult> {
  try {
    const kind = checkedKind(object, settings);
    const { CURATED_BUCKET, MAXIMUM_REFERENCE_BYTES, RECORD_CLAIMS_TABLE } = settings;
    const owner = { dataset: contract.dataset, file: curatedKeyOf(object.key), delivery: identityOf(object) };
    return await validateFile({
      file: () => openObject(s3, { bucket: settings.RAW_BUCKET, key: object.key }, object.versionId),
      kind,
      contract,
      folder,
      references: await fetchReferences(s3, CURATED_BUCKET, contract, folder, MAXIMUM_REFERENCE_BYTES),
      profile,
      limits: {
        fileBytes: settings.MAXIMUM_FILE_BYTES,
        decodedBytes: settings.MAXIMUM_DECODED_BYTES,
        lineBytes: settings.MAXIMUM_LINE_BYTES,
        memoryMegabytes: settings.MEMORY_LIMIT_MEGABYTES,
        threads: settings.ENGINE_THREADS,
      },
      ...(RECORD_CLAIMS_TABLE === undefined
        ? {}
        : { claims: new DynamoDbClaims(dynamoDb, RECORD_CLAIMS_TABLE, owner, settings.RECORD_CLAIM_DAYS) }),
      now: new Date(object.arrivedAt),
      deliveryId: identityOf(object),
      compression: settings.COMPRESSION,
    });
  } catch (error) {
    return refusedFile(faultsOf(error));
  }
}

function checkedKind({ key, size }: RawObject, { MAXIMUM_FILE_BYTES: limit }: Settings): FileKind {
  const kind = fileKindOf(key);
  if (kind === undefined) {
    throw new FileFault(
      "The format of the file is unknown: its name must end in .csv, .jsonl, .csv.gz, .jsonl.gz or .parquet.",
    );
  }
  if (size > limit) {
    throw new FileFault(
      `The file has ${size} bytes; at most ${limit} are checked. Deliver it in smaller files.`,
    );
  }
  return kind;
}

/** Bad rows that a report shows. */
const shownRows = 20;

async function firstReasons({ reasonsFile }: FileResult): Promise<BadRow[]> {
  const rows: BadRow[] = [];
  if (reasonsFile === undefined) return rows;
  for await (const row of readJsonLines<BadRow>(reasonsFile)) {
    if (rows.push(row) === shownRows) break;
  }
  return rows;
}

function shortReport(report: QualityReport, curatedKey: string | undefined): ObjectReport {
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
  return {
    ...{ key, versionId, contract, outcome, fileFaults, totalRows, goodRows, badRows, duplicateRows, runId },
    anomalies: report.anomalies.length,
    curatedKey,
  };
}
