import type { MetricDatum } from "@aws-sdk/client-cloudwatch";

import type { MetricRef, ModelMetrics } from "../../components/contracts/metric-ref";
import type { DriftReport } from "./report";

/** One value of one metric. */
export interface MetricValue {
  metric: MetricRef;
  value: number;
}

/**
 * The values that a run emits. Drift that was not measured has no value: a 0 would tell the alarm that all is well,
 * a gap makes it look.
 */
export function metricValues(report: DriftReport, metrics: ModelMetrics): MetricValue[] {
  return [
    ...(report.drift === undefined ? [] : [{ metric: metrics.drift, value: report.drift }]),
    { metric: metrics.predictions, value: report.predictions },
    { metric: metrics.heartbeat, value: 1 },
  ];
}

/** A value in the words of CloudWatch. */
export function metricDatum({ metric, value }: MetricValue, time: Date): MetricDatum {
  return {
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Unit: metric.unit,
    Value: value,
    Timestamp: time,
  };
}
