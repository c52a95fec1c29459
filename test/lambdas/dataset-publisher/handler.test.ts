import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";

import type { DatasetManifest } from "../../../components/contracts/dataset-manifest";
import type { LineageEvent } from "../../../components/contracts/lineage-event";
import type { PublishedVersion } from "../../../lambdas/dataset-publisher/handler";
import { FakeAws, FakeS3, lambdaContext, loadHandler } from "../fake-aws";

jest.spyOn(console, "log").mockImplementation(() => undefined);
const handler = loadHandler<(event: unknown, context: never) => Promise<PublishedVersion>>(
  "dataset-publisher",
  { DATASET: "flights", CURATED_BUCKET: "curated", SCHEMA_KEY: "manifests/flights/schema.json" },
);

let s3: FakeS3;
let aws: FakeAws;
let metadata: Map<string, Record<string, string>>;

const put = (name: string, rows: number, digit = "a"): void => {
  s3.objects.set(`curated/flights/${name}`, "parquet");
  metadata.set(`flights/${name}`, {
    rows: String(rows),
    sha256: digit.repeat(64),
    "run-id": `run-${name}`,
    "contract-version": "1",
  });
};
const events = (): LineageEvent[] =>
  aws.inputsOf("PutEventsCommand").map((input) => {
    const [entry] = input.Entries as { Detail: string }[];
    return JSON.parse(entry!.Detail) as LineageEvent;
  });

beforeEach(() => {
  s3 = new FakeS3();
  metadata = new Map();
  const answers = s3.answers();
  aws = new FakeAws({
    ...answers,
    HeadObjectCommand: ({ Key }) => ({
      ContentLength: 7,
      VersionId: "v1",
      Metadata: metadata.get(Key as string),
    }),
    PutObjectCommand: (input) => {
      const taken = s3.objects.has(`${input.Bucket as string}/${input.Key as string}`);
      if (taken && input.IfNoneMatch === "*") {
        throw new S3ServiceException({ name: "PreconditionFailed", $fault: "client", $metadata: {} });
      }
      return answers.PutObjectCommand!(input);
    },
    PutEventsCommand: () => ({ FailedEntryCount: 0 }),
  }).replace(S3Client, EventBridgeClient);
  s3.objects.set("curated/manifests/flights/schema.json", JSON.stringify([{ name: "id", type: "string" }]));
});

describe("the dataset publisher", () => {
  test("publishes the files as they are, for people and for SageMaker", async () => {
    put("b.parquet", 2);
    put("a.parquet", 3);
    s3.objects.set("curated/flights/notes.txt", "not a file of the data set");
    const answer = await handler({ action: "publish" }, lambdaContext);
    expect(answer).toMatchObject({ rows: 5, files: 2, published: true });
    expect(answer.uri).toBe(`s3://curated/manifests/flights/${answer.id}.json`);
    const manifest = JSON.parse(s3.objects.get(answer.uri.slice(5))!) as DatasetManifest;
    expect(manifest).toMatchObject({
      id: answer.id,
      contractVersion: "1",
      rows: 5,
      schema: [{ name: "id" }],
    });
    expect(manifest.files[0]).toMatchObject({ key: "flights/a.parquet", versionId: "v1", rows: 3, bytes: 7 });
    expect(JSON.parse(s3.objects.get(answer.sageMakerManifestUri.slice(5))!)).toEqual([
      { prefix: "s3://curated/" },
      "flights/a.parquet",
      "flights/b.parquet",
    ]);
  });

  test("publishes the same files once, and tells the same lineage again", async () => {
    put("a.parquet", 3);
    const first = await handler({}, lambdaContext);
    const objects = new Map(s3.objects);
    const second = await handler({}, lambdaContext);
    expect(second).toEqual({ ...first, published: false });
    expect(s3.objects).toEqual(objects);
    expect(events()[1]).toEqual(events()[0]);
    expect(events()[0]).toMatchObject({
      eventType: "COMPLETE",
      inputs: [{ namespace: "s3://curated", name: "flights/a.parquet" }],
      outputs: [{ name: `manifests/flights/${first.id}.json` }],
    });
  });

  test("names the folder in the lineage of more files than an event has room for", async () => {
    for (let i = 0; i < 201; i++) put(`${i}.parquet`, 1);
    await handler({}, lambdaContext);
    expect(events()[0]?.inputs).toEqual([{ namespace: "s3://curated", name: "flights" }]);
  });

  test("compares two versions", async () => {
    put("a.parquet", 3);
    put("b.parquet", 1);
    const before = await handler({}, lambdaContext);
    put("b.parquet", 4, "b");
    put("c.parquet", 1);
    const after = await handler({}, lambdaContext);
    await expect(handler({ compare: [before.id, after.id] }, lambdaContext)).resolves.toEqual({
      from: before.id,
      to: after.id,
      added: ["flights/c.parquet"],
      removed: [],
      changed: ["flights/b.parquet"],
      rows: 4,
      columns: [],
    });
  });

  test("refuses a data set without files, a file that no validator wrote, and ids that are none", async () => {
    await expect(handler({}, lambdaContext)).rejects.toThrow(
      /no curated file below s3:\/\/curated\/flights\//,
    );
    put("a.parquet", 1);
    metadata.set("flights/a.parquet", {});
    await expect(handler({}, lambdaContext)).rejects.toThrow(/flights\/a\.parquet does not carry/);
    expect(aws.inputsOf("PutObjectCommand")).toEqual([]);
    await expect(handler({ compare: ["../x", "0123456789abcdef"] }, lambdaContext)).rejects.toThrow(
      /compare\.0: must be the id of a version/,
    );
  });
});
