import { MetricRef, ModelMetrics } from "../contracts/metric-ref";

/** What the dashboard of one model shows. */
export interface DashboardSpec {
  modelName: string;
  region: string;
  metrics: ModelMetrics;
  driftThreshold: number;
  evaluationPeriodSeconds: number;
  /** ARNs of the alarms, shown with their states. */
  alarmArns: string[];
}

const width = 12;
const height = 6;

/** A metric as a dashboard names it. */
function line({ namespace, name, dimensions }: MetricRef, statistic: string): unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic }];
}

/** Body of a CloudWatch dashboard for one model. */
export function dashboardBody(spec: DashboardSpec): string {
  const { metrics, region, evaluationPeriodSeconds: period } = spec;
  const graph = (
    index: number,
    title: string,
    metric: MetricRef,
    statistic: string,
    threshold?: number,
  ): object => ({
    type: "metric",
    x: (index % 2) * width,
    y: Math.floor(index / 2) * height,
    width,
    height,
    properties: {
      title,
      region,
      period,
      view: "timeSeries",
      metrics: [line(metric, statistic)],
      ...(threshold === undefined
        ? {}
        : { annotations: { horizontal: [{ label: "threshold", value: threshold }] } }),
    },
  });
  return JSON.stringify({
    widgets: [
      graph(
        0,
        `${spec.modelName}: largest population stability index`,
        metrics.drift,
        "Maximum",
        spec.driftThreshold,
      ),
      graph(1, `${spec.modelName}: accuracy on labelled predictions`, metrics.accuracy, "Average"),
      graph(2, `${spec.modelName}: predictions observed`, metrics.predictions, "Maximum"),
      graph(3, `${spec.modelName}: runs of the monitor`, metrics.heartbeat, "Sum"),
      {
        type: "alarm",
        x: 0,
        y: 2 * height,
        width: 2 * width,
        height: 3,
        properties: { title: `${spec.modelName}: alarms`, alarms: spec.alarmArns },
      },
    ],
  });
}
