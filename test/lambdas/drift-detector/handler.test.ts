import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";

import { modelMetrics } from "../../../components/contracts/metric-ref";
import type { DetectorAnswer } from "../../../lambdas/drift-detector/handler";
import { buildProfile } from "../../../lambdas/shared/profile";
import { FakeAws, FakeS3, lambdaContext, loadHandler } from "../fake-aws";
import { pointer } from "../pointers";

jest.spyOn(console, "log").mockImplementation(() => undefined);
const metrics = modelMetrics("test", "delays");
const handler = loadHandler<(event: unknown, context: never) => Promise<DetectorAnswer>>("drift-detector", {
  MODEL_NAME: "delays",
  METRICS: JSON.stringify(metrics),
  CHAMPION_PARAMETER: "/mlops/test/delays/champion",
  CAPTURES_BUCKET: "captures",
  WINDOW_HOURS: "2",
  DRIFT_THRESHOLD: "0.2",
  MINIMUM_RECORDS: "20",
});

const training = Array.from({ length: 200 }, (_, i) => ({ delay: i, carrier: i % 2 ? "UA" : "DL" }));
const request = { windowStart: "2026-01-01T10:00:00Z", windowEnd: "2026-01-01T12:00:00Z" };
let s3: FakeS3;
let aws: FakeAws;
let champion: string;

beforeEach(() => {
  s3 = new FakeS3();
  champion = JSON.stringify(pointer(3));
  s3.objects.set(pointer(3).baselineUri.slice("s3://".length), JSON.stringify(buildProfile(training)));
  aws = new FakeAws({
    ...s3.answers(),
    GetParameterCommand: () => ({ Parameter: { Value: champion } }),
    PutMetricDataCommand: () => ({}),
  }).replace(S3Client, SSMClient, CloudWatchClient);
});

/** Captures predictions, one record a row. */
function capture(
  hour: string,
  rows: { delay: number; carrier: string }[],
  time = `2026-01-01T${hour}:30:00Z`,
): void {
  const lines = rows.map((features, i) =>
    JSON.stringify({ model: "delays", version: "3", requestId: String(i), time, features, prediction: 1 }),
  );
  s3.objects.set(
    `captures/delays/year=2026/month=01/day=01/hour=${hour}/part-${s3.objects.size}.jsonl`,
    lines.join("\n"),
  );
}

const emitted = (): Record<string, number> =>
  Object.fromEntries(
    aws.inputsOf("PutMetricDataCommand").map(({ MetricData }) => {
      const [datum] = MetricData as { MetricName: string; Value: number }[];
      return [datum?.MetricName, datum?.Value];
    }),
  );

test("the training data itself is no drift", async () => {
  capture("10", training.slice(0, 100));
  capture("11", training.slice(100));
  const answer = await handler(request, lambdaContext);
  expect(answer).toMatchObject({ status: "measured", version: 3, predictions: 200, drift: 0 });
  expect(emitted()).toEqual({
    [metrics.drift.name]: 0,
    [metrics.predictions.name]: 200,
    [metrics.heartbeat.name]: 1,
  });
});

test("shifted data is drift, and the report names the feature that moved most", async () => {
  capture(
    "11",
    training.map(({ delay, carrier }) => ({ delay: delay + 150, carrier })),
  );
  const answer = await handler(request, lambdaContext);
  expect(answer.drift).toBeGreaterThan(1);
  expect(answer.summary).toMatch(/^delay moved most: .* above the threshold 0.2\.$/);
  expect(answer).not.toHaveProperty("features");
  const report = JSON.parse(s3.objects.get(answer.reportUri.slice("s3://".length)) ?? "") as {
    features: unknown[];
  };
  expect(report.features).toMatchObject([
    { feature: "delay" },
    { feature: "carrier", populationStabilityIndex: 0 },
  ]);
  expect(s3.objects.get(answer.reportUri.slice("s3://".length).replace(".json", ".html"))).toContain(
    "Drift of delays",
  );
  expect(answer.reportUri).toMatch(/^s3:\/\/captures\/delays\/reports\/\d{4}-.*Z\.json$/);
});

test("the time of a record decides, not the hour of its folder", async () => {
  capture("11", training, "2026-01-01T09:59:59Z");
  capture("12", training.slice(0, 50), "2026-01-01T11:59:59Z");
  capture("12", training, "2026-01-01T12:00:00Z");
  expect((await handler(request, lambdaContext)).predictions).toBe(50);
});

test("lines that are no records are counted and change nothing", async () => {
  capture("10", training);
  s3.objects.set(
    "captures/delays/year=2026/month=01/day=01/hour=10/z.jsonl",
    'not json\n{"time":"2026-01-01T10:00:00Z"}\n\n{"time":"never","features":{}}\n',
  );
  expect(await handler(request, lambdaContext)).toMatchObject({
    predictions: 200,
    unreadableLines: 3,
    drift: 0,
  });
});

test.each([
  { title: "no predictions", rows: 0, status: "no-records", predictions: 0 },
  { title: "too few predictions", rows: 19, status: "too-few-records", predictions: 19 },
])("$title: a heartbeat, but no value for drift", async ({ rows, status, predictions }) => {
  capture("10", training.slice(0, rows));
  const answer = await handler(request, lambdaContext);
  expect(answer).toMatchObject({ status, predictions });
  expect(answer.summary).toContain("drift is unknown");
  expect(emitted()).toEqual({ [metrics.predictions.name]: predictions, [metrics.heartbeat.name]: 1 });
});

test("no champion: predictions are counted, a heartbeat, but no value for drift", async () => {
  champion = "none";
  capture("10", training);
  const answer = await handler(request, lambdaContext);
  expect(answer).toMatchObject({ status: "no-champion", predictions: 200 });
  expect(emitted()).toEqual({ [metrics.predictions.name]: 200, [metrics.heartbeat.name]: 1 });
});

test("a run that cannot read the baseline fails without a heartbeat", async () => {
  s3.objects.delete(pointer(3).baselineUri.slice("s3://".length));
  await expect(handler(request, lambdaContext)).rejects.toThrow(
    `${pointer(3).baselineUri} could not be read`,
  );
  expect(aws.inputsOf("PutMetricDataCommand")).toEqual([]);
});

test("an event of the schedule looks at the configured window", async () => {
  const before = Date.now();
  const answer = await handler({}, lambdaContext);
  expect(Date.parse(answer.windowEnd)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(answer.windowEnd) - Date.parse(answer.windowStart)).toBe(2 * 3_600_000);
});

test("a request with a wrong time is refused", async () => {
  await expect(handler({ windowStart: "yesterday" }, lambdaContext)).rejects.toThrow("windowStart");
});
