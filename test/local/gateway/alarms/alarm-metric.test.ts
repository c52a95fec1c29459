import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";

import { readAlarm } from "../../../../local/gateway/alarms/alarm-metric";

const dimensions = [{ Name: "Model", Value: "a" }];
const simple: MetricAlarm = {
  AlarmName: "drift",
  Namespace: "mlops/models",
  MetricName: "Drift",
  Dimensions: dimensions,
  Statistic: "Maximum",
  Period: 300,
  EvaluationPeriods: 3,
  Threshold: 0.2,
  ComparisonOperator: "GreaterThanThreshold",
};

describe("readAlarm", () => {
  it("reads a plain alarm; M is N where it is not given, and missing data is missing", () => {
    expect(readAlarm(simple)).toEqual({
      supported: true,
      metric: { namespace: "mlops/models", name: "Drift", dimensions, statistic: "Maximum" },
      definition: {
        comparison: "GreaterThanThreshold",
        threshold: 0.2,
        periodSeconds: 300,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        treatMissingData: "missing",
      },
    });
  });

  it("reads M, the rule for missing data and a percentile", () => {
    const alarm = {
      ...simple,
      DatapointsToAlarm: 2,
      TreatMissingData: "breaching",
      Statistic: undefined,
      ExtendedStatistic: "p99",
    } as const;
    expect(readAlarm(alarm)).toMatchObject({
      metric: { statistic: "p99" },
      definition: { datapointsToAlarm: 2, treatMissingData: "breaching" },
    });
  });

  it("reads an alarm whose only query is a metric", () => {
    const MetricStat = {
      Metric: { Namespace: "n", MetricName: "m", Dimensions: dimensions },
      Period: 120,
      Stat: "Sum",
    };
    const alarm = { ...simple, MetricName: undefined, Metrics: [{ Id: "m", MetricStat }] };
    expect(readAlarm(alarm)).toMatchObject({
      supported: true,
      metric: { namespace: "n", name: "m", statistic: "Sum" },
      definition: { periodSeconds: 120 },
    });
  });

  test.each<[string, MetricAlarm, RegExp]>([
    ["metric math", { ...simple, Metrics: [{ Id: "e", Expression: "m1/m2" }, { Id: "m1" }] }, /metric math/],
    [
      "an anomaly band",
      { ...simple, ComparisonOperator: "GreaterThanUpperThreshold" },
      /GreaterThanUpperThreshold/,
    ],
    ["no threshold", { ...simple, Threshold: undefined }, /no threshold/],
  ])("refuses %s with a reason", (_case, alarm, reason) => {
    const read = readAlarm(alarm);
    expect(read.supported).toBe(false);
    expect((read as { reason: string }).reason).toMatch(reason);
  });
});
