import fc from "fast-check";

import { populationStabilityIndex } from "../../../lambdas/shared/population-stability-index";
import {
  binLabels,
  buildProfile,
  FeatureValue,
  histogramOf,
  profileCounts,
} from "../../../lambdas/shared/profile";

/** PSI of one feature: the baseline from some values, the histogram from others. */
function drift(baseline: FeatureValue[], window: FeatureValue[]): number {
  const profile = buildProfile(baseline.map((x) => ({ x }))).features.x;
  if (profile === undefined) throw new Error("no profile");
  const histogram = histogramOf(profile);
  window.forEach((value) => histogram.add(value));
  return populationStabilityIndex(profileCounts(profile), histogram.counts());
}

const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

describe("numeric profiles", () => {
  test("cut at the deciles", () => {
    const { rows, features } = buildProfile(hundred.map((x) => ({ x })));
    expect(rows).toBe(100);
    expect(features.x).toEqual({
      kind: "numeric",
      edges: [10, 20, 30, 40, 50, 60, 70, 80, 90],
      counts: [10, 10, 10, 10, 10, 10, 10, 10, 10, 10],
      missing: 0,
    });
  });

  test("keep a value that fills several deciles in one bin, and count what is missing", () => {
    const values = [...Array.from({ length: 90 }, () => 0), 1, 2, 3, 4, 5, null, undefined, Number.NaN];
    expect(buildProfile(values.map((x) => ({ x }))).features.x).toEqual({
      kind: "numeric",
      edges: [0],
      counts: [90, 5],
      missing: 3,
    });
  });

  test("see a feature that used to be constant move in either direction", () => {
    const constant = Array.from({ length: 50 }, () => 7);
    expect(drift(constant, constant)).toBe(0);
    for (const other of [6.99, 7.01]) {
      expect(
        drift(
          constant,
          constant.map(() => other),
        ),
      ).toBeGreaterThan(1);
    }
  });

  test("name their bins", () => {
    const profile = buildProfile([1, 2, 3].map((x) => ({ x }))).features.x;
    expect(profile && binLabels(profile)).toEqual(["≤ 1", "1 – 2", "> 2", "missing"]);
  });
});

describe("categorical profiles", () => {
  test("count categories, sorted, and what is missing", () => {
    const values = ["UA", "DL", "UA", null, "AA", true];
    expect(buildProfile(values.map((x) => ({ x }))).features.x).toEqual({
      kind: "categorical",
      categories: ["AA", "DL", "UA", "true"],
      counts: [1, 1, 2, 1],
      other: 0,
      missing: 1,
    });
  });

  test("keep the 50 most frequent categories and count the rest together", () => {
    const frequent = Array.from({ length: 50 }, (_, i) => `often-${i}`);
    const values = [...frequent, ...frequent, ...Array.from({ length: 30 }, (_, i) => `once-${i}`)];
    const profile = buildProfile(values.map((x) => ({ x }))).features.x;
    expect(profile).toMatchObject({ kind: "categorical", other: 30, missing: 0 });
    expect(profile?.kind === "categorical" && profile.categories).toEqual([...frequent].sort());
  });

  test("count an unseen category as other, which is drift", () => {
    const before = Array.from({ length: 100 }, (_, i) => (i % 2 ? "a" : "b"));
    expect(
      drift(
        before,
        before.map(() => "c"),
      ),
    ).toBeGreaterThan(1);
  });
});

describe("drift between profiles and windows", () => {
  const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
    minLength: 1,
    maxLength: 300,
  });
  const words = fc.array(fc.constantFrom("a", "b", "c", null), { minLength: 1, maxLength: 100 });

  test("is 0 for the training data itself, whatever it is", () => {
    fc.assert(fc.property(fc.oneof(numbers, words), (values) => drift(values, values) === 0));
  });

  test("counts every value exactly once", () => {
    fc.assert(
      fc.property(numbers, numbers, (baseline, window) => {
        const profile = buildProfile(baseline.map((x) => ({ x }))).features.x;
        if (profile === undefined) return false;
        const histogram = histogramOf(profile);
        window.forEach((value) => histogram.add(value));
        const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
        return (
          total(histogram.counts()) === window.length && total(profileCounts(profile)) === baseline.length
        );
      }),
    );
  });

  test("grows with the shift of the window", () => {
    const drifts = [0, 5, 15, 40, 90].map((shift) =>
      drift(
        hundred,
        hundred.map((value) => value + shift),
      ),
    );
    expect(drifts[0]).toBe(0);
    expect(drifts).toEqual([...drifts].sort((a, b) => a - b));
    expect(drifts[2]).toBeGreaterThan(0.2);
  });

  test("sees values that went missing, and numbers that became words", () => {
    expect(
      drift(
        hundred,
        hundred.map((value) => (value % 2 ? null : value)),
      ),
    ).toBeGreaterThan(0.2);
    expect(
      drift(
        hundred,
        hundred.map((value) => String(value)),
      ),
    ).toBeGreaterThan(1);
  });
});
