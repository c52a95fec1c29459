import { metricDatum, metricValues } from "../../../lambdas/drift-detector/metric-data";
import { DriftReport, DriftStatus, renderHtml, summarize } from "../../../lambdas/drift-detector/report";
import { modelMetrics } from "../../../components/contracts/metric-ref";

const measured: DriftReport = {
  model: "delays",
  version: 3,
  windowStart: "2026-01-01T00:00:00.000Z",
  windowEnd: "2026-01-02T00:00:00.000Z",
  status: DriftStatus.Measured,
  summary: "",
  predictions: 10,
  unreadableLines: 1,
  threshold: 0.2,
  drift: 0.51234,
  features: [
    {
      feature: "<carrier>",
      populationStabilityIndex: 0.51234,
      bins: ["AA & Co", "missing"],
      baseline: [8, 2],
      window: [3, 7],
    },
  ],
};
const unknown: DriftReport = {
  ...measured,
  status: DriftStatus.NoRecords,
  predictions: 0,
  drift: undefined,
  features: [],
};
const metrics = modelMetrics("prod", "delays");

describe("what a run says", () => {
  test.each([
    [measured, "<carrier> moved most: population stability index 0.512, above the threshold 0.2."],
    [{ ...measured, drift: 0.1 }, "within the threshold 0.2."],
    [
      unknown,
      "No predictions were captured from 2026-01-01T00:00:00.000Z to 2026-01-02T00:00:00.000Z; drift is unknown.",
    ],
    [{ ...unknown, status: DriftStatus.NoChampion }, "No version of delays has been promoted yet"],
    [
      { ...unknown, status: DriftStatus.TooFewRecords, predictions: 7 },
      "7 predictions are fewer than the 100 that a comparison needs; drift is unknown.",
    ],
  ])("%#", (report, sentence) => {
    expect(summarize(report, 100)).toContain(sentence);
  });

  test("as a page escapes what comes from outside", () => {
    const page = renderHtml({ ...measured, summary: "<script>" });
    expect(page).toContain("&lt;carrier&gt;: 0.512");
    expect(page).toContain("AA &amp; Co");
    expect(page).not.toMatch(/<script>|<carrier>/);
    expect(page).toContain("80.0 % → 30.0 %");
  });
});

describe("what a run emits", () => {
  test("is drift, predictions and, last, the heartbeat", () => {
    expect(metricValues(measured, metrics)).toEqual([
      { metric: metrics.drift, value: 0.51234 },
      { metric: metrics.predictions, value: 10 },
      { metric: metrics.heartbeat, value: 1 },
    ]);
  });

  test("has no value for drift that was not measured", () => {
    expect(metricValues(unknown, metrics)).toEqual([
      { metric: metrics.predictions, value: 0 },
      { metric: metrics.heartbeat, value: 1 },
    ]);
  });

  test("carries the whole identity of the metric", () => {
    const time = new Date("2026-01-01T00:00:00Z");
    expect(metricDatum({ metric: metrics.drift, value: 0.5 }, time)).toEqual({
      MetricName: "MaxPopulationStabilityIndex",
      Dimensions: [
        { Name: "Environment", Value: "prod" },
        { Name: "Model", Value: "delays" },
      ],
      Unit: "None",
      Value: 0.5,
      Timestamp: time,
    });
  });
});
