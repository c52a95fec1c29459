import fc from "fast-check";

import {
  AlarmDefinition,
  AlarmState,
  Comparison,
  Datapoint,
  evaluateAlarm,
  MissingData,
} from "../../../../local/gateway/alarms/evaluate";

const { Ok, Alarm, InsufficientData } = AlarmState;
const period = 60;
/** Right after the end of a period, so that every slot of a drawing is over. */
const now = 1_000 * period + 1;

const definition = (changes: Partial<AlarmDefinition> = {}): AlarmDefinition => ({
  comparison: "GreaterThanThreshold",
  threshold: 0.5,
  periodSeconds: period,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissingData: MissingData.Missing,
  ...changes,
});

/** Datapoints of a drawing as CloudWatch's documentation has them: `0` fine, `X` breaching, `-` missing; newest last. */
function draw(drawing: string): Datapoint[] {
  const marks = drawing.replaceAll(" ", "").split("");
  return marks.flatMap((mark, index) =>
    mark === "-" ? [] : [{ timestamp: (1_000 - marks.length + index) * period, value: mark === "X" ? 1 : 0 }],
  );
}

const inOrder = [MissingData.Missing, MissingData.Ignore, MissingData.Breaching, MissingData.NotBreaching];

describe("the tables of CloudWatch's documentation", () => {
  // undefined: the alarm keeps its state
  test.each([
    ["0 - X - X", [Ok, Ok, Ok, Ok]],
    ["- - - - 0", [Ok, Ok, Ok, Ok]],
    ["- - - - -", [InsufficientData, undefined, Alarm, Ok]],
    ["0 X X - X", [Alarm, Alarm, Alarm, Alarm]],
    ["- - X - -", [Alarm, undefined, Alarm, Ok]],
  ])("3 out of 3: %s", (drawing, expected) => {
    const states = inOrder.map(
      (treatMissingData) => evaluateAlarm(definition({ treatMissingData }), draw(drawing), now).state,
    );
    expect(states).toEqual(expected);
  });

  test.each([
    ["0 - X - X", [Alarm, Alarm, Alarm, Alarm]],
    ["0 0 X 0 X", [Alarm, Alarm, Alarm, Alarm]],
    ["0 - X - -", [Ok, Ok, Alarm, Ok]],
    ["- - - - 0", [Ok, Ok, Alarm, Ok]],
    ["- - - X -", [Alarm, undefined, Alarm, Ok]],
  ])("2 out of 3: %s", (drawing, expected) => {
    const states = inOrder.map(
      (treatMissingData) =>
        evaluateAlarm(definition({ datapointsToAlarm: 2, treatMissingData }), draw(drawing), now).state,
    );
    expect(states).toEqual(expected);
  });
});

describe("evaluateAlarm", () => {
  test.each<[Comparison, number, AlarmState]>([
    ["GreaterThanThreshold", 0.5, Ok],
    ["GreaterThanThreshold", 0.6, Alarm],
    ["GreaterThanOrEqualToThreshold", 0.5, Alarm],
    ["GreaterThanOrEqualToThreshold", 0.4, Ok],
    ["LessThanThreshold", 0.5, Ok],
    ["LessThanThreshold", 0.4, Alarm],
    ["LessThanOrEqualToThreshold", 0.5, Alarm],
    ["LessThanOrEqualToThreshold", 0.6, Ok],
  ])("%s holds %d against 0.5: %s", (comparison, value, state) => {
    const one = definition({ comparison, evaluationPeriods: 1, datapointsToAlarm: 1 });
    expect(evaluateAlarm(one, [{ timestamp: 999 * period, value }], now).state).toBe(state);
  });

  it("counts the running period as soon as it has data, and not as missing before", () => {
    const one = definition({
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: MissingData.Breaching,
    });
    const last = { timestamp: 999 * period, value: 0 };
    expect(evaluateAlarm(one, [last], now).state).toBe(Ok);
    expect(evaluateAlarm(one, [last, { timestamp: 1_000 * period, value: 1 }], now).state).toBe(Alarm);
  });

  it("forgets datapoints that are older than the range", () => {
    const one = definition({ evaluationPeriods: 1, datapointsToAlarm: 1 });
    expect(evaluateAlarm(one, [{ timestamp: 996 * period, value: 1 }], now).state).toBe(InsufficientData);
    expect(evaluateAlarm(one, [{ timestamp: 997 * period, value: 1 }], now).state).toBe(Alarm);
  });

  it("tells what it saw", () => {
    expect(
      evaluateAlarm(definition({ treatMissingData: MissingData.Breaching }), draw("- - - 0 X"), now),
    ).toEqual({
      state: Ok,
      evaluated: [
        { timestamp: 998 * period, value: 0 },
        { timestamp: 999 * period, value: 1 },
      ],
      breaching: 1,
      filled: 1,
    });
  });
});

describe("evaluateAlarm, for any data", () => {
  const numbers = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
    .map(([left, right]) => ({
      evaluationPeriods: Math.max(left, right),
      datapointsToAlarm: Math.min(left, right),
    }));
  const marks = fc.array(fc.constantFrom("0", "X", "-"), { minLength: 8, maxLength: 8 });
  const rules = fc.constantFrom(...inOrder);

  it("never sees more than N datapoints, and fills up to N", () => {
    fc.assert(
      fc.property(numbers, marks, rules, (counts, drawing, treatMissingData) => {
        const result = evaluateAlarm(
          definition({ ...counts, treatMissingData }),
          draw(drawing.join("")),
          now,
        );
        expect(result.evaluated.length + result.filled).toBe(counts.evaluationPeriods);
        expect(result.breaching).toBeLessThanOrEqual(result.evaluated.length);
      }),
    );
  });

  it("does not ask the rule for missing data when N datapoints are known", () => {
    fc.assert(
      fc.property(numbers, marks, (counts, drawing) => {
        const results = inOrder.map((treatMissingData) =>
          evaluateAlarm(definition({ ...counts, treatMissingData }), draw(drawing.join("")), now),
        );
        fc.pre(results[0]?.filled === 0);
        expect(new Set(results.map((result) => result.state)).size).toBe(1);
      }),
    );
  });

  it("is never calmer when missing data breaches than when it does not", () => {
    fc.assert(
      fc.property(numbers, marks, (counts, drawing) => {
        const state = (treatMissingData: MissingData): AlarmState | undefined =>
          evaluateAlarm(definition({ ...counts, treatMissingData }), draw(drawing.join("")), now).state;
        if (state(MissingData.NotBreaching) === Alarm) expect(state(MissingData.Breaching)).toBe(Alarm);
      }),
    );
  });

  it("does not alarm on data that never breaches, unless missing data does", () => {
    fc.assert(
      fc.property(numbers, marks, rules, (counts, drawing, treatMissingData) => {
        fc.pre(treatMissingData !== MissingData.Breaching);
        const calm = drawing.map((mark) => (mark === "X" ? "0" : mark)).join("");
        expect(evaluateAlarm(definition({ ...counts, treatMissingData }), draw(calm), now).state).not.toBe(
          Alarm,
        );
      }),
    );
  });
});
