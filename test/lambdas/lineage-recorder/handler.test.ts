import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";

import { FakeAws, FakeS3, lambdaContext, loadHandler } from "../fake-aws";
import type { LineageGraph } from "../../../lambdas/lineage-recorder/graph";
import { approval, lineage, onBus, run, training } from "./events";

jest.spyOn(console, "log").mockImplementation(() => undefined);
jest.spyOn(console, "error").mockImplementation(() => undefined);

type Item = Record<string, { S: string }>;

/** Items by both keys, with the conditions that the recorder sets. */
class FakeTable {
  readonly items = new Map<string, Item>();

  put({ Item: item, ConditionExpression: condition }: { Item: Item; ConditionExpression: string }): unknown {
    const key = `${item.node!.S}\n${item.edge!.S}`;
    const before = this.items.get(key);
    if (before !== undefined) {
      const earlier = condition.includes("#time > :time") && before.time!.S > item.time!.S;
      const later = condition.includes("#time <= :time") && before.time!.S <= item.time!.S;
      const open = !condition.includes("#state") || before.state === undefined || before.state.S === "START";
      if (!(earlier || (later && open))) {
        throw new ConditionalCheckFailedException({ message: "refused", $metadata: {} });
      }
    }
    this.items.set(key, item);
    return {};
  }

  query({ ExpressionAttributeValues: values }: { ExpressionAttributeValues: Item }): unknown {
    const start = `${values[":node"]!.S}\n${values[":prefix"]!.S}`;
    return { Items: [...this.items].filter(([key]) => key.startsWith(start)).map(([, item]) => item) };
  }
}

type Handler = (event: unknown, context: never) => Promise<LineageGraph>;
let server: http.Server;
let status: number;
let received: number;
let handler: Handler;
let s3: FakeS3;
let table: FakeTable;
let queue: string[];
let aws: FakeAws;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    received += 1;
    request.resume().on("end", () => response.writeHead(status).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  handler = loadHandler<Handler>("lineage-recorder", {
    LINEAGE_BUCKET: "lake",
    GRAPH_TABLE: "graph",
    DEAD_LETTER_QUEUE_URL: "https://sqs.test/1/dead-letters",
    ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/lineage`,
    ENDPOINT_SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key",
  });
});
afterAll(() => void server.close());

beforeEach(() => {
  [status, received, s3, table, queue] = [200, 0, new FakeS3(), new FakeTable(), []];
  aws = new FakeAws({
    ...s3.answers(),
    PutItemCommand: (input) => table.put(input as never),
    GetItemCommand: ({ Key }) => {
      const { node, edge } = Key as Item;
      return { Item: table.items.get(`${node!.S}\n${edge!.S}`) };
    },
    QueryCommand: (input) => table.query(input as never),
    GetSecretValueCommand: () => ({ SecretString: "key" }),
    ReceiveMessageCommand: ({ MaxNumberOfMessages: most }) => ({
      Messages: queue.splice(0, most as number).map((Body, i) => ({ Body, ReceiptHandle: `${i}` })),
    }),
    DeleteMessageCommand: () => ({}),
  }).replace(S3Client, DynamoDBClient, SecretsManagerClient, SQSClient);
});

const upstream = (dataset: string): Promise<LineageGraph> => handler({ query: { dataset } }, lambdaContext);

/** Ingestion, validation, publication, training and approval, as their events come. */
const story = [
  lineage(
    run("validation", "2026-01-01T00:00:00Z", ["s3://raw/flights/1.csv"], ["s3://curated/flights/1.parquet"]),
  ),
  lineage(
    run(
      "publication",
      "2026-01-02T00:00:00Z",
      ["s3://curated/flights/1.parquet"],
      ["s3://curated/manifests/flights/1f.json"],
    ),
  ),
  training("RUNNING", "s3://curated/manifests/flights/1f.sagemaker.manifest", "2026-01-03T00:00:00Z"),
  training("SUCCEEDED", "s3://curated/manifests/flights/1f.sagemaker.manifest", "2026-01-03T01:00:00Z"),
  approval("Approved", "2026-01-04T00:00:00Z"),
];

describe("the lineage recorder", () => {
  test("leads in one question from the deployed version back to the raw file, in whichever order events came", async () => {
    for (const event of [...story].reverse()) await handler(event, lambdaContext);
    const graph = await upstream("deployment/delays/7");
    const ids = graph.nodes.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        "deployment/delays/7",
        "s3://curated/manifests/flights/1f.json",
        "s3://curated/flights/1.parquet",
        "s3://raw/flights/1.csv",
      ]),
    );
    const jobs = graph.nodes.filter(({ kind }) => kind === "run").map(({ job, state }) => `${job} ${state}`);
    expect(jobs.sort()).toEqual([
      "model-promotion/delays COMPLETE",
      "step-functions/delays COMPLETE",
      "test/publication COMPLETE",
      "test/validation COMPLETE",
    ]);
  });

  test("leads from a training on a prefix to its files too", async () => {
    const events = [
      story[0],
      training("SUCCEEDED", "s3://curated/flights/", "2026-01-03T01:00:00Z"),
      story[4],
    ];
    for (const event of events) await handler(event, lambdaContext);
    expect((await upstream("deployment/delays/7")).nodes.map(({ id }) => id)).toContain(
      "s3://raw/flights/1.csv",
    );
  });

  test("keeps each event as an object by day, and a repeated one changes nothing", async () => {
    await handler(story[2], lambdaContext);
    const kept = [new Map(s3.objects), new Map(table.items)];
    const [key] = s3.objects.keys();
    expect(key).toMatch(/^lake\/lineage\/year=2026\/month=01\/day=03\/[0-9a-f-]{36}-START\.json$/);
    await handler(story[2], lambdaContext);
    expect([s3.objects, table.items]).toEqual(kept);
  });

  test("loses no event that cannot be sent on: it is stored, and the call fails to be tried again", async () => {
    status = 403;
    await expect(handler(story[0], lambdaContext)).rejects.toThrow(/answered 403/);
    expect(s3.objects.size).toBe(1);
    expect((await upstream("s3://curated/flights/1.parquet")).nodes).toHaveLength(3);
  });

  test("replays what waits in its dead-letter queue, and leaves there what fails again", async () => {
    queue = [JSON.stringify(story[0]), "no event", JSON.stringify(onBus("aws.s3", "Object Created", {}))];
    await expect(handler({ replay: {} }, lambdaContext)).resolves.toEqual({ replayed: 1, failedAgain: 2 });
    expect(aws.inputsOf("DeleteMessageCommand")).toHaveLength(1);
    expect(received).toBe(1);
  });

  test("ignores the refusal of a version", async () => {
    await handler(approval("Rejected", "2026-01-04T00:00:00Z"), lambdaContext);
    expect(s3.objects.size).toBe(0);
  });

  test.each([
    [
      "another event",
      onBus("aws.s3", "Object Created", {}),
      /"Object Created" of aws\.s3 is no event that tells of lineage/,
    ],
    ["no event", { hello: 1 }, /The event of the bus cannot be read: source: /],
    ["half an event", lineage({ ...run("a", "yesterday", [], []) }), /no OpenLineage run event: eventTime: /],
    [
      "a question for two things",
      { query: { dataset: "s3://a/b", runId: crypto.randomUUID() } },
      /give dataset or runId/,
    ],
    ["a question too deep", { query: { dataset: "s3://a/b", depth: 1000 } }, /query\.depth: /],
    ["a replay of nothing", { replay: { maximumMessages: 0 } }, /replay\.maximumMessages: /],
  ])("refuses %s", async (_, event, message) => {
    await expect(handler(event, lambdaContext)).rejects.toThrow(message);
    expect(s3.objects.size).toBe(0);
  });
});
