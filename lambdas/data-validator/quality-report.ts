import type { DataContract } from "../../components/contracts/data-contract";
import type { Anomaly } from "./anomalies";
import type { BadRow } from "./bad-rows";
import type { ColumnStatistics } from "./statistics";
import type { StoredProfile } from "./stored-profile";
import type { FileResult } from "./file-result";
import type { Outcome } from "./verdict";

/** What a report tells about earlier deliveries. */
export interface DeliveryTrend {
  /** ISO 8601. */
  at: string;
  rows: number;
  /** Share of missing values by column, 0 to 1; columns that miss none are left out. */
  missing: Record<string, number>;
}

/** Report about one delivery: everything that a person needs to judge it, without a single row of it but a few bad ones. */
export interface QualityReport {
  /** Version of this shape. */
  reportVersion: 1;
  /** Key of the delivered object. */
  key: string;
  versionId?: string;
  /** Id of the run in the lineage. */
  runId: string;
  /** When the delivery arrived; ISO 8601. */
  deliveredAt: string;
  contract: { dataset: string; version: string };
  outcome: Outcome;
  fileFaults: string[];
  totalRows: number;
  goodRows: number;
  badRows: number;
  duplicateRows: number;
  /** Kinds of reasons, the most frequent first. */
  reasons: { reason: string; rows: number }[];
  /** The first bad rows. */
  examples: BadRow[];
  anomalies: Anomaly[];
  columns: ColumnStatistics[];
  /** Earlier deliveries, the oldest first. */
  history: DeliveryTrend[];
}

/** Where a delivery came from. */
export interface Delivery {
  key: string;
  versionId?: string;
  runId: string;
  deliveredAt: Date;
}

/** Kinds of reasons in a report. */
const mostReasons = 50;

/**
 * Makes the report about a delivery.
 * @param profile - profile before this delivery
 * @param examples - some of the bad rows
 */
export function makeReport(
  { key, versionId, runId, deliveredAt }: Delivery,
  contract: DataContract,
  result: FileResult,
  profile: StoredProfile | undefined,
  examples: BadRow[],
): QualityReport {
  return {
    reportVersion: 1,
    key,
    ...(versionId === undefined ? {} : { versionId }),
    runId,
    deliveredAt: deliveredAt.toISOString(),
    contract: { dataset: contract.dataset, version: contract.version },
    outcome: result.outcome,
    fileFaults: result.fileFaults,
    totalRows: result.totalRows,
    goodRows: result.goodRows,
    badRows: result.badRows,
    duplicateRows: result.duplicateRows,
    reasons: result.reasonCounts.slice(0, mostReasons),
    examples,
    anomalies: result.anomalies,
    columns: result.columns,
    history: (profile?.deliveries ?? [])
      .filter(({ id }) => id !== result.summary?.id)
      .map(({ at, rows, columns }) => ({
        at,
        rows,
        missing: Object.fromEntries(
          Object.entries(columns)
            .filter(({ 1: { missing } }) => missing > 0 && rows > 0)
            .map(([name, { missing }]) => [name, missing / rows]),
        ),
      })),
  };
}
