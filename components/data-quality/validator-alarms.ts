import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { DataContract } from "../contracts/data-contract";
import type { MetricRef } from "../contracts/metric-ref";
import { QualityMetrics, qualityMetrics } from "../contracts/quality-metrics";
import { CommonArgs } from "../shared/common-args";

/** Who is told, and of what. */
export interface ValidatorAlarmsSpec extends CommonArgs {
  alarmTopicArn?: pulumi.Input<string>;
}

/** Alarms on files that go to quarantine, and on deliveries that are unlike the ones before. */
export function createValidatorAlarms(
  name: string,
  contract: pulumi.Output<DataContract>,
  spec: ValidatorAlarmsSpec,
  parent: pulumi.Resource,
): { quarantine: aws.cloudwatch.MetricAlarm; anomalies: aws.cloudwatch.MetricAlarm } {
  const dataset = contract.dataset;
  const alarm = (
    kind: string,
    description: pulumi.Input<string>,
    choose: (metrics: QualityMetrics) => MetricRef,
  ): aws.cloudwatch.MetricAlarm => {
    const metric = dataset.apply((known) => choose(qualityMetrics(known)));
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${kind}`,
      {
        alarmDescription: description,
        namespace: metric.namespace,
        metricName: metric.name,
        dimensions: metric.dimensions,
        unit: metric.unit,
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 1,
        threshold: 0,
        comparisonOperator: "GreaterThanThreshold",
        // A data set may rest for days.
        treatMissingData: "notBreaching",
        alarmActions: spec.alarmTopicArn === undefined ? [] : [spec.alarmTopicArn],
        tags: spec.tags,
      },
      { parent },
    );
  };
  return {
    quarantine: alarm(
      "quarantine",
      pulumi.interpolate`Files or rows of the data set ${dataset} went to quarantine; the reasons lie beside them.`,
      ({ quarantinedFiles }) => quarantinedFiles,
    ),
    anomalies: alarm(
      "anomalies",
      pulumi.interpolate`A delivery of the data set ${dataset} is unlike the ones before; its report says how.`,
      ({ anomalies }) => anomalies,
    ),
  };
}
