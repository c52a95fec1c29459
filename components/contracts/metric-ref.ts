/** CloudWatch units that the platform's metrics use. */
export enum MetricUnit {
  Count = "Count",
  None = "None",
  Percent = "Percent",
  Milliseconds = "Milliseconds",
}

/**
 * The full identity of one CloudWatch metric. It is made once and handed to the Lambda that emits the metric,
 * to the alarm that watches it and to the dashboard that draws it, so that their names cannot diverge.
 */
export interface MetricRef {
  /** CloudWatch namespace, for example `mlops/flight-delays`. */
  namespace: string;
  /** Metric name, for example `MaxPopulationStabilityIndex`. */
  name: string;
  /** Dimension names and values; the order does not matter to CloudWatch. */
  dimensions: Record<string, string>;
  /** Unit with which the metric is emitted and read. */
  unit: MetricUnit;
}

/** The metrics that watch one model. Handed as JSON in the environment variable `METRICS` of the monitor's Lambda. */
export interface ModelMetrics {
  /** Largest population stability index over all features in the window. */
  drift: MetricRef;
  /** Share of labelled predictions that were right in the window, 0 to 1. */
  accuracy: MetricRef;
  /** Prediction records read in the window. */
  predictions: MetricRef;
  /** 1 for every finished run of the monitor. */
  heartbeat: MetricRef;
}

/** The metrics of one model in one environment. */
export function modelMetrics(environment: string, model: string): ModelMetrics {
  const metric = (name: string, unit: MetricUnit): MetricRef => ({
    namespace: "mlops/models",
    name,
    dimensions: { Environment: environment, Model: model },
    unit,
  });
  return {
    drift: metric("MaxPopulationStabilityIndex", MetricUnit.None),
    accuracy: metric("Accuracy", MetricUnit.None),
    predictions: metric("PredictionsObserved", MetricUnit.Count),
    heartbeat: metric("MonitorHeartbeat", MetricUnit.Count),
  };
}
