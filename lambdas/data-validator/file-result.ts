import type { Anomaly } from "./anomalies";
import type { ColumnStatistics } from "./statistics";
import type { DeliverySummary, ProfileBins } from "./stored-profile";
import { Outcome, RowCounts, Verdict } from "./verdict";

/** What the check of a file found. */
export interface FileResult extends RowCounts, Verdict {
  columns: ColumnStatistics[];
  anomalies: Anomaly[];
  /** Kinds of reasons by how often they were given, the most frequent first. */
  reasonCounts: { reason: string; rows: number }[];
  /** What the profile remembers of the delivery. */
  summary?: DeliverySummary;
  bins: Record<string, ProfileBins>;
  /** Good rows as Parquet; absent when the file goes to quarantine as a whole. */
  goodFile?: string;
  /** Bad rows as lines of JSON (`QuarantinedRow`). */
  badFile?: string;
  /** Reasons as lines of JSON (`BadRow`). */
  reasonsFile?: string;
  /** Milliseconds by step. */
  timings: Record<string, number>;
}

/** The result for a file that could not be read as a whole. */
export function refusedFile(fileFaults: string[], timings: Record<string, number> = {}): FileResult {
  return {
    ...{ totalRows: 0, goodRows: 0, badRows: 0, duplicateRows: 0 },
    ...{ outcome: Outcome.Quarantined, fileFaults, columns: [], anomalies: [], reasonCounts: [], bins: {} },
    timings,
  };
}
