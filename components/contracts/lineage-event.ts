/** Where lineage events come from on the event bus. */
export const lineageEventSource = "mlops.lineage";
/** Detail type of lineage events on the event bus. */
export const lineageDetailType = "OpenLineage RunEvent";

/** States of a run, as OpenLineage names them. */
export enum LineageEventType {
  Start = "START",
  Complete = "COMPLETE",
  Fail = "FAIL",
}

/** A data set that a run read or wrote. */
export interface LineageDataset {
  /** Where it lies, for example `s3://bucket`. */
  namespace: string;
  /** Its name there, for example `flights/2026/11/23.parquet` or `flights`. */
  name: string;
  facets?: Record<string, unknown>;
}

/** An OpenLineage run event: https://openlineage.io/spec/2-0-2/OpenLineage.json */
export interface LineageEvent {
  eventType: LineageEventType;
  /** ISO 8601. */
  eventTime: string;
  producer: string;
  schemaURL: string;
  run: {
    /** UUID; the same run always has the same. */
    runId: string;
    facets?: Record<string, unknown>;
  };
  job: { namespace: string; name: string; facets?: Record<string, unknown> };
  inputs: LineageDataset[];
  outputs: LineageDataset[];
}
