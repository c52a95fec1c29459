/** The states of an alarm. */
export enum AlarmState {
  Ok = "OK",
  Alarm = "ALARM",
  InsufficientData = "INSUFFICIENT_DATA",
}

/** What an alarm does about periods without data. */
export enum MissingData {
  Missing = "missing",
  Ignore = "ignore",
  Breaching = "breaching",
  NotBreaching = "notBreaching",
}

/** How a value is held against the threshold. */
export type Comparison =
  | "GreaterThanThreshold"
  | "GreaterThanOrEqualToThreshold"
  | "LessThanThreshold"
  | "LessThanOrEqualToThreshold";

/** The part of an alarm that decides its state. */
export interface AlarmDefinition {
  comparison: Comparison;
  threshold: number;
  /** Length of one period in seconds. */
  periodSeconds: number;
  /** N of "M out of N": periods that are looked at. */
  evaluationPeriods: number;
  /** M of "M out of N": breaching datapoints that make an alarm. */
  datapointsToAlarm: number;
  treatMissingData: MissingData;
}

/** The statistic of one period. */
export interface Datapoint {
  /** Second since 1970 at which the period begins. */
  timestamp: number;
  value: number;
  /** Measurements in the period, where known. */
  sampleCount?: number;
}

/** What an evaluation saw and concluded. */
export interface Evaluation {
  /** The new state; undefined keeps the present one. */
  state: AlarmState | undefined;
  /** Datapoints that were evaluated, oldest first. */
  evaluated: Datapoint[];
  /** How many of them breach the threshold. */
  breaching: number;
  /** Missing datapoints that were filled in by the alarm's rule for missing data. */
  filled: number;
}

const comparisons: Record<Comparison, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** CloudWatch fetches more periods than it needs, so that late data still counts; its documentation shows two more. */
const sparePeriods = 2;

/** Start of the first and the last period that are looked at, in seconds since 1970. */
export function evaluationRange(definition: AlarmDefinition, now: number): { first: number; last: number } {
  const last = Math.floor(now / definition.periodSeconds) * definition.periodSeconds;
  const periods = definition.evaluationPeriods + sparePeriods;
  return { first: last - periods * definition.periodSeconds, last };
}

/**
 * The periods of the range, oldest first. The running period counts only once it has data: before that it is not
 * missing, it is not over.
 */
function slots(definition: AlarmDefinition, datapoints: Datapoint[], now: number): (Datapoint | undefined)[] {
  const { first, last } = evaluationRange(definition, now);
  const byStart = new Map(datapoints.map((point) => [point.timestamp, point]));
  const all: (Datapoint | undefined)[] = [];
  for (let start = first; start <= last; start += definition.periodSeconds) all.push(byStart.get(start));
  if (all.at(-1) === undefined) all.pop();
  else all.shift();
  return all;
}

/**
 * Whether everything known breaches, and has for at least as many periods as make an alarm, with nothing but gaps since.
 * CloudWatch then does not wait for data that may never come.
 */
function prematurelyBreaching(
  range: (Datapoint | undefined)[],
  breaching: number,
  known: number,
  needed: number,
): boolean {
  const oldest = range.findIndex((slot) => slot !== undefined);
  return known > 0 && breaching === known && range.length - oldest >= needed;
}

function stateWithGaps(
  definition: AlarmDefinition,
  range: (Datapoint | undefined)[],
  counts: { known: number; breaching: number; filled: number },
): AlarmState | undefined {
  const { known, breaching, filled } = counts;
  const needed = definition.datapointsToAlarm;
  switch (definition.treatMissingData) {
    case MissingData.Breaching:
      return breaching + filled >= needed ? AlarmState.Alarm : AlarmState.Ok;
    case MissingData.NotBreaching:
      return breaching >= needed ? AlarmState.Alarm : AlarmState.Ok;
    case MissingData.Missing:
      if (known === 0) return AlarmState.InsufficientData;
      if (breaching >= needed || prematurelyBreaching(range, breaching, known, needed))
        return AlarmState.Alarm;
      return AlarmState.Ok;
    case MissingData.Ignore:
      if (breaching >= needed) return AlarmState.Alarm;
      return breaching === known ? undefined : AlarmState.Ok;
  }
}

/**
 * The state that CloudWatch's documented rules give an alarm: M out of N over the newest datapoints of a range that is
 * a little longer than N periods; only where fewer than N are known does the rule for missing data come in.
 *
 * @param now second since 1970
 */
export function evaluateAlarm(definition: AlarmDefinition, datapoints: Datapoint[], now: number): Evaluation {
  const range = slots(definition, datapoints, now);
  const known = range.filter((slot) => slot !== undefined);
  const evaluated = known.slice(-definition.evaluationPeriods);
  const breaches = comparisons[definition.comparison];
  const breaching = evaluated.filter((point) => breaches(point.value, definition.threshold)).length;
  const filled = definition.evaluationPeriods - evaluated.length;
  const state =
    filled === 0
      ? breaching >= definition.datapointsToAlarm
        ? AlarmState.Alarm
        : AlarmState.Ok
      : stateWithGaps(definition, range, { known: evaluated.length, breaching, filled });
  return { state, evaluated, breaching, filled };
}
