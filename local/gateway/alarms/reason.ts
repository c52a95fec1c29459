import { AlarmDefinition, AlarmState, Comparison, Datapoint, Evaluation, MissingData } from "./evaluate";

const words: Record<Comparison, string> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** `23/11/26 14:05:00`, as CloudWatch writes times in reasons. */
function shortTime(seconds: number): string {
  const [date = "", time = ""] = new Date(seconds * 1000).toISOString().split("T");
  const [year = "", month, day] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

/** CloudWatch's `2026-11-23T14:05:00.000+0000`. */
export function longTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace("Z", "+0000");
}

const shown = (point: Datapoint): string => `${point.value} (${shortTime(point.timestamp)})`;

function transitionHint(definition: AlarmDefinition, state: AlarmState): string {
  const direction = state === AlarmState.Alarm ? "OK -> ALARM" : "ALARM -> OK";
  const needed =
    state === AlarmState.Alarm
      ? definition.datapointsToAlarm
      : definition.evaluationPeriods - definition.datapointsToAlarm + 1;
  return `(minimum ${count(needed, "datapoint")} for ${direction} transition)`;
}

function thresholdSentence(definition: AlarmDefinition, evaluation: Evaluation, state: AlarmState): string {
  const { evaluated, breaching } = evaluation;
  const crossing = state === AlarmState.Alarm ? breaching : evaluated.length - breaching;
  const verb = crossing === 1 ? "was" : "were";
  const not = state === AlarmState.Alarm ? "" : "not ";
  return (
    `Threshold Crossed: ${crossing} out of the last ${evaluated.length} datapoints ` +
    `[${[...evaluated].reverse().map(shown).join(", ")}] ${verb} ${not}${words[definition.comparison]} the threshold ` +
    `(${definition.threshold}) ${transitionHint(definition, state)}.`
  );
}

/** Why an alarm has its state, in CloudWatch's words. */
export function stateReason(definition: AlarmDefinition, evaluation: Evaluation, state: AlarmState): string {
  if (state === AlarmState.InsufficientData) {
    const verb = definition.evaluationPeriods === 1 ? "was" : "were";
    return `Insufficient Data: ${count(definition.evaluationPeriods, "datapoint")} ${verb} unknown.`;
  }
  if (evaluation.evaluated.length > 0) return thresholdSentence(definition, evaluation, state);
  const treated = definition.treatMissingData === MissingData.Breaching ? "Breaching" : "NonBreaching";
  return (
    `Threshold Crossed: no datapoints were received for ${count(definition.evaluationPeriods, "period")} and ` +
    `${count(evaluation.filled, "missing datapoint")} ${evaluation.filled === 1 ? "was" : "were"} treated as [${treated}].`
  );
}

/** StateReasonData: the same as a JSON document for programs. */
export function stateReasonData(
  definition: AlarmDefinition,
  evaluation: Evaluation,
  metric: { statistic: string; unit?: string },
  now: number,
): string {
  const first = evaluation.evaluated[0];
  return JSON.stringify({
    version: "1.0",
    queryDate: longTime(now),
    startDate: first ? longTime(first.timestamp) : undefined,
    unit: metric.unit,
    statistic: metric.statistic,
    period: definition.periodSeconds,
    recentDatapoints: evaluation.evaluated.map((point) => point.value),
    threshold: definition.threshold,
    evaluatedDatapoints: [...evaluation.evaluated].reverse().map((point) => ({
      timestamp: longTime(point.timestamp),
      sampleCount: point.sampleCount,
      value: point.value,
    })),
  });
}
