import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { MetricRef, ModelMetrics } from "../contracts/metric-ref";
import { CommonArgs } from "../shared/common-args";

/** What the alarms of one model watch for. */
export interface ModelAlarmsSpec {
  modelName: string;
  /** Who is asked when an alarm goes off. */
  owner: string;
  metrics: ModelMetrics;
  driftThreshold: number;
  evaluationPeriodSeconds: number;
  alarmTopicArn?: pulumi.Input<string>;
}

/** The alarms of one model. */
export interface ModelAlarms {
  drift: aws.cloudwatch.MetricAlarm;
  retraining: aws.cloudwatch.MetricAlarm;
  heartbeat: aws.cloudwatch.MetricAlarm;
}

/** How an alarm names a metric. */
function watched(
  metric: MetricRef,
): Pick<aws.cloudwatch.MetricAlarmArgs, "namespace" | "metricName" | "dimensions" | "unit"> {
  return {
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: metric.dimensions,
    unit: metric.unit,
  };
}

/** The shortest period of a metric of normal resolution. */
const shortestPeriodSeconds = 60;

/**
 * Creates the alarms on drift and on the monitor itself. Missing data breaches in both: a monitor that stays silent
 * must not look like a model that is well.
 *
 * What asks for a retraining is a third alarm. An alarm speaks only when its state changes, so one that silence or an
 * earlier drift holds in ALARM would be mute when it matters. This one forgets a measurement after a minute: every
 * measurement above the threshold is an event of its own, and a request that came too early is made again.
 */
export function createModelAlarms(
  name: string,
  spec: ModelAlarmsSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): ModelAlarms {
  const { modelName, owner, metrics, driftThreshold } = spec;
  const shared = {
    period: spec.evaluationPeriodSeconds,
    treatMissingData: "breaching",
    alarmActions: spec.alarmTopicArn === undefined ? [] : [spec.alarmTopicArn],
    okActions: spec.alarmTopicArn === undefined ? [] : [spec.alarmTopicArn],
    tags: common.tags,
  };
  const drift = new aws.cloudwatch.MetricAlarm(
    `${name}-drift`,
    {
      ...watched(metrics.drift),
      ...shared,
      alarmDescription: `The predictions of ${modelName} moved away from its training data, or drift is not measured. Owner: ${owner}. Runbook: docs/runbooks/drift.md`,
      statistic: "Maximum",
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: driftThreshold,
    },
    { parent },
  );
  const retraining = new aws.cloudwatch.MetricAlarm(
    `${name}-retraining`,
    {
      ...watched(metrics.drift),
      ...shared,
      alarmDescription: `A measurement of ${modelName} was above the drift threshold and asks for a retraining. Owner: ${owner}. Runbook: docs/runbooks/retraining.md`,
      statistic: "Maximum",
      period: shortestPeriodSeconds,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      comparisonOperator: "GreaterThanThreshold",
      threshold: driftThreshold,
      okActions: [],
    },
    { parent },
  );
  const heartbeat = new aws.cloudwatch.MetricAlarm(
    `${name}-heartbeat`,
    {
      ...watched(metrics.heartbeat),
      ...shared,
      alarmDescription: `The monitor of ${modelName} has not finished a run. Owner: ${owner}. Runbook: docs/runbooks/heartbeat.md`,
      statistic: "Sum",
      // Two periods: a run that straddles the border between them is no silence.
      evaluationPeriods: 2,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
    },
    { parent },
  );
  return { drift, retraining, heartbeat };
}
