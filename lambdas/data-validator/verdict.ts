import type { DataContract } from "../../components/contracts/data-contract";
import type { ValidationResult } from "./validate-csv";

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

/**
 * Decides where the rows of a checked file go.
 * @throws Error when rows went missing while they were counted; nothing is stored then
 */
export function judgeFile(result: ValidationResult, contract: DataContract): Verdict {
  const { totalRows, goodRows, badRows, fileFaults } = result;
  if (goodRows + badRows !== totalRows) {
    throw new Error(
      `${goodRows} good and ${badRows} bad rows do not make the ${totalRows} rows of the file.`,
    );
  }
  if (fileFaults.length > 0) return { outcome: Outcome.Quarantined, fileFaults };
  if (badRows === 0) return { outcome: Outcome.Curated, fileFaults };
  const allowed = contract.maximumBadRowShare ?? 0;
  const share = badRows / totalRows;
  if (goodRows > 0 && share <= allowed) return { outcome: Outcome.Split, fileFaults };
  const percent = (value: number): string => `${Number((value * 100).toFixed(2))} %`;
  return {
    outcome: Outcome.Quarantined,
    fileFaults: [
      `${badRows} of ${totalRows} rows are bad (${percent(share)}); the contract allows at most ${percent(allowed)}.`,
    ],
  };
}
