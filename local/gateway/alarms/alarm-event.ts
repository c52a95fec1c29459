import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";

import type { ServiceEvent } from "../events";
import { longTime } from "./reason";

/** The state of an alarm at one moment, as events carry it. */
export interface AlarmMoment {
  value: string;
  reason: string;
  reasonData?: string;
  /** CloudWatch's time format. */
  timestamp: string;
}

export type AnyAlarm = MetricAlarm | CompositeAlarm;

const isComposite = (alarm: AnyAlarm): alarm is CompositeAlarm =>
  "AlarmRule" in alarm && alarm.AlarmRule !== undefined;

/** The present state of an alarm as DescribeAlarms shows it. */
export function momentOf(alarm: AnyAlarm, now: number): AlarmMoment {
  const updated = alarm.StateUpdatedTimestamp;
  return {
    value: alarm.StateValue ?? "INSUFFICIENT_DATA",
    reason: alarm.StateReason ?? "",
    ...(alarm.StateReasonData ? { reasonData: alarm.StateReasonData } : {}),
    timestamp: longTime(updated ? updated.getTime() / 1000 : now),
  };
}

function metricConfiguration(alarm: MetricAlarm): unknown[] {
  if (alarm.Metrics?.length) {
    return alarm.Metrics.map((query) => ({
      id: query.Id,
      returnData: query.ReturnData ?? true,
      ...(query.Expression ? { expression: query.Expression } : {}),
      ...(query.MetricStat
        ? {
            metricStat: {
              metric: {
                namespace: query.MetricStat.Metric?.Namespace,
                name: query.MetricStat.Metric?.MetricName,
                dimensions: dimensionsOf(query.MetricStat.Metric?.Dimensions),
              },
              period: query.MetricStat.Period,
              stat: query.MetricStat.Stat,
            },
          }
        : {}),
    }));
  }
  return [
    {
      id: "metric",
      returnData: true,
      metricStat: {
        metric: {
          namespace: alarm.Namespace,
          name: alarm.MetricName,
          dimensions: dimensionsOf(alarm.Dimensions),
        },
        period: alarm.Period,
        stat: alarm.ExtendedStatistic ?? alarm.Statistic,
        ...(alarm.Unit ? { unit: alarm.Unit } : {}),
      },
    },
  ];
}

function dimensionsOf(dimensions: MetricAlarm["Dimensions"]): Record<string, string> {
  return Object.fromEntries(
    (dimensions ?? []).map((dimension) => [dimension.Name ?? "", dimension.Value ?? ""]),
  );
}

function configurationOf(alarm: AnyAlarm): Record<string, unknown> {
  const description = alarm.AlarmDescription ? { description: alarm.AlarmDescription } : {};
  if (isComposite(alarm)) return { ...description, alarmRule: alarm.AlarmRule };
  return { ...description, metrics: metricConfiguration(alarm) };
}

/** "CloudWatch Alarm State Change" of the default bus. */
export function alarmEvent(alarm: AnyAlarm, previous: AlarmMoment, present: AlarmMoment): ServiceEvent {
  return {
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [alarm.AlarmArn ?? ""],
    detail: {
      alarmName: alarm.AlarmName,
      state: present,
      previousState: previous,
      configuration: configurationOf(alarm),
    },
  };
}

/** What CloudWatch hands to a Lambda function that is an alarm's action. */
export function lambdaActionPayload(
  alarm: AnyAlarm,
  previous: AlarmMoment,
  present: AlarmMoment,
  place: { accountId: string; region: string },
): Record<string, unknown> {
  return {
    source: "aws.cloudwatch",
    alarmArn: alarm.AlarmArn,
    accountId: place.accountId,
    time: present.timestamp,
    region: place.region,
    alarmData: {
      alarmName: alarm.AlarmName,
      state: present,
      previousState: previous,
      configuration: configurationOf(alarm),
    },
  };
}

/** ARNs of the Lambda functions that the alarm calls in its present state. */
export function lambdaActions(alarm: AnyAlarm): string[] {
  if (alarm.ActionsEnabled === false) return [];
  const actions = {
    ALARM: alarm.AlarmActions,
    OK: alarm.OKActions,
    INSUFFICIENT_DATA: alarm.InsufficientDataActions,
  }[alarm.StateValue ?? "INSUFFICIENT_DATA"];
  return (actions ?? []).filter((action) => action.startsWith("arn:aws:lambda:"));
}
