import { MetricRef, MetricUnit } from "./metric-ref";

/** What the validator counts for every delivered file of a data set. */
export interface QualityMetrics {
  /** Rows that went to the curated zone. */
  goodRows: MetricRef;
  /** Rows that broke the contract. */
  badRows: MetricRef;
  /** Rows that are in the lake already. */
  duplicateRows: MetricRef;
  /** Files that did not go to the curated zone as a whole. */
  quarantinedFiles: MetricRef;
  /** Differences from the profile of earlier deliveries. */
  anomalies: MetricRef;
}

/** The metrics of one data set. Powertools adds the dimension `service`, which CloudWatch counts as part of the name. */
export function qualityMetrics(dataset: string): QualityMetrics {
  const metric = (name: string): MetricRef => ({
    namespace: "mlops/data-quality",
    name,
    dimensions: { service: "data-validator", Dataset: dataset },
    unit: MetricUnit.Count,
  });
  return {
    goodRows: metric("GoodRows"),
    badRows: metric("BadRows"),
    duplicateRows: metric("DuplicateRows"),
    quarantinedFiles: metric("QuarantinedFiles"),
    anomalies: metric("Anomalies"),
  };
}
