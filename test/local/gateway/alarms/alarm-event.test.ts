import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";

import {
  alarmEvent,
  lambdaActionPayload,
  lambdaActions,
  momentOf,
} from "../../../../local/gateway/alarms/alarm-event";

const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:f";
const alarm: MetricAlarm = {
  AlarmName: "drift",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:drift",
  AlarmDescription: "Features drift.",
  StateValue: "ALARM",
  StateReason: "because",
  StateReasonData: "{}",
  StateUpdatedTimestamp: new Date(Date.UTC(2030, 0, 1)),
  AlarmActions: [functionArn, "arn:aws:sns:us-east-1:123456789012:t"],
  OKActions: [],
  Namespace: "n",
  MetricName: "m",
  Dimensions: [{ Name: "Model", Value: "a" }],
  Statistic: "Maximum",
  Period: 60,
};
const before = { value: "OK", reason: "calm", timestamp: "2029-12-31T00:00:00.000+0000" };
const configuration = {
  description: "Features drift.",
  metrics: [
    {
      id: "metric",
      returnData: true,
      metricStat: {
        metric: { namespace: "n", name: "m", dimensions: { Model: "a" } },
        period: 60,
        stat: "Maximum",
      },
    },
  ],
};
const state = {
  value: "ALARM",
  reason: "because",
  reasonData: "{}",
  timestamp: "2030-01-01T00:00:00.000+0000",
};

it("is the event that CloudWatch puts on the bus", () => {
  expect(alarmEvent(alarm, before, momentOf(alarm, 0))).toEqual({
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [alarm.AlarmArn],
    detail: { alarmName: "drift", state, previousState: before, configuration },
  });
});

it("shows the rule of a composite alarm", () => {
  const composite: CompositeAlarm = {
    AlarmName: "c",
    AlarmArn: "arn",
    AlarmRule: 'ALARM("drift")',
    StateValue: "OK",
  };
  expect(alarmEvent(composite, before, momentOf(composite, 0)).detail).toMatchObject({
    configuration: { alarmRule: 'ALARM("drift")' },
  });
});

it("is the event that CloudWatch hands to a Lambda action", () => {
  const place = { accountId: "123456789012", region: "us-east-1" };
  expect(lambdaActionPayload(alarm, before, momentOf(alarm, 0), place)).toEqual({
    source: "aws.cloudwatch",
    alarmArn: alarm.AlarmArn,
    ...place,
    time: state.timestamp,
    alarmData: { alarmName: "drift", state, previousState: before, configuration },
  });
});

test.each([
  ["the actions of the present state", alarm, [functionArn]],
  ["none in another state", { ...alarm, StateValue: "OK" as const }, []],
  ["none when actions are off", { ...alarm, ActionsEnabled: false }, []],
])("calls %s", (_case, given, expected) => {
  expect(lambdaActions(given)).toEqual(expected);
});
