/** The types that a column of a data set may have. */
export enum ColumnType {
  String = "string",
  Integer = "integer",
  Number = "number",
  Boolean = "boolean",
  Timestamp = "timestamp",
}

/** What one column of a data set must look like. */
export interface ColumnContract {
  /** Column name as it stands in the header. */
  name: string;
  /** Type that every non-missing value must parse as. */
  type: ColumnType;
  /** Whether a value may be missing (empty, `NA`, `NaN` or `null`). @default false */
  nullable?: boolean;
  /** Smallest allowed value, inclusive; numbers only. */
  minimum?: number;
  /** Largest allowed value, inclusive; numbers only. */
  maximum?: number;
  /** The only values allowed. */
  allowed?: string[];
  /** Largest share of missing values in one delivery, 0 to 1; for nullable columns only. @default 1 */
  maximumNullShare?: number;
  /** Column of another data set's curated files in which every non-missing value must be found. */
  references?: ColumnReference;
  /** Whether the column holds personal data: its values are never written into reasons, reports or profiles. @default false */
  personal?: boolean;
}

/** A column of another data set. */
export interface ColumnReference {
  /** Name of the data set; small enough to be held in the memory of a Lambda, as a list of airports is. */
  dataset: string;
  /** Column of that data set. */
  column: string;
}

/** What happens to a delivery that is unlike the ones before it. */
export enum AnomalyAction {
  /** The delivery goes on, with a warning in its report and a metric. */
  Warn = "warn",
  /** The whole delivery goes to quarantine: the pipeline stops. */
  Stop = "stop",
}

/** How unlike the stored profile of earlier deliveries a delivery may be. */
export interface AnomalyChecks {
  /** What happens beyond a limit. @default Warn */
  action?: AnomalyAction;
  /** Deliveries that the profile must hold before anything is compared. @default 5 */
  minimumHistory?: number;
  /** Largest ratio between the rows of a delivery and the profile's mean, either way. @default 3 */
  volumeFactor?: number;
  /** Largest rise of a column's share of missing values above the profile's, 0 to 1. @default 0.1 */
  nullShareIncrease?: number;
  /** Largest population stability index of a column against the profile. @default 0.25 */
  distributionThreshold?: number;
}

/** What a delivered file of a data set must look like before it may enter the curated zone. */
export interface DataContract {
  /** Data set name; the first folder of its objects in every zone. */
  dataset: string;
  /** Version of the contract, for example `1`. */
  version: string;
  /** Every column, in any order. A column that the contract does not name is refused. */
  columns: ColumnContract[];
  /** Columns that together identify a row; a second row with the same values is a duplicate. */
  primaryKey?: string[];
  /**
   * Largest share of bad rows, 0 to 1, with which the good rows of a file still go to the curated zone.
   * Above it the whole file goes to quarantine.
   * @default 0
   */
  maximumBadRowShare?: number;
  /** Seconds that a timestamp may lie in the future before it counts as wrong: clocks differ. @default 300 */
  futureToleranceSeconds?: number;
  /** Comparison with earlier deliveries. @default deliveries are not compared */
  anomalies?: AnomalyChecks;
}
