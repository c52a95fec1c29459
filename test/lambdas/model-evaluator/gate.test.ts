import { parseEvaluation, parseReference } from "../../../lambdas/model-evaluator/evaluation";
import { decideGate } from "../../../lambdas/model-evaluator/gate";
import { pointer } from "../pointers";

const rule = { metric: "accuracy", threshold: 0.8, maximumRegression: 0.01 };
const champion = (accuracy?: number) => pointer(4, { metrics: accuracy === undefined ? {} : { accuracy } });

describe("the gate", () => {
  test.each([
    { title: "at the threshold", value: 0.8, passed: true },
    { title: "just below the threshold", value: 0.7999, passed: false },
    { title: "better than the champion", value: 0.91, champion: champion(0.9), passed: true },
    {
      title: "at the allowed regression, whatever the rounding",
      value: 0.89,
      champion: champion(0.9),
      passed: true,
    },
    { title: "below the allowed regression", value: 0.8899, champion: champion(0.9), passed: false },
    {
      title: "below the threshold, but better than the champion",
      value: 0.7,
      champion: champion(0.5),
      passed: false,
    },
    { title: "a champion without the metric", value: 0.85, champion: champion(), passed: true },
  ])("$title", ({ value, champion: serving, passed }) => {
    const decision = decideGate({ metrics: { accuracy: value }, rows: 100 }, rule, serving);
    expect(decision).toMatchObject({ passed, value, threshold: 0.8, metric: "accuracy" });
    expect(decision.championVersion).toBe(serving?.version);
  });

  test.each([
    [{ metrics: { recall: 1 }, rows: 10 }, "The evaluation has no metric accuracy; it has: recall."],
    [{ metrics: {}, rows: 10 }, "The evaluation has no metric accuracy; it has: none."],
    [{ metrics: { accuracy: null }, rows: 10 }, "The metric accuracy is not a number."],
    [
      { metrics: { accuracy: 0.99 }, rows: 0 },
      "The evaluation saw no held-out rows, so its metrics say nothing.",
    ],
    [{ metrics: { accuracy: 0.5 }, rows: 10 }, "accuracy is 0.5; at least 0.8 is required."],
  ])("refuses %j and says why", (evaluation, reason) => {
    expect(decideGate(evaluation, rule, undefined)).toMatchObject({ passed: false, reason });
  });

  test("names the champion in its reason", () => {
    expect(decideGate({ metrics: { accuracy: 0.85 }, rows: 9 }, rule, champion(0.9)).reason).toBe(
      "accuracy is 0.85; version 4 serves with 0.9, and at most 0.01 less is allowed.",
    );
    expect(decideGate({ metrics: { accuracy: 0.85 }, rows: 9 }, rule, undefined).reason).toBe(
      "accuracy is 0.85; at least 0.8 is required. No version serves yet.",
    );
  });
});

describe("what the evaluation script writes", () => {
  test("may hold NaN as Python writes it, but not inside of texts", () => {
    expect(parseEvaluation('{"metrics": {"accuracy": NaN, "a": -Infinity, "b": 1.5}, "rows": 3}')).toEqual({
      metrics: { accuracy: null, a: null, b: 1.5 },
      rows: 3,
    });
    expect(parseReference('{"features": {"text": "NaN \\" Infinity", "x": NaN}}\n')).toEqual([
      { text: 'NaN " Infinity', x: null },
    ]);
  });

  test.each(["", "[]", '{"metrics": {"a": "high"}, "rows": 1}', '{"metrics": {"a": 1}}'])(
    "%p is refused",
    (text) => {
      expect(() => parseEvaluation(text)).toThrow(/^evaluation\.json must hold /);
    },
  );

  test("is refused with the number of the wrong line", () => {
    expect(() => parseReference('{"features": {"x": 1}}\n{"x": 1}\n')).toThrow(
      "Line 2 of reference.jsonl must hold",
    );
    expect(() => parseReference("\n")).toThrow("reference.jsonl is empty");
  });
});
