import { KinesisClient } from "@aws-sdk/client-kinesis";
import { S3Client } from "@aws-sdk/client-s3";
import * as fc from "fast-check";

import { packed, putRecords } from "../../../lambdas/firehose-replayer/put-records";
import { FakeAws, FakeS3, lambdaContext, loadHandler } from "../fake-aws";

type Handler = (event: unknown, context: unknown) => Promise<unknown>;
type Records = { Data: Uint8Array; PartitionKey: string }[];

const errorLine = (record: string): string =>
  JSON.stringify({
    attemptsMade: 1,
    arrivalTimestamp: 1_700_000_000_000,
    lastErrorCode: "DataFormatConversion.ParseError",
    lastErrorMessage: "Encountered malformed JSON.",
    rawData: Buffer.from(record).toString("base64"),
  });
const folder = "raw/dead-letters/flights/live/format-conversion-failed/";

describe("the Firehose replayer", () => {
  let handler: Handler;
  let s3: FakeS3;
  let onStream: string[];
  let put: (input: { Records: Records }) => unknown;

  beforeAll(() => {
    handler = loadHandler<Handler>("firehose-replayer", {
      DATASET: "flights",
      RAW_BUCKET: "raw",
      DEAD_LETTER_PREFIX: "dead-letters/flights/live/",
      REPLAYED_PREFIX: "dead-letters-replayed/flights/live/",
      STREAM_ARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/live",
    });
  });
  beforeEach(() => {
    s3 = new FakeS3();
    onStream = [];
    put = ({ Records: records }) => {
      onStream.push(...records.map(({ Data }) => Buffer.from(Data).toString()));
      return { FailedRecordCount: 0, Records: records.map(() => ({ SequenceNumber: "1" })) };
    };
    new FakeAws({
      ...s3.answers(),
      DeleteObjectCommand: ({ Bucket, Key }) => {
        s3.objects.delete(`${Bucket as string}/${Key as string}`);
        return {};
      },
      PutRecordsCommand: (input) => put(input as never),
    }).replace(S3Client, KinesisClient);
  });
  afterEach(() => jest.restoreAllMocks());

  const replay = (maximumMessages?: number) => handler({ replay: { maximumMessages } }, lambdaContext);

  test("puts the records back on the stream as they were and moves their object away", async () => {
    s3.objects.set(`${folder}1`, `${errorLine("poison")}\n${errorLine('{"id":1}')}\n`);
    await expect(replay()).resolves.toEqual({ replayed: 2, failedAgain: 0 });
    expect(onStream).toEqual(["poison", '{"id":1}']);
    expect([...s3.objects.keys()]).toEqual([folder.replace("dead-letters", "dead-letters-replayed") + "1"]);
    await expect(replay()).resolves.toEqual({ replayed: 0, failedAgain: 0 });
  });

  test("leaves lines that hold no record where they are", async () => {
    s3.objects.set(`${folder}1`, `${errorLine("a")}\nbroken\n{"rawData":7}\n`);
    await expect(replay()).resolves.toEqual({ replayed: 1, failedAgain: 2 });
    expect(s3.objects.get(`${folder}1`)).toBe('broken\n{"rawData":7}\n');
    await expect(replay()).resolves.toEqual({ replayed: 0, failedAgain: 2 });
    expect(onStream).toEqual(["a"]);
  });

  test("takes whole objects until it has done as many records as it may", async () => {
    for (const key of [1, 2, 3]) s3.objects.set(`${folder}${key}`, `${errorLine("a")}\n${errorLine("b")}\n`);
    await expect(replay(3)).resolves.toEqual({ replayed: 4, failedAgain: 0 });
    expect([...s3.objects.keys()].filter((key) => key.startsWith(folder))).toEqual([`${folder}3`]);
  });

  test("does not take up what fails again while it runs", async () => {
    s3.objects.set(`${folder}1`, `${errorLine("poison")}\n`);
    const first = put;
    put = (input) => {
      s3.objects.set(`${folder}2`, `${errorLine("poison")}\n`);
      return first(input);
    };
    await expect(replay()).resolves.toEqual({ replayed: 1, failedAgain: 0 });
    expect(s3.objects.has(`${folder}2`)).toBe(true);
  });

  test("leaves an object in its place when the stream does not answer", async () => {
    s3.objects.set(`${folder}1`, `${errorLine("a")}\n`);
    put = () => {
      throw new Error("stream gone");
    };
    await expect(replay()).rejects.toThrow("stream gone");
    expect([...s3.objects.keys()]).toEqual([`${folder}1`]);
  });

  test("refuses an event that is no request for a replay", async () => {
    await expect(handler({ Records: [] }, lambdaContext)).rejects.toThrow();
  });

  describe("on a stream that throttles", () => {
    const records = ["a", "b", "c"].map((text) => Buffer.from(text));
    const clientThat = (refuses: (text: string) => boolean): KinesisClient => {
      put = ({ Records: all }) => ({
        Records: all.map(({ Data }) => {
          const text = Buffer.from(Data).toString();
          if (refuses(text)) return { ErrorCode: "ProvisionedThroughputExceededException" };
          onStream.push(text);
          return { SequenceNumber: "1" };
        }),
      });
      return new KinesisClient({});
    };

    test("tries again only what was refused, each time after a longer pause at most", async () => {
      let refusals = 2;
      const pauses: number[] = [];
      await putRecords(
        clientThat((text) => text === "b" && refusals-- > 0),
        "arn:stream",
        records,
        async (milliseconds) => pauses.push(milliseconds),
      );
      expect(onStream).toEqual(["a", "c", "b"]);
      expect(pauses).toHaveLength(2);
    });

    test("gives up after six attempts and says why", async () => {
      const client = clientThat((text) => text === "b");
      await expect(putRecords(client, "arn:stream", records, async () => undefined)).rejects.toThrow(
        "The stream did not take 1 records after 6 attempts: ProvisionedThroughputExceededException",
      );
    });
  });

  test("sends calls that Kinesis takes, with every record once and in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 30 }), (sizes) => {
        const records = sizes.map((size) => Buffer.alloc(size));
        const parts = packed(records);
        expect(parts.flat().map(({ length }) => length)).toEqual(sizes);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(500);
          expect(part.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(5 * 1024 * 1024);
        }
      }),
      { numRuns: 20 },
    );
    expect(packed(Array.from({ length: 1001 }, () => Buffer.from("a"))).map(({ length }) => length)).toEqual([
      500, 500, 1,
    ]);
  });
});
