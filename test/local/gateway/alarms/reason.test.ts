import {
  AlarmDefinition,
  AlarmState,
  Evaluation,
  MissingData,
} from "../../../../local/gateway/alarms/evaluate";
import { stateReason, stateReasonData } from "../../../../local/gateway/alarms/reason";

const definition: AlarmDefinition = {
  comparison: "GreaterThanThreshold",
  threshold: 0.2,
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: MissingData.Breaching,
};
const at = Date.UTC(2030, 0, 2, 3, 4, 0) / 1000;
const seen: Evaluation = {
  state: AlarmState.Alarm,
  evaluated: [
    { timestamp: at, value: 0.1 },
    { timestamp: at + 60, value: 0.3, sampleCount: 4 },
  ],
  breaching: 1,
  filled: 1,
};
const nothing: Evaluation = { state: AlarmState.Alarm, evaluated: [], breaching: 0, filled: 3 };

test.each([
  [
    "an alarm",
    seen,
    AlarmState.Alarm,
    "Threshold Crossed: 1 out of the last 2 datapoints [0.3 (02/01/30 03:05:00), 0.1 (02/01/30 03:04:00)] was " +
      "greater than the threshold (0.2) (minimum 2 datapoints for OK -> ALARM transition).",
  ],
  [
    "calm",
    { ...seen, breaching: 0 },
    AlarmState.Ok,
    "Threshold Crossed: 2 out of the last 2 datapoints [0.3 (02/01/30 03:05:00), 0.1 (02/01/30 03:04:00)] were not " +
      "greater than the threshold (0.2) (minimum 2 datapoints for ALARM -> OK transition).",
  ],
  [
    "silence that breaches",
    nothing,
    AlarmState.Alarm,
    "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
  ],
  ["no verdict", nothing, AlarmState.InsufficientData, "Insufficient Data: 3 datapoints were unknown."],
])("the reason for %s", (_case, evaluation, state, sentence) => {
  expect(stateReason(definition, evaluation, state)).toBe(sentence);
});

it("gives programs the newest evaluated datapoint first and the recent values in order", () => {
  const data: unknown = JSON.parse(
    stateReasonData(definition, seen, { statistic: "Maximum", unit: "None" }, at + 90),
  );
  expect(data).toEqual({
    version: "1.0",
    queryDate: "2030-01-02T03:05:30.000+0000",
    startDate: "2030-01-02T03:04:00.000+0000",
    unit: "None",
    statistic: "Maximum",
    period: 60,
    recentDatapoints: [0.1, 0.3],
    threshold: 0.2,
    evaluatedDatapoints: [
      { timestamp: "2030-01-02T03:05:00.000+0000", sampleCount: 4, value: 0.3 },
      { timestamp: "2030-01-02T03:04:00.000+0000", value: 0.1 },
    ],
  });
});

it("has no recent datapoints where there were none", () => {
  const data: unknown = JSON.parse(stateReasonData(definition, nothing, { statistic: "Maximum" }, at));
  expect(data).toMatchObject({ recentDatapoints: [], evaluatedDatapoints: [] });
});
