import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import type { ObjectReport } from "../../../lambdas/data-validator/validate-object";
import { FakeAws, FakeS3, lambdaContext, loadHandler } from "../fake-aws";

const contract: DataContract = {
  dataset: "flights",
  version: "2",
  primaryKey: ["id"],
  maximumBadRowShare: 0.25,
  columns: [
    { name: "id", type: ColumnType.String },
    { name: "delay", type: ColumnType.Integer },
  ],
};

jest.spyOn(console, "log").mockImplementation(() => undefined);
const handler = loadHandler<(event: unknown, context: never) => Promise<ObjectReport>>("data-validator", {
  CONTRACT: JSON.stringify(contract),
  RAW_BUCKET: "raw",
  CURATED_BUCKET: "curated",
  QUARANTINE_BUCKET: "quarantine",
  IDEMPOTENCY_TABLE: "idempotency",
  MAXIMUM_FILE_BYTES: "1000",
});

type Item = Record<string, Record<string, string>>;
let s3: FakeS3;
let aws: FakeAws;

beforeEach(() => {
  s3 = new FakeS3();
  const items = new Map<string, Item>();
  aws = new FakeAws({
    ...s3.answers(),
    PutItemCommand: ({ Item: item }) => {
      const id = (item as Item).id?.S ?? "";
      const old = items.get(id);
      if (old !== undefined) {
        throw new ConditionalCheckFailedException({ message: "taken", $metadata: {}, Item: old as never });
      }
      items.set(id, item as Item);
      return {};
    },
    UpdateItemCommand: ({ Key, ExpressionAttributeValues }) => {
      const values = ExpressionAttributeValues as Item;
      const id = (Key as Item).id?.S ?? "";
      items.set(id, {
        ...items.get(id),
        status: values[":status"] ?? {},
        data: values[":response_data"] ?? {},
        expiration: values[":expiry"] ?? {},
      });
      return {};
    },
    DeleteItemCommand: ({ Key }) => {
      items.delete((Key as Item).id?.S ?? "");
      return {};
    },
  }).replace(S3Client, DynamoDBClient);
});

function arrive(key: string, text: string, versionId = "v1"): Promise<ObjectReport> {
  s3.objects.set(`raw/${key}`, text);
  const object = { key, size: Buffer.byteLength(text), etag: "e", "version-id": versionId };
  return handler({ detail: { bucket: { name: "raw" }, object } }, lambdaContext);
}

const stored = (bucket: string): string[] =>
  [...s3.objects.keys()].filter((name) => name.startsWith(`${bucket}/`));

test("a good file goes to the curated zone in the contract's shape", async () => {
  const report = await arrive("flights/a b.csv", "\ufeffdelay,id\r\n5,x\r\n7,y\r\n");
  expect(report).toMatchObject({ outcome: "curated", totalRows: 2, goodRows: 2, badRows: 0, fileFaults: [] });
  expect(s3.objects.get("curated/flights/a b.csv")).toBe("id,delay\nx,5\ny,7\n");
  expect(stored("quarantine")).toEqual([]);
  expect(aws.inputsOf("GetObjectCommand")).toEqual([
    { Bucket: "raw", Key: "flights/a b.csv", VersionId: "v1" },
  ]);
});

test("a file with few bad rows is split, and nothing is lost", async () => {
  const report = await arrive("flights/a.csv", "id,delay\na,1\nb,2\nc,3\nd,late\n");
  expect(report).toMatchObject({ outcome: "split", totalRows: 4, goodRows: 3, badRows: 1 });
  expect(s3.objects.get("curated/flights/a.csv")).toBe("id,delay\na,1\nb,2\nc,3\n");
  expect(s3.objects.get("quarantine/flights/a.csv")).toBe("d,late\n");
  expect(JSON.parse(s3.objects.get("quarantine/flights/a.csv.reasons.json") ?? "")).toEqual({
    ...report,
    rows: [{ row: 4, reasons: ['delay is "late"; an integer is required.'] }],
  });
});

test("a file with many bad rows goes to quarantine as it came, with the reasons of every row", async () => {
  const text = "id,delay\na,1\na,2\nc,\n";
  const report = await arrive("flights/ä/a.csv", text);
  expect(report.outcome).toBe("quarantined");
  expect(stored("curated")).toEqual([]);
  expect(s3.objects.get("quarantine/flights/ä/a.csv")).toBe(text);
  expect(aws.inputsOf("CopyObjectCommand")[0]?.CopySource).toBe("raw/flights/%C3%A4/a.csv?versionId=v1");
  const reasons = JSON.parse(s3.objects.get("quarantine/flights/ä/a.csv.reasons.json") ?? "") as ObjectReport;
  expect(reasons).toMatchObject({
    fileFaults: ["2 of 3 rows are bad (66.67 %); the contract allows at most 25 %."],
    rows: [
      { row: 2, reasons: ["The row repeats the key id of an earlier row."] },
      { row: 3, reasons: ["delay is missing."] },
    ],
  });
});

test.each([
  ["a wrong header", "id\n1\n", 'The header lacks the columns "delay".'],
  ["nothing in it", "", "The file is empty; it needs a header and at least one row."],
  [
    "more bytes than are checked",
    `id,delay\n${"a,1\n".repeat(300)}`,
    /^The file has 1209 bytes; at most 1000 are checked/,
  ],
])("a file with %s goes to quarantine as a whole", async (_title, text, fault) => {
  const report = await arrive("flights/a.csv", text);
  expect(report.fileFaults).toEqual([typeof fault === "string" ? fault : expect.stringMatching(fault)]);
  expect(s3.objects.get("quarantine/flights/a.csv")).toBe(text);
  expect(JSON.parse(s3.objects.get("quarantine/flights/a.csv.reasons.json") ?? "")).toEqual({
    ...report,
    rows: [],
  });
});

test("the same version is validated once, and gets the same answer again", async () => {
  const first = await arrive("flights/a.csv", "id,delay\na,1\n");
  const reads = aws.inputsOf("GetObjectCommand").length;
  expect(await arrive("flights/a.csv", "id,delay\na,1\n")).toEqual(first);
  expect(aws.inputsOf("GetObjectCommand")).toHaveLength(reads);
});

test("a new version of the same file is validated anew", async () => {
  await arrive("flights/a.csv", "id,delay\na,1\n", "v1");
  await arrive("flights/a.csv", "id,delay\na,2\n", "v2");
  expect(s3.objects.get("curated/flights/a.csv")).toBe("id,delay\na,2\n");
});

test("a fault of S3 fails the call and lets the next one try again", async () => {
  const fail = new FakeAws({
    GetObjectCommand: () => {
      throw new Error("S3 is slow today");
    },
    PutItemCommand: () => ({}),
    DeleteItemCommand: () => ({}),
  }).replace(S3Client, DynamoDBClient);
  await expect(arrive("flights/a.csv", "id,delay\na,1\n")).rejects.toThrow("S3 is slow today");
  expect(fail.inputsOf("DeleteItemCommand")).toHaveLength(1);
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
  expect(aws.sent).toEqual([]);
});
