import type { Message } from "@aws-sdk/client-sqs";
import { z } from "zod";

import type { DeadLetter } from "../../components/contracts/dead-letter";
import type { Delivery } from "./deliveries";

/** How a message came into the dead-letter queue. */
export enum WaitingKind {
  /** This function refused the record and said why. */
  DeadLetter = "dead-letter",
  /** A message that this function never finished: SQS moved it here, or a rule of IoT could not pass it on. */
  Undelivered = "undelivered",
  /** A note that names records of a stream without holding them; they wait in the stream. */
  Note = "note",
}

/** A message of the dead-letter queue, understood. */
export interface WaitingMessage {
  kind: WaitingKind;
  receiptHandle: string;
  /** What the message holds; a dead letter whose payload lies elsewhere says so in `payloadUri`. */
  delivery: Delivery;
  payloadUri?: string;
}

const deadLetter = z.strictObject({
  dataset: z.string(),
  reason: z.string(),
  payload: z.base64(),
  payloadUri: z.string().optional(),
  origin: z.string(),
  failedAt: z.string(),
}) satisfies z.ZodType<DeadLetter>;

/** What a rule of IoT Core sends to its error action. */
const ruleError = z.object({
  ruleName: z.string(),
  failures: z.array(z.unknown()).min(1),
  base64OriginalPayload: z.base64(),
});

/** What Lambda sends when it gives up on a batch of a stream: where the records are, and not the records. */
const streamNote = z.object({
  requestContext: z.looseObject({ functionArn: z.string() }),
  payload: z.undefined().optional(),
});

/** Tells what a message of the dead-letter queue is. */
export function understandMessage({
  MessageId = "",
  ReceiptHandle = "",
  Body = "",
  Attributes,
}: Message): WaitingMessage {
  const sentAt = Number(Attributes?.SentTimestamp ?? NaN);
  const message = (kind: WaitingKind, delivery: Delivery, payloadUri?: string): WaitingMessage => ({
    kind,
    receiptHandle: ReceiptHandle,
    delivery,
    ...(payloadUri === undefined ? {} : { payloadUri }),
  });
  const value = jsonOf(Body);
  const letter = deadLetter.safeParse(value);
  if (letter.success) {
    const { origin, payload, payloadUri, failedAt } = letter.data;
    const delivery = { origin, payload: Buffer.from(payload, "base64"), arrivedAt: Date.parse(failedAt) };
    return message(WaitingKind.DeadLetter, delivery, payloadUri);
  }
  const error = ruleError.safeParse(value);
  const payload = error.success ? Buffer.from(error.data.base64OriginalPayload, "base64") : Buffer.from(Body);
  const kind = streamNote.safeParse(value).success ? WaitingKind.Note : WaitingKind.Undelivered;
  return message(kind, { origin: MessageId, payload, arrivedAt: sentAt });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
