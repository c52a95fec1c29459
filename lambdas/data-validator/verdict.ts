import type { DataContract } from "../../components/contracts/data-contract";

/** Where the rows of a file go. */
export enum Outcome {
  /** Every row is good and goes to the curated zone. */
  Curated = "curated",
  /** The good rows go to the curated zone, the bad ones to quarantine. */
  Split = "split",
  /** The file goes to quarantine as it was delivered. */
  Quarantined = "quarantined",
}

/** A decision about a file with the sentences behind it. */
export interface Verdict {
  outcome: Outcome;
  /** Faults of the file as a whole; empty when there is none. */
  fileFaults: string[];
}

/** What the check of a file counted. */
export interface RowCounts {
  totalRows: number;
  goodRows: number;
  badRows: number;
  /** Rows that are in the lake already; they are neither good nor bad. */
  duplicateRows: number;
}

/**
 * Decides where the rows of a checked file go.
 * @throws Error when rows went missing while they were counted; nothing is stored then
 */
export function judgeFile(counts: RowCounts, fileFaults: readonly string[], contract: DataContract): Verdict {
  const { totalRows, goodRows, badRows, duplicateRows } = counts;
  if (goodRows + badRows + duplicateRows !== totalRows) {
    throw new Error(
      `${goodRows} good, ${badRows} bad and ${duplicateRows} duplicate rows do not make the ${totalRows} rows of the file.`,
    );
  }
  if (fileFaults.length > 0) return { outcome: Outcome.Quarantined, fileFaults: [...fileFaults] };
  if (badRows === 0) return { outcome: Outcome.Curated, fileFaults: [] };
  const allowed = contract.maximumBadRowShare ?? 0;
  const share = badRows / totalRows;
  if (goodRows + duplicateRows > 0 && share <= allowed) return { outcome: Outcome.Split, fileFaults: [] };
  const percent = (value: number): string => `${Number((value * 100).toFixed(2))} %`;
  return {
    outcome: Outcome.Quarantined,
    fileFaults: [
      `${badRows} of ${totalRows} rows are bad (${percent(share)}); the contract allows at most ${percent(allowed)}.`,
    ],
  };
}
