import { lambdaContext, loadHandler } from "../fake-aws";
import { FakeApi, FakeCloud, json } from "./polling-bench";

const api = new FakeApi();
const cloud = new FakeCloud();
let handler: (event: unknown, context: never) => Promise<unknown>;
const printed: string[] = [];

beforeAll(async () => {
  const origin = await api.start();
  jest.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  cloud.install();
  handler = loadHandler("api-poller", {
    API: JSON.stringify({ url: `${origin}/orders`, recordsPath: "" }),
    DATASET: "orders",
    SOURCE: "shop",
    RAW_BUCKET: "raw",
    STATE_TABLE: "state",
    DEAD_LETTER_QUEUE_URL: "https://queue.test/letters",
    MAXIMUM_PAGES: "10",
    MAXIMUM_RESPONSE_BYTES: "100000",
    TIMEOUT_SECONDS: "1",
    RETRIES: "0",
    BREAKER_FAILURES: "5",
    BREAKER_PAUSE_SECONDS: "60",
    POWERTOOLS_SERVICE_NAME: "api-poller",
    POWERTOOLS_METRICS_DISABLED: "false",
  });
});
afterAll(() => api.stop());

/** The metrics that were printed since the last look, by name: dimensions and value. */
function metrics(): Record<string, [dimensions: string, value: number]> {
  const found = printed
    .splice(0)
    .filter((line) => line.includes("CloudWatchMetrics"))
    .map((line) => JSON.parse(line) as Record<string, unknown> & EmbeddedMetrics)
    .flatMap((line) =>
      line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.map(({ Name }) => {
          const dimensions = (Dimensions[0] ?? []).map((name) => `${name}=${line[name] as string}`);
          return [Name, [`${Namespace} ${dimensions.join(" ")}`, line[Name] as number]] as const;
        }),
      ),
    );
  return Object.fromEntries(found.map(([name, value]) => [name, [...value]]));
}

interface EmbeddedMetrics {
  _aws: {
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
}

const ofDataset = "mlops/ingestion service=api-poller Dataset=orders";
const ofSource = `${ofDataset} Source=shop`;

test("a poll counts what it did, under the dimensions that the alarms look at", async () => {
  api.answer = (_, response) => json(response, [{ id: 1 }, 2]);
  expect(await handler({ reason: "The schedule is due." }, lambdaContext)).toMatchObject({
    outcome: "finished",
    recordsIn: 2,
  });
  expect(metrics()).toEqual({
    PagesRead: [ofDataset, 1],
    RecordsIn: [ofDataset, 2],
    RecordsWritten: [ofDataset, 1],
    RecordsRepeated: [ofDataset, 0],
    RecordsDeadLettered: [ofDataset, 1],
    PollsSucceeded: [ofSource, 1],
    CircuitOpen: [ofSource, 0],
  });
});

test("a poll that fails counts too, and is no success", async () => {
  api.answer = (_, response) => void response.writeHead(500).end();
  await expect(handler({}, lambdaContext)).rejects.toThrow("answered 500");
  const counted = metrics();
  expect(counted).toMatchObject({ PagesRead: [ofDataset, 0], CircuitOpen: [ofSource, 0] });
  expect(counted).not.toHaveProperty("PollsSucceeded");
});

test("a replay request replays and does not poll", async () => {
  const before = api.requests.length;
  expect(await handler({ replay: { maximumMessages: 5 } }, lambdaContext)).toEqual({
    replayed: 0,
    failedAgain: 1,
  });
  expect(api.requests).toHaveLength(before);
  await expect(handler({ replay: { maximumMessages: 0 } }, lambdaContext)).rejects.toThrow();
});
