import { createHash } from "node:crypto";

import { z } from "zod";

/** One message as its source delivered it. */
export interface Delivery {
  /** What the source calls the message when a part of the batch failed; for queues and Kinesis streams only. */
  itemIdentifier?: string;
  /** Id at the origin; the same when the message is delivered again. */
  origin: string;
  /** Content, byte for byte. */
  payload: Buffer;
  /** When the origin took the message, in milliseconds; not every broker says. */
  arrivedAt?: number;
}

const queueRecord = z.object({
  eventSource: z.literal("aws:sqs"),
  messageId: z.string(),
  body: z.string(),
  attributes: z.object({ SentTimestamp: z.coerce.number() }),
});

const streamRecord = z.object({
  eventSource: z.literal("aws:kinesis"),
  eventID: z.string(),
  kinesis: z.object({
    data: z.string(),
    sequenceNumber: z.string(),
    approximateArrivalTimestamp: z.number(),
  }),
});

const kafkaRecord = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  timestamp: z.number().optional(),
  value: z.string().nullish(),
});

const brokerMessage = z.object({
  basicProperties: z
    .object({ messageId: z.string().nullish(), timestamp: z.string().nullish() })
    .loose()
    .default({}),
  data: z.string(),
});

const queueEvent = z.object({ Records: z.array(queueRecord).min(1) });
const streamEvent = z.object({ Records: z.array(streamRecord).min(1) });
const kafkaEvent = z.object({
  eventSource: z.enum(["aws:kafka", "SelfManagedKafka"]),
  records: z.record(z.string(), z.array(kafkaRecord)),
});
const brokerEvent = z.object({
  eventSource: z.literal("aws:rmq"),
  rmqMessagesByQueue: z.record(z.string(), z.array(brokerMessage)),
});

/** Kinds of events, by how a part of a batch is reported as failed. */
export enum EventKind {
  /** SQS, also behind an IoT rule. */
  Queue = "queue",
  /** Kinesis Data Streams. */
  Stream = "stream",
  /** Kafka and RabbitMQ: a batch fails as a whole. */
  Whole = "whole",
}

/** A batch of messages. */
export interface DeliveredBatch {
  kind: EventKind;
  deliveries: Delivery[];
}

/**
 * Reads the messages out of the event of SQS, Kinesis, Kafka (MSK or self-managed) or RabbitMQ (Amazon MQ).
 * @throws Error for any other event
 */
export function readDeliveries(event: unknown): DeliveredBatch {
  const queue = queueEvent.safeParse(event);
  if (queue.success) return { kind: EventKind.Queue, deliveries: queue.data.Records.map(fromQueue) };
  const stream = streamEvent.safeParse(event);
  if (stream.success) return { kind: EventKind.Stream, deliveries: stream.data.Records.map(fromStream) };
  const kafka = kafkaEvent.safeParse(event);
  if (kafka.success) {
    return { kind: EventKind.Whole, deliveries: Object.values(kafka.data.records).flat().map(fromKafka) };
  }
  const broker = brokerEvent.safeParse(event);
  if (broker.success)
    return { kind: EventKind.Whole, deliveries: fromBroker(broker.data.rmqMessagesByQueue) };
  throw new Error(
    "The event comes from no known source; events of SQS, Kinesis, Kafka and RabbitMQ, and replay requests are understood.",
  );
}

function fromQueue({ messageId, body, attributes }: z.infer<typeof queueRecord>): Delivery {
  return {
    itemIdentifier: messageId,
    origin: messageId,
    payload: Buffer.from(body),
    arrivedAt: attributes.SentTimestamp,
  };
}

function fromStream({ eventID, kinesis }: z.infer<typeof streamRecord>): Delivery {
  return {
    itemIdentifier: kinesis.sequenceNumber,
    origin: eventID,
    payload: Buffer.from(kinesis.data, "base64"),
    arrivedAt: kinesis.approximateArrivalTimestamp * 1000,
  };
}

function fromKafka({ topic, partition, offset, timestamp, value }: z.infer<typeof kafkaRecord>): Delivery {
  return {
    // Padded, so that the order of origins is the order of the partition.
    origin: `${topic}-${partition}@${String(offset).padStart(20, "0")}`,
    payload: Buffer.from(value ?? "", "base64"),
    arrivedAt: timestamp,
  };
}

/** RabbitMQ gives a message no id of its own; one without `messageId` is known by its content. */
function fromBroker(queues: Record<string, z.infer<typeof brokerMessage>[]>): Delivery[] {
  return Object.entries(queues).flatMap(([queue, messages]) =>
    messages.map(({ basicProperties, data }) => {
      const { messageId, timestamp } = basicProperties;
      const sentAt = Date.parse(timestamp ?? "");
      const id =
        messageId ?? createHash("sha256").update(JSON.stringify(basicProperties)).update(data).digest("hex");
      return {
        origin: `${queue}#${id}`,
        payload: Buffer.from(data, "base64"),
        ...(Number.isNaN(sentAt) ? {} : { arrivedAt: sentAt }),
      };
    }),
  );
}
