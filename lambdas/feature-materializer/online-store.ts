/** Value of a feature or a join key. */
export type FeatureValue = string | number | bigint | null;

/** The newest row of one entity. */
export interface OnlineRow {
  /** Join keys and features by name. */
  values: Record<string, FeatureValue>;
  /** Microseconds since 1970. */
  eventTime: bigint;
  /** Microseconds since 1970 at which the row was written. */
  writtenTime: bigint;
}

/** What became of a row. */
export enum PutOutcome {
  Written = "written",
  /** The store holds this row already, or a newer one. */
  Older = "older",
}

/** Where the newest values of entities are served from. */
export interface OnlineStore {
  /** Name that lineage gives it. */
  readonly place: { namespace: string; name: string };
  /** Writes a row unless the store holds a newer one of the same entity. */
  put(row: OnlineRow): Promise<PutOutcome>;
}
