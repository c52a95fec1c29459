import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";

import { Metrics } from "@aws-lambda-powertools/metrics";

import { AnomalyAction, ColumnType, DataContract } from "../../../components/contracts/data-contract";
import type { ReplayReport } from "../../../components/contracts/dead-letter";
import type { QualityReport } from "../../../lambdas/data-validator/quality-report";
import type { StoredProfile } from "../../../lambdas/data-validator/stored-profile";
import type { ObjectReport } from "../../../lambdas/data-validator/validate-object";
import { sqlText } from "../../../lambdas/shared/duckdb";
import { lambdaContext, loadHandler } from "../fake-aws";
import { FakeServices } from "./fake-services";
import { inFolder, sql } from "./validating";

jest.setTimeout(120_000);

const contract: DataContract = {
  dataset: "flights",
  version: "2",
  primaryKey: ["id"],
  maximumBadRowShare: 0.25,
  columns: [
    { name: "id", type: ColumnType.String },
    { name: "delay", type: ColumnType.Integer },
    {
      name: "origin",
      type: ColumnType.String,
      nullable: true,
      references: { dataset: "airports", column: "code" },
    },
  ],
  anomalies: { action: AnomalyAction.Stop, minimumHistory: 2 },
};

jest.spyOn(console, "log").mockImplementation(() => undefined);
type Handler = (event: unknown, context: never) => Promise<ObjectReport | ReplayReport>;
const handler = loadHandler<Handler>("data-validator", {
  CONTRACT: JSON.stringify(contract),
  RAW_BUCKET: "raw",
  CURATED_BUCKET: "curated",
  QUARANTINE_BUCKET: "quarantine",
  IDEMPOTENCY_TABLE: "idempotency",
  RECORD_CLAIMS_TABLE: "claims",
  DEAD_LETTER_QUEUE_URL: "https://queue",
  MAXIMUM_FILE_BYTES: "5000",
});

let services: FakeServices;

/** A curated file with the airports' codes. */
async function airports(): Promise<Buffer> {
  return inFolder(async (folder) => {
    const file = path.join(folder, "airports.parquet");
    await sql(`COPY (SELECT unnest(['EWR', 'JFK']) AS code) TO ${sqlText(file)}`, "SELECT 1");
    return fs.readFileSync(file);
  });
}

let airportFile: Buffer;
beforeAll(async () => {
  airportFile = await airports();
});
beforeEach(() => {
  services = new FakeServices();
  services.objects.set("curated/airports/all.parquet", airportFile);
});

function eventOf(key: string, bytes: Buffer, versionId: string): object {
  const object = { key, size: bytes.length, etag: "e", "version-id": versionId };
  return { time: "2026-06-01T12:00:00Z", detail: { bucket: { name: "raw" }, object } };
}

async function arrive(key: string, content: string | Buffer, versionId = "v1"): Promise<ObjectReport> {
  const bytes = Buffer.from(content);
  services.objects.set(`raw/${key}`, bytes);
  return (await handler(eventOf(key, bytes, versionId), lambdaContext)) as ObjectReport;
}

const curated = (key: string): Promise<unknown[][]> =>
  inFolder(async (folder) => {
    const file = path.join(folder, "x.parquet");
    fs.writeFileSync(file, services.objects.get(`curated/${key}`) ?? "");
    return sql(`FROM read_parquet(${sqlText(file)})`);
  });
const header = "id,delay,origin\n";

test("a good file goes to the curated zone in the contract's shape, with its report", async () => {
  const report = await arrive("flights/a b.csv", "\ufefforigin,delay,id\r\nEWR,5,x\r\n,7,y\r\n");
  expect(report).toMatchObject({
    ...{ outcome: "curated", totalRows: 2, goodRows: 2, badRows: 0, duplicateRows: 0, fileFaults: [] },
    curatedKey: "flights/a b.csv.parquet",
  });
  expect(await curated("flights/a b.csv.parquet")).toEqual([
    ["x", "5", "EWR"],
    ["y", "7", null],
  ]);
  expect(services.metadata.get("curated/flights/a b.csv.parquet")).toEqual({
    rows: "2",
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    "run-id": report.runId,
    "contract-version": "2",
  });
  expect(services.keys("quarantine")).toEqual([
    "reports/flights/a b.csv.html",
    "reports/flights/a b.csv.json",
  ]);
  expect(services.json<QualityReport>("quarantine/reports/flights/a b.csv.json")).toMatchObject({
    ...{ reportVersion: 1, goodRows: 2, runId: report.runId, deliveredAt: "2026-06-01T12:00:00.000Z" },
  });
  expect(services.text("quarantine/reports/flights/a b.csv.html")).toMatch(/^<!doctype html>/);
});

test("the lineage names the raw and the curated file", async () => {
  const report = await arrive("flights/a.csv.gz", zlib.gzipSync(`${header}a,1,\n`));
  expect(services.events).toEqual([
    expect.objectContaining({
      eventType: "COMPLETE",
      run: { runId: report.runId, facets: {} },
      job: { namespace: "mlops", name: "validate.flights" },
      inputs: [expect.objectContaining({ namespace: "s3://raw", name: "flights/a.csv.gz" })],
      outputs: [expect.objectContaining({ namespace: "s3://curated", name: "flights/a.csv.gz.parquet" })],
    }),
  ]);
});

test("a file with few bad rows is split, and nothing is lost", async () => {
  const report = await arrive("flights/a.csv", `${header}a,1,\nb,2,\nc,3,JFK\nd,4,XXX\n`);
  expect(report).toMatchObject({ outcome: "split", totalRows: 4, goodRows: 3, badRows: 1 });
  expect(await curated("flights/a.csv.parquet")).toHaveLength(3);
  expect(services.text("quarantine/flights/a.csv.rows.jsonl")).toBe(
    '{"row":4,"values":{"id":"d","delay":"4","origin":"XXX"}}\n',
  );
  expect(services.json("quarantine/flights/a.csv.reasons.json")).toMatchObject({
    ...{ outcome: "split", totalRows: 4, goodRows: 3, badRows: 1 },
    rows: [{ row: 4, reasons: ['origin is "XXX"; the column code of airports has no such value.'] }],
  });
});

test("a file with many bad rows goes to quarantine as it came, with the reasons of every row", async () => {
  const text = `${header}a,1,\na,2,\nc,,\n`;
  const report = await arrive("flights/ä/a.csv", text);
  expect(report).toMatchObject({ outcome: "quarantined", badRows: 2 });
  expect(services.keys("curated")).toEqual(["airports/all.parquet"]);
  expect(services.text("quarantine/flights/ä/a.csv")).toBe(text);
  expect(services.aws.inputsOf("CopyObjectCommand")[0]?.CopySource).toBe(
    "raw/flights/%C3%A4/a.csv?versionId=v1",
  );
  expect(services.json("quarantine/flights/ä/a.csv.reasons.json")).toMatchObject({
    fileFaults: ["2 of 3 rows are bad (66.67 %); the contract allows at most 25 %."],
    rows: [
      { row: 2, reasons: ["The row repeats the key id of an earlier row with other values."] },
      { row: 3, reasons: ["delay is missing."] },
    ],
  });
  expect(services.events[0]).toMatchObject({ eventType: "FAIL" });
  expect([...services.items.keys()].filter((id) => id.startsWith("claims/"))).toEqual([]);
});

test.each([
  ["a.csv", "id\n1\n", 'The header lacks the columns "delay", "origin".'],
  ["a.csv", "", "The file is empty; it needs a header and at least one row."],
  ["a.csv", `${header}${"a,1,\n".repeat(1500)}`, /^The file has 7516 bytes; at most 5000 are checked/],
  ["a.xlsx", "PK", /^The format of the file is unknown/],
  ["a.parquet", "PAR1", /^The Parquet file is cut off/],
])("%s is quarantined as a whole", async (name, text, fault) => {
  const report = await arrive(`flights/${name}`, text);
  expect(report.fileFaults).toEqual([typeof fault === "string" ? fault : expect.stringMatching(fault)]);
  expect(services.text(`quarantine/flights/${name}`)).toBe(text);
  expect(services.json(`quarantine/flights/${name}.reasons.json`)).toMatchObject({
    fileFaults: report.fileFaults,
    rows: [],
  });
  expect(services.keys("quarantine")).toContain(`reports/flights/${name}.html`);
});

test("what columns refer to must have been delivered", async () => {
  services.objects.delete("curated/airports/all.parquet");
  expect((await arrive("flights/a.csv", `${header}a,1,\n`)).fileFaults).toEqual([
    "The contract refers to the data set airports, which has no curated file yet.",
  ]);
});

test("the same version is validated once, and gets the same answer again", async () => {
  const first = await arrive("flights/a.csv", `${header}a,1,\n`);
  const reads = services.aws.inputsOf("GetObjectCommand").length;
  expect(await arrive("flights/a.csv", `${header}a,1,\n`)).toEqual(first);
  expect(services.aws.inputsOf("GetObjectCommand")).toHaveLength(reads);
});

test("a new version of the same file takes the place of the old one", async () => {
  await arrive("flights/a.csv", `${header}a,1,\n`, "v1");
  expect(await arrive("flights/a.csv", `${header}a,2,\n`, "v2")).toMatchObject({ goodRows: 1, badRows: 0 });
  expect(await curated("flights/a.csv.parquet")).toEqual([["a", "2", null]]);
});

test("a record that another file brought is not written again", async () => {
  await arrive("flights/a.csv", `${header}a,1,\nb,1,\n`);
  const again = await arrive("flights/b.jsonl", '{"id":"a","delay":1}\n{"id":"c","delay":1}\n');
  expect(again).toMatchObject({ outcome: "curated", totalRows: 2, goodRows: 1, duplicateRows: 1 });
  const third = await arrive("flights/c.jsonl", '{"id":"a","delay":1}\n');
  expect(third).toMatchObject({ outcome: "curated", goodRows: 0, duplicateRows: 1 });
  expect(services.keys("curated")).not.toContain("flights/c.csv.parquet");
});

test("a call that failed halfway gives the same result when it is tried again", async () => {
  const { aws } = services;
  let broken = true;
  const answer = new FakeServices({
    PutEventsCommand: () => {
      if (broken) throw new Error("the bus is away");
      return { FailedEntryCount: 0 };
    },
  });
  services = answer;
  services.objects.set("curated/airports/all.parquet", airportFile);
  const text = `${header}a,1,\nb,2,\na,1,\n`;
  await expect(arrive("flights/a.csv", text)).rejects.toThrow("the bus is away");
  const halfway = services.objects.get("curated/flights/a.csv.parquet");
  broken = false;
  expect(await arrive("flights/a.csv", text)).toMatchObject({ goodRows: 2, duplicateRows: 1, badRows: 0 });
  expect(services.objects.get("curated/flights/a.csv.parquet")).toEqual(halfway);
  expect(services.json<StoredProfile>("curated/profiles/flights.json").deliveries).toHaveLength(1);
  expect(aws.sent).toEqual([]);
});

test("a delivery unlike those before it stops", async () => {
  const rows = (from: number, count: number): string =>
    header + Array.from({ length: count }, (_, i) => `${from + i},${i % 7},\n`).join("");
  await arrive("flights/1.csv", rows(0, 100));
  await arrive("flights/2.csv", rows(1000, 100));
  const report = await arrive("flights/3.csv", rows(2000, 10));
  expect(report).toMatchObject({ outcome: "quarantined", anomalies: 1 });
  expect(report.fileFaults[0]).toMatch(/^The delivery has 10 good rows; the 2 before it had 100 on average/);
  expect(services.json<StoredProfile>("curated/profiles/flights.json").deliveries).toHaveLength(2);
});

test("the metrics have the data set as their dimension", async () => {
  const dimension = jest.spyOn(Metrics.prototype, "addDimension");
  const metric = jest.spyOn(Metrics.prototype, "addMetric");
  await arrive("flights/a.csv", `${header}a,1,\na,1,\n`);
  expect(dimension.mock.calls).toEqual([["Dataset", "flights"]]);
  expect(Object.fromEntries(metric.mock.calls.map(([name, , value]) => [name, value]))).toEqual({
    ...{ GoodRows: 1, BadRows: 0, DuplicateRows: 1, Anomalies: 0, QuarantinedFiles: 0 },
  });
});

test("a replay processes what failed, and leaves what fails again", async () => {
  const bytes = Buffer.from(`${header}a,1,\n`);
  services.objects.set("raw/flights/a.csv", bytes);
  const event = eventOf("flights/a.csv", bytes, "v1");
  services.messages.set("m1", JSON.stringify(event));
  services.messages.set("m2", JSON.stringify(eventOf("flights/gone.csv", bytes, "v1")));
  services.messages.set("m3", JSON.stringify({ requestPayload: event }));
  const context = { ...(lambdaContext as object), getRemainingTimeInMillis: () => 900_000 } as never;
  expect(await handler({ replay: {} }, context)).toEqual({ replayed: 2, failedAgain: 1 });
  expect([...services.messages.keys()]).toEqual(["m2"]);
  expect(services.keys("curated")).toContain("flights/a.csv.parquet");
});

test.each([
  [
    { bucket: { name: "other" }, object: { key: "flights/a.csv", etag: "e" } },
    "s3://other/flights/a.csv is not in s3://raw/flights/",
  ],
  [
    { bucket: { name: "raw" }, object: { key: "trains/a.csv", etag: "e" } },
    "s3://raw/trains/a.csv is not in s3://raw/flights/",
  ],
  [{}, /bucket/],
])("an event of something else is refused: %j", async (detail, message) => {
  await expect(handler({ detail }, lambdaContext)).rejects.toThrow(message);
  expect(services.aws.sent).toEqual([]);
});

test("two formats of one name are two deliveries", async () => {
  await arrive("flights/same.csv", `${header}a,1,\n`);
  await arrive("flights/same.jsonl", '{"id":"b","delay":2,"origin":null}\n');
  expect(await curated("flights/same.csv.parquet")).toHaveLength(1);
  expect(await curated("flights/same.jsonl.parquet")).toHaveLength(1);
});
