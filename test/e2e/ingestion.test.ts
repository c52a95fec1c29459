/**
 * Records by queue, device, stream, polled API and file, the good among poisoned, wrong and repeated ones: all of them
 * are counted, and nothing is lost: in = curated + quarantined + duplicates + dead-lettered.
 */
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DuckDBInstance } from "@duckdb/node-api";

import { eventually } from "../../local/demo/check";
import { runScript } from "./stack-process";

interface Lake {
  error?: string;
  gatewayUrl: string;
  rawBucketName: string;
  curatedBucketName: string;
  quarantineBucketName: string;
  queueUrl: string;
  streamName: string;
  pollerName: string;
  deadLetterQueueUrls: string[];
  deadLetterUri: string;
}

const repository = path.resolve(__dirname, "..", "..");
const sandboxName = "ingestion-test";
const ways = ["queue", "device", "stream", "api", "file"] as const;
type Way = (typeof ways)[number];

/** What is sent by each way, once; everything is then sent a second time. */
const goodCount = 40;
const wrongCount = 5;
const poison = ["not json", "[1, 2]", '"a text"', '{"open": '];

const reading = (way: Way, index: number): string =>
  JSON.stringify({
    station: `${way}-station`,
    reading: index,
    measured_at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
    temperature: index < goodCount ? index / 2 : 999,
  });
const readings = (way: Way): string[] =>
  Array.from({ length: goodCount + wrongCount }, (_, index) => reading(way, index));

let projectRoot: string;
let lake: Lake;
let api: http.Server;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

jest.setTimeout(10 * 60_000);

beforeAll(async () => {
  projectRoot = fs.mkdtempSync(path.join(os.tmpdir(), "ingestion-"));
  for (const file of ["Pulumi.yaml", "Pulumi.local.yaml"]) {
    fs.copyFileSync(path.join(repository, file), path.join(projectRoot, file));
  }
  api = http.createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(`{"readings": [${[...readings("api"), "7", '"text"'].join(",")}]}`);
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(api.address() as AddressInfo).port}/readings`;
  lake = await runScript<Lake>("ingestion/run-ingestion.ts", [projectRoot, sandboxName, "up", address]);
  if (lake.error !== undefined) throw new Error(lake.error);
  settings = {
    endpoint: lake.gatewayUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
});

afterAll(async () => {
  await runScript("ingestion/run-ingestion.ts", [projectRoot, sandboxName, "down"]);
  await new Promise((resolve) => api.close(resolve));
  fs.rmSync(projectRoot, { recursive: true, force: true });
});

const s3 = () => new S3Client({ ...settings, forcePathStyle: true });

const chunks = <T>(items: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** Records of pages that the poller had seen before, and therefore did not bring again. */
let knownToPoller = 0;

/** Sends everything by one way, and says how many records that were. */
const send: Record<Way, (turn: number) => Promise<number>> = {
  queue: async () => {
    const bodies = [...readings("queue"), ...poison];
    for (const part of chunks(bodies, 10)) {
      const Entries = part.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await new SQSClient(settings).send(new SendMessageBatchCommand({ QueueUrl: lake.queueUrl, Entries }));
    }
    // The array holds two records that are none.
    return bodies.length + 1;
  },
  device: async () => {
    const payloads = [...readings("device"), ...poison];
    const client = new IoTDataPlaneClient(settings);
    for (const payload of payloads) {
      await client.send(
        new PublishCommand({
          topic: "stations/device-station/readings",
          qos: 1,
          payload: Buffer.from(payload),
        }),
      );
    }
    return payloads.length + 1;
  },
  stream: async () => {
    const payloads = [...readings("stream"), "not json"];
    await new KinesisClient(settings).send(
      new PutRecordsCommand({
        StreamName: lake.streamName,
        Records: payloads.map((payload) => ({ Data: Buffer.from(payload), PartitionKey: "stream-station" })),
      }),
    );
    return payloads.length;
  },
  api: async () => {
    const { FunctionError, Payload } = await new LambdaClient(settings).send(
      new InvokeCommand({ FunctionName: lake.pollerName, Payload: "{}" }),
    );
    const answer = JSON.parse(Payload!.transformToString()) as { recordsIn: number; recordsRepeated: number };
    expect({ FunctionError, answer }).toMatchObject({ answer: { outcome: "finished" } });
    knownToPoller += answer.recordsRepeated;
    return answer.recordsIn;
  },
  file: async (turn) => {
    const lines = readings("file");
    await s3().send(
      new PutObjectCommand({
        Bucket: lake.rawBucketName,
        Key: `readings/files/delivery-${turn}.jsonl`,
        Body: lines.join("\n"),
      }),
    );
    return lines.length;
  },
};

async function keysOf(bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3().send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

async function read(bucket: string, key: string): Promise<Uint8Array> {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body!.transformToByteArray();
}

interface Report {
  totalRows: number;
  goodRows: number;
  badRows: number;
  duplicateRows: number;
}

/** What the validator says of everything that it has seen. */
async function validated(): Promise<Report> {
  const sum: Report = { totalRows: 0, goodRows: 0, badRows: 0, duplicateRows: 0 };
  const keys = await keysOf(lake.quarantineBucketName, "reports/readings/");
  for (const key of keys.filter((each) => each.endsWith(".json"))) {
    const text = Buffer.from(await read(lake.quarantineBucketName, key)).toString();
    const report = JSON.parse(text) as Report;
    for (const field of Object.keys(sum) as (keyof Report)[]) sum[field] += report[field];
  }
  return sum;
}

/** Records in the dead-letter queues and folders. */
async function deadLetters(): Promise<number> {
  const sqs = new SQSClient(settings);
  const counts = lake.deadLetterQueueUrls.map(async (QueueUrl) => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  });
  const queued = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  const { hostname, pathname } = new URL(lake.deadLetterUri);
  const stored = await keysOf(hostname, pathname.slice(1));
  return queued + stored.length;
}

/** Records of each station in the curated zone, and how many of them are repeated. */
async function curated(): Promise<Record<string, { rows: number; distinct: number }>> {
  const folder = fs.mkdtempSync(path.join(projectRoot, "curated-"));
  for (const [index, key] of (await keysOf(lake.curatedBucketName, "readings/")).entries()) {
    fs.writeFileSync(path.join(folder, `${index}.parquet`), await read(lake.curatedBucketName, key));
  }
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT station, count(*)::INTEGER AS rows, count(DISTINCT reading)::INTEGER AS distinct_rows
     FROM read_parquet($files) GROUP BY station`,
    { files: `${folder}/*.parquet` },
  );
  const rows = reader.getRowObjectsJS() as { station: string; rows: number; distinct_rows: number }[];
  connection.closeSync();
  instance.closeSync();
  return Object.fromEntries(
    rows.map(({ station, rows: count, distinct_rows: distinct }) => [station, { rows: count, distinct }]),
  );
}

test("every record by every way ends in the lake once, in quarantine or as a dead letter", async () => {
  let sent = 0;
  for (const turn of [1, 2]) for (const way of ways) sent += await send[way](turn);
  let seen = { rows: await validated(), dead: await deadLetters() };
  await eventually(`${sent} records to be accounted for`, 240, async () => {
    seen = { rows: await validated(), dead: await deadLetters() };
    return seen.rows.totalRows + seen.dead + knownToPoller >= sent ? true : undefined;
  }).catch((error: Error) => {
    throw new Error(`${error.message} Seen: ${JSON.stringify(seen)}`);
  });
  expect(seen.rows.totalRows + seen.dead + knownToPoller).toBe(sent);
  expect(seen.rows.goodRows + seen.rows.badRows + seen.rows.duplicateRows).toBe(seen.rows.totalRows);
  expect(seen.rows.goodRows).toBe(ways.length * goodCount);
  expect(await curated()).toEqual(
    Object.fromEntries(ways.map((way) => [`${way}-station`, { rows: goodCount, distinct: goodCount }])),
  );
  // Twice: the poison of queue and device, of which the array holds two, one on the stream, two on the page.
  expect(seen.dead).toBe(2 * (2 * (poison.length + 1) + 1 + 2));
});
