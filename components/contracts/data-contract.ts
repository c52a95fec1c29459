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
}
