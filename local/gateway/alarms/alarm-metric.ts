import type { Dimension, MetricAlarm } from "@aws-sdk/client-cloudwatch";

import { AlarmDefinition, Comparison, MissingData } from "./evaluate";

/** The one metric that an alarm watches. */
export interface WatchedMetric {
  namespace: string;
  name: string;
  dimensions: Dimension[];
  /** `Average`, `Maximum`, … or a percentile such as `p99`. */
  statistic: string;
  unit?: string;
}

/** An alarm that can be evaluated, or the reason why it cannot. */
export type ReadAlarm =
  | { supported: true; definition: AlarmDefinition; metric: WatchedMetric }
  | { supported: false; reason: string };

const comparisons: ReadonlySet<string> = new Set<Comparison>([
  "GreaterThanThreshold",
  "GreaterThanOrEqualToThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
]);

const refused = (reason: string): ReadAlarm => ({ supported: false, reason });

function readMetric(alarm: MetricAlarm): { metric: WatchedMetric; periodSeconds: number } | undefined {
  if (alarm.Metrics?.length) {
    const [only, second] = alarm.Metrics;
    const stat = only?.MetricStat;
    if (second || !stat?.Metric) return undefined;
    return {
      metric: {
        namespace: stat.Metric.Namespace ?? "",
        name: stat.Metric.MetricName ?? "",
        dimensions: stat.Metric.Dimensions ?? [],
        statistic: stat.Stat ?? "Average",
        unit: stat.Unit,
      },
      periodSeconds: stat.Period ?? 60,
    };
  }
  if (!alarm.MetricName || !alarm.Namespace) return undefined;
  return {
    metric: {
      namespace: alarm.Namespace,
      name: alarm.MetricName,
      dimensions: alarm.Dimensions ?? [],
      statistic: alarm.ExtendedStatistic ?? alarm.Statistic ?? "Average",
      unit: alarm.Unit,
    },
    periodSeconds: alarm.Period ?? 60,
  };
}

/** Reads an alarm as DescribeAlarms shows it. */
export function readAlarm(alarm: MetricAlarm): ReadAlarm {
  const watched = readMetric(alarm);
  if (!watched) return refused("it computes its value from several metrics (metric math)");
  const comparison = alarm.ComparisonOperator ?? "";
  if (!comparisons.has(comparison)) return refused(`it compares with ${comparison || "nothing"}`);
  if (typeof alarm.Threshold !== "number") return refused("it has no threshold");
  const evaluationPeriods = alarm.EvaluationPeriods ?? 1;
  return {
    supported: true,
    metric: watched.metric,
    definition: {
      comparison: comparison as Comparison,
      threshold: alarm.Threshold,
      periodSeconds: watched.periodSeconds,
      evaluationPeriods,
      datapointsToAlarm: alarm.DatapointsToAlarm ?? evaluationPeriods,
      treatMissingData: (alarm.TreatMissingData as MissingData | undefined) ?? MissingData.Missing,
    },
  };
}
