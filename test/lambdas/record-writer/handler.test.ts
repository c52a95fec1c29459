import { Metrics } from "@aws-lambda-powertools/metrics";

import { lambdaContext, loadHandler } from "../fake-aws";
import { FakeLake } from "./fake-lake";

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hour = Date.parse("2026-01-02T03:00:00Z");

const queueEvent = (...bodies: string[]) => ({
  Records: bodies.map((body, index) => ({
    eventSource: "aws:sqs",
    messageId: `id-${index}`,
    receiptHandle: `handle-${index}`,
    body,
    attributes: { SentTimestamp: String(hour + index * 3_600_000), ApproximateReceiveCount: "1" },
    messageAttributes: {},
    md5OfBody: "",
    eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:queue",
    awsRegion: "eu-west-1",
  })),
});

const streamEvent = (...bodies: string[]) => ({
  Records: bodies.map((body, index) => ({
    eventSource: "aws:kinesis",
    eventID: `shard-0:${index}`,
    kinesis: {
      data: base64(body),
      sequenceNumber: String(index),
      partitionKey: "key",
      kinesisSchemaVersion: "1.0",
      approximateArrivalTimestamp: hour / 1000 + index * 3600,
    },
  })),
});

const kafkaEvent = (eventSource: string, ...bodies: (string | null)[]) => ({
  eventSource,
  bootstrapServers: "broker:9098",
  records: {
    "departures-0": bodies.map((body, index) => ({
      topic: "departures",
      partition: 0,
      offset: 9 + index,
      timestamp: hour,
      timestampType: "CREATE_TIME",
      ...(body === null ? {} : { value: base64(body) }),
      headers: [],
    })),
  },
});

const brokerEvent = (...bodies: string[]) => ({
  eventSource: "aws:rmq",
  eventSourceArn: "arn:aws:mq:eu-west-1:123456789012:broker:main:b-1",
  rmqMessagesByQueue: {
    "departures::/": bodies.map((body) => ({
      basicProperties: { deliveryMode: 1, messageId: null, timestamp: "Jan 2, 2026, 03:00:00 AM" },
      redelivered: false,
      data: base64(body),
    })),
  },
});

describe("the record writer", () => {
  let handler: Handler;
  let lake: FakeLake;

  beforeAll(() => {
    handler = loadHandler<Handler>("record-writer", {
      TZ: "UTC",
      DATASET: "flights",
      SOURCE: "live",
      RAW_BUCKET: "raw",
      DEAD_LETTER_QUEUE_URL: "https://queue.test/dead",
      ADD_METADATA: "false",
    });
  });
  beforeEach(() => {
    lake = new FakeLake();
  });
  afterEach(() => jest.restoreAllMocks());

  test.each([
    ["SQS", queueEvent('{"id":1}', "poison"), { batchItemFailures: [] }],
    ["Kinesis", streamEvent('{"id":1}', "poison"), { batchItemFailures: [] }],
    ["MSK", kafkaEvent("aws:kafka", '{"id":1}', "poison"), undefined],
    ["Kafka elsewhere", kafkaEvent("SelfManagedKafka", '{"id":1}', "poison"), undefined],
    ["RabbitMQ", brokerEvent('{"id":1}', "poison"), undefined],
  ])("takes the messages of %s", async (_, event, answer) => {
    await expect(handler(event, lambdaContext)).resolves.toEqual(answer);
    expect(lake.lines()).toEqual(['{"id":1}']);
    expect([...lake.objects.keys()][0]).toMatch(
      /^flights\/live\/year=2026\/month=01\/day=02\/hour=03\/[0-9a-f]{32}\.jsonl$/,
    );
    expect(lake.letters().map(({ payload }) => payload)).toEqual([base64("poison")]);
  });

  test("refuses a Kafka record without a value, which a compacted topic has", async () => {
    await handler(kafkaEvent("aws:kafka", null), lambdaContext);
    expect(lake.letters()).toMatchObject([
      { origin: "departures-0@00000000000000000009", reason: "The record is empty." },
    ]);
  });

  test.each([
    ["SQS", queueEvent, "id-1"],
    ["Kinesis", streamEvent, "1"],
  ])("asks %s again for what could not be written, and for nothing else", async (_, eventOf, identifier) => {
    let calls = 0;
    lake.fails = (name) => name === "PutObjectCommand" && ++calls === 2;
    const answer = await handler(eventOf('{"id":1}', '{"id":2}'), lambdaContext);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: identifier }] });
    expect(lake.lines()).toEqual(['{"id":1}']);
  });

  test.each([
    ["SQS", queueEvent('{"id":1}')],
    ["Kafka", kafkaEvent("aws:kafka", '{"id":1}')],
    ["RabbitMQ", brokerEvent('{"id":1}')],
  ])("fails when nothing of a batch of %s could be written", async (_, event) => {
    lake.fails = () => true;
    await expect(handler(event, lambdaContext)).rejects.toThrow();
  });

  test("counts records by data set", async () => {
    const added = jest.spyOn(Metrics.prototype, "addMetric");
    await handler(queueEvent('[{"id":1},{"id":2},3]'), lambdaContext);
    expect(added.mock.calls).toEqual([
      ["RecordsIn", "Count", 3],
      ["RecordsWritten", "Count", 2],
      ["RecordsDeadLettered", "Count", 1],
    ]);
  });

  test.each([[{}], [{ Records: [] }], [{ source: "aws.s3" }], [{ replay: { maximumMessages: 0 } }]])(
    "refuses the event %j",
    async (event) => {
      await expect(handler(event, lambdaContext)).rejects.toThrow(/comes from no known source/);
    },
  );

  describe("asked for a replay", () => {
    const replay = (maximumMessages?: number) => handler({ replay: { maximumMessages } }, lambdaContext);
    const letter = (payload: string, origin = "a") =>
      JSON.stringify({
        dataset: "flights",
        reason: "once",
        payload: base64(payload),
        origin,
        failedAt: "2026-01-02T03:04:05.000Z",
      });

    test("writes what is right by now and leaves the rest in the queue, free for the next reader", async () => {
      lake.put(letter('{"id":1}'));
      lake.put(letter("poison"));
      await expect(replay()).resolves.toEqual({ replayed: 1, failedAgain: 1 });
      expect(lake.lines()).toEqual(['{"id":1}']);
      expect([...lake.waiting.values()]).toEqual([letter("poison")]);
    });

    test("gives a refused message back at once", async () => {
      lake.put(letter("poison"));
      await replay();
      expect(lake.held.size).toBe(0);
    });

    test("reads messages that SQS or IoT moved to the queue whole", async () => {
      lake.put('{"id":1}');
      lake.put("poison");
      lake.put(
        JSON.stringify({
          ruleName: "rule",
          topic: "stations/1/weather",
          base64OriginalPayload: base64('{"id":2}'),
          failures: [{ failedAction: "SqsAction", errorMessage: "gone" }],
        }),
      );
      await expect(replay()).resolves.toEqual({ replayed: 2, failedAgain: 1 });
      expect(lake.lines()).toEqual(['{"id":1}', '{"id":2}']);
      expect(lake.letters()).toMatchObject([{ payload: base64("poison"), origin: "message-2" }]);
    });

    test("leaves a note about records that it does not hold", async () => {
      const note = JSON.stringify({
        requestContext: { functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:writer" },
        KafkaBatchInfo: { topic: "departures", startOffset: 9, endOffset: 12 },
      });
      lake.put(note);
      await expect(replay()).resolves.toEqual({ replayed: 0, failedAgain: 1 });
      expect([...lake.waiting.values()]).toEqual([note]);
      expect(lake.lines()).toEqual([]);
    });

    test("fetches a payload that was too large for its message", async () => {
      lake.objects.set("dead-letters/flights/live/1", '{"id":1}');
      lake.put(
        JSON.stringify({ ...JSON.parse(letter("")), payloadUri: "s3://raw/dead-letters/flights/live/1" }),
      );
      await expect(replay()).resolves.toEqual({ replayed: 1, failedAgain: 0 });
      expect(lake.lines()).toEqual(['{"id":1}']);
    });

    test("takes no more messages than it may", async () => {
      for (let index = 0; index < 30; index++) lake.put(letter('{"id":1}', String(index)));
      await expect(replay(12)).resolves.toEqual({ replayed: 12, failedAgain: 0 });
      expect(lake.waiting.size).toBe(18);
    });

    test("keeps every message while the lake cannot be written", async () => {
      lake.put(letter('{"id":1}'));
      lake.fails = (name) => name === "PutObjectCommand";
      await expect(replay()).resolves.toEqual({ replayed: 0, failedAgain: 1 });
      expect(lake.waiting.size).toBe(1);
      lake.fails = () => false;
      await expect(replay()).resolves.toEqual({ replayed: 1, failedAgain: 0 });
      await expect(replay()).resolves.toEqual({ replayed: 0, failedAgain: 0 });
    });
  });
});
