import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";

import type { ModelPointer } from "../../components/contracts/model-pointer";
import { readChampion } from "../shared/champion";
import { readText } from "../shared/objects";
import type { BaselineProfile } from "../shared/profile";
import { parseS3Uri } from "../shared/s3-uri";
import { DriftMeter } from "./measure-drift";
import { readRecords } from "./read-records";
import { DriftReport, DriftStatus, summarize } from "./report";
import type { Settings } from "./settings";
import type { Window } from "./window";

/** The AWS clients of the detector. */
export interface Clients {
  s3: S3Client;
  ssm: SSMClient;
}

/** Reads the predictions of a window and compares them with the champion's training data. */
export async function observe(
  window: Window,
  { s3, ssm }: Clients,
  settings: Settings,
): Promise<DriftReport> {
  const champion = await readChampion(ssm, settings.CHAMPION_PARAMETER);
  const meter = new DriftMeter(await baselineOf(champion, s3));
  const source = { bucket: settings.CAPTURES_BUCKET, model: settings.MODEL_NAME, window };
  const { unreadableLines } = await readRecords(s3, source, (record) => meter.add(record));
  const status = statusOf(champion, meter.records, settings.MINIMUM_RECORDS);
  const features = status === DriftStatus.Measured ? meter.drift() : [];
  const report = {
    model: settings.MODEL_NAME,
    version: champion?.version,
    windowStart: window.start.toISOString(),
    windowEnd: window.end.toISOString(),
    status,
    predictions: meter.records,
    unreadableLines,
    threshold: settings.DRIFT_THRESHOLD,
    drift: features[0]?.populationStabilityIndex,
    features,
  };
  return { ...report, summary: summarize(report, settings.MINIMUM_RECORDS) };
}

/** Without a champion the records are only counted. */
async function baselineOf(champion: ModelPointer | undefined, s3: S3Client): Promise<BaselineProfile> {
  if (champion === undefined) return { rows: 0, features: {} };
  const baseline = JSON.parse(await readText(s3, parseS3Uri(champion.baselineUri))) as BaselineProfile;
  if (Object.keys(baseline.features ?? {}).length === 0) {
    throw new Error(`The baseline ${champion.baselineUri} of version ${champion.version} names no features.`);
  }
  return baseline;
}

function statusOf(champion: ModelPointer | undefined, records: number, minimumRecords: number): DriftStatus {
  if (champion === undefined) return DriftStatus.NoChampion;
  if (records === 0) return DriftStatus.NoRecords;
  return records < minimumRecords ? DriftStatus.TooFewRecords : DriftStatus.Measured;
}
