import fc from "fast-check";

import { populationStabilityIndex } from "../../../lambdas/shared/population-stability-index";

describe("population stability index", () => {
  test.each([
    {
      title: "two bins, computed by hand: (0.4-0.5)·ln(0.4/0.5) + (0.6-0.5)·ln(0.6/0.5)",
      expected: [50, 50],
      actual: [40, 60],
      value: 0.1 * Math.log(1.25) + 0.1 * Math.log(1.2),
      figure: 0.0405465,
    },
    {
      title: "three bins of different totals: shares 0.2 0.3 0.5 against 0.5 0.3 0.2",
      expected: [20, 30, 50],
      actual: [500, 300, 200],
      value: 2 * 0.3 * Math.log(2.5),
      figure: 0.5497744,
    },
    {
      title: "an empty bin counts as a share of 0.0001",
      expected: [50, 50],
      actual: [100, 0],
      value: 0.5 * Math.log(2) + 0.4999 * Math.log(5000),
      figure: 4.6043184,
    },
  ])("$title", ({ expected, actual, value, figure }) => {
    expect(populationStabilityIndex(expected, actual)).toBeCloseTo(value, 10);
    expect(populationStabilityIndex(expected, actual)).toBeCloseTo(figure, 6);
  });

  const histogram = fc
    .array(fc.nat(10_000), { minLength: 2, maxLength: 20 })
    .filter((counts) => counts.some((count) => count > 0));
  const twoHistograms = fc
    .integer({ min: 2, max: 20 })
    .chain((bins) =>
      fc.tuple(
        fc.array(fc.nat(10_000), { minLength: bins, maxLength: bins }),
        fc.array(fc.nat(10_000), { minLength: bins, maxLength: bins }),
      ),
    )
    .filter((both) => both.every((counts) => counts.some((count) => count > 0)));

  test("is 0 for a histogram and itself, and for the same shares of another total", () => {
    fc.assert(
      fc.property(histogram, fc.integer({ min: 1, max: 50 }), (counts, factor) => {
        const scaled = counts.map((count) => count * factor);
        return (
          populationStabilityIndex(counts, counts) === 0 && populationStabilityIndex(counts, scaled) < 1e-9
        );
      }),
    );
  });

  test("is never negative, always finite, and the same in both directions", () => {
    fc.assert(
      fc.property(twoHistograms, ([a, b]) => {
        const there = populationStabilityIndex(a, b);
        expect(there).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(there)).toBe(true);
        expect(populationStabilityIndex(b, a)).toBeCloseTo(there, 9);
      }),
    );
  });

  test("grows as rows move from one bin to another", () => {
    const moved = [0, 10, 20, 40, 80].map((rows) =>
      populationStabilityIndex([100, 100, 100], [100 - rows, 100, 100 + rows]),
    );
    expect(moved).toEqual([...moved].sort((a, b) => a - b));
    expect(moved[4]).toBeGreaterThan(0.2);
  });

  test("refuses histograms that cannot be compared", () => {
    expect(() => populationStabilityIndex([1, 2], [1, 2, 3])).toThrow("2 and 3 bins");
    expect(() => populationStabilityIndex([1, 2], [0, 0])).toThrow("without a single value");
  });
});
