import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as fc from "fast-check";

import { packed } from "../../../lambdas/shared/dead-letters";
import type { Delivery } from "../../../lambdas/record-writer/deliveries";
import { writeBatch, WriteContext } from "../../../lambdas/record-writer/write-batch";
import { FakeLake } from "./fake-lake";

const settings = {
  DATASET: "flights",
  SOURCE: "queue",
  RAW_BUCKET: "raw",
  DEAD_LETTER_QUEUE_URL: "https://queue.test/dead",
  ADD_METADATA: false,
};
const context = (changes: object = {}): WriteContext => ({
  s3: new S3Client({}),
  sqs: new SQSClient({}),
  settings: { ...settings, ...changes },
  now: new Date("2026-01-02T03:04:05Z"),
});
const hour = Date.parse("2025-12-31T23:30:00Z");
const delivery = (origin: string, text: string, arrivedAt: number | undefined = hour): Delivery => ({
  origin,
  payload: Buffer.from(text),
  arrivedAt,
});

/** A payload and how many rows and dead letters it gives. */
const payload = fc.oneof(
  fc.record({ id: fc.integer() }).map((row) => ({ text: JSON.stringify(row), rows: 1, dead: 0 })),
  fc.array(fc.oneof(fc.record({ id: fc.integer() }), fc.integer()), { maxLength: 4 }).map((list) => ({
    text: JSON.stringify(list),
    rows: list.filter((element) => typeof element === "object").length,
    dead: list.filter((element) => typeof element === "number").length,
  })),
  fc.constantFrom("", "{", "7", "null", "not json").map((text) => ({ text, rows: 0, dead: 1 })),
);
const messages = fc.array(
  fc.tuple(
    payload,
    fc.constantFrom(hour, hour + 3_600_000, hour + 86_400_000, undefined, -1e300, 1e300, NaN),
  ),
  { maxLength: 30 },
);

describe("a batch", () => {
  let lake: FakeLake;
  beforeEach(() => (lake = new FakeLake()));
  afterEach(() => jest.restoreAllMocks());

  test("is counted completely however it is split, and twice the same gives the same objects", async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 1, max: 10 }), async (drawn, size) => {
        lake = new FakeLake();
        const deliveries = drawn.map(([{ text }, time], index) => delivery(`m-${index}`, text, time));
        const sum = { recordsIn: 0, recordsWritten: 0, recordsDeadLettered: 0 };
        for (let start = 0; start < deliveries.length; start += size) {
          const outcome = await writeBatch(deliveries.slice(start, start + size), context());
          sum.recordsIn += outcome.recordsIn;
          sum.recordsWritten += outcome.recordsWritten;
          sum.recordsDeadLettered += outcome.recordsDeadLettered;
          expect(outcome.faults.size).toBe(0);
        }
        const rows = drawn.reduce((total, [each]) => total + each.rows, 0);
        const dead = drawn.reduce((total, [each]) => total + each.dead, 0);
        expect(sum).toEqual({ recordsIn: rows + dead, recordsWritten: rows, recordsDeadLettered: dead });
        expect(lake.lines()).toHaveLength(rows);
        expect(lake.letters()).toHaveLength(dead);

        const before = new Map(lake.objects);
        for (let start = 0; start < deliveries.length; start += size) {
          await writeBatch(deliveries.slice(start, start + size).reverse(), context());
        }
        expect(lake.objects).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test("that fails anywhere leaves nothing undone once it is delivered again", async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.array(fc.boolean(), { maxLength: 12 }), async (drawn, failures) => {
        lake = new FakeLake();
        const left = [...failures];
        lake.fails = () => left.shift() ?? false;
        let waiting = drawn.map(([{ text }, time], index) => delivery(`m-${index}`, text, time));
        const sum = { in: 0, written: 0, dead: 0 };
        while (waiting.length > 0) {
          const outcome = await writeBatch(waiting, context());
          sum.in += outcome.recordsIn;
          sum.written += outcome.recordsWritten;
          sum.dead += outcome.recordsDeadLettered;
          waiting = waiting.filter((each) => outcome.faults.has(each));
        }
        expect(sum.in).toBe(drawn.reduce((total, [{ rows, dead }]) => total + rows + dead, 0));
        expect(sum.written + sum.dead).toBe(sum.in);
        // The dead letters of one call that SQS took before a later call failed come twice.
        expect(lake.letters().length).toBeGreaterThanOrEqual(sum.dead);
        expect(lake.lines()).toHaveLength(sum.written);
      }),
      { numRuns: 60 },
    );
  });

  test("becomes one object for each hour in which the source took it", async () => {
    await writeBatch(
      [
        delivery("b", '{"id":2}'),
        delivery("a", '{"id":1}'),
        delivery("c", '{"id":3}', hour + 3_600_000),
        delivery("d", '{"id":4}', NaN),
      ],
      context(),
    );
    const folders = [...lake.objects.keys()].map((key) => key.replace(/[0-9a-f]{32}\.jsonl$/, "*"));
    expect(folders).toEqual([
      "flights/queue/year=2025/month=12/day=31/hour=23/*",
      "flights/queue/year=2026/month=01/day=01/hour=00/*",
      "flights/queue/undated/*",
    ]);
    expect([...lake.objects.values()][0]).toBe('{"id":1}\n{"id":2}\n');
  });

  test("of one part of a message does not replace the object of another part", async () => {
    for (const text of ['[{"id":1},7]', '{"id":7}', '{"id":8}', '{"id":8}']) {
      await writeBatch([delivery("a", text)], context());
    }
    expect(lake.lines()).toEqual(['{"id":1}', '{"id":7}', '{"id":8}']);
  });

  test("writes a dead letter that says what, where from and why", async () => {
    await writeBatch([delivery("shard-0:17", "7")], context());
    expect(lake.letters()).toEqual([
      {
        dataset: "flights",
        reason: "The record is a number; a JSON object is needed.",
        payload: Buffer.from("7").toString("base64"),
        origin: "shard-0:17",
        failedAt: "2026-01-02T03:04:05.000Z",
      },
    ]);
    expect(lake.objects.size).toBe(0);
  });

  test("keeps a payload that is too large for a message in the raw bucket", async () => {
    const large = `{${"x".repeat(1_000_000)}`;
    await writeBatch([delivery("a", large)], context());
    const [letter] = lake.letters();
    expect(letter).toMatchObject({
      payload: "",
      payloadUri: expect.stringMatching(/^s3:\/\/raw\/dead-letters\/flights\/queue\/[0-9a-f]{32}$/),
    });
    expect(lake.objects.get((letter?.payloadUri ?? "").slice("s3://raw/".length))).toBe(large);
  });

  test("adds where a record came from only when that is asked for", async () => {
    const batch = [delivery("a", '{"id":1}'), delivery("b", "{ }"), delivery("c", "{}", NaN)];
    await writeBatch(batch, context({ ADD_METADATA: true }));
    expect(lake.lines().map((line) => JSON.parse(line) as unknown)).toEqual([
      { id: 1, source_origin: "a", source_time: "2025-12-31T23:30:00.000Z" },
      { source_origin: "b", source_time: "2025-12-31T23:30:00.000Z" },
      { source_origin: "c", source_time: null },
    ]);
  });

  test("fails for the messages that the queue of dead letters did not take", async () => {
    jest.restoreAllMocks();
    jest
      .spyOn(SQSClient.prototype, "send")
      .mockImplementation(() => Promise.resolve({ Failed: [{ Message: "over quota" }] }) as never);
    const batch = [delivery("a", "7")];
    const { faults, recordsIn } = await writeBatch(batch, context());
    expect(recordsIn).toBe(0);
    expect(faults.get(batch[0] as Delivery)?.message).toBe(
      "The dead-letter queue did not take 1 of 1 messages: over quota",
    );
  });
});

test("dead letters are sent in calls that SQS takes, in order and none twice", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 250_000 }), { maxLength: 40 }), (sizes) => {
      const bodies = sizes.map((size) => "x".repeat(size));
      const parts = packed(bodies);
      expect(parts.flat()).toEqual(bodies);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(10);
        expect(part.reduce((sum, body) => sum + body.length, 0)).toBeLessThanOrEqual(262_144);
      }
    }),
    { numRuns: 30 },
  );
});
