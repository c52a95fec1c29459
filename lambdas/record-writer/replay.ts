import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

import type { ReplayReport } from "../../components/contracts/dead-letter";
import { openObject } from "../shared/objects";
import { parseS3Uri } from "../shared/s3-uri";
import { decodePayload } from "./decode";
import { understandMessage, WaitingKind, WaitingMessage } from "./waiting-message";
import { BatchOutcome, writeBatch, WriteContext } from "./write-batch";

/** What a replay did, with what goes into the metrics. */
export interface ReplayOutcome {
  report: ReplayReport;
  /** Records of dead letters that are in the raw zone now. */
  recordsReplayed: number;
  /** Records that were never counted before: of messages that the function had not finished. */
  undelivered: BatchOutcome;
}

/** Seconds that SQS waits for a first message; without waiting it may overlook some. */
const waitSeconds = 1;
const maximumMessagesPerCall = 10;
/** Messages of one replay are held in memory together. */
const maximumHeldBytes = 32 * 1024 * 1024;

/**
 * Processes what waits in the dead-letter queue again. A record that is still refused stays there; a message that
 * had never been read becomes rows and dead letters like any other. A message is deleted once its records are safe.
 */
export async function replay(maximumMessages: number, context: WriteContext): Promise<ReplayOutcome> {
  const waiting = await receive(maximumMessages, context);
  const letters = waiting.filter(({ kind }) => kind === WaitingKind.DeadLetter);
  const undelivered = waiting.filter(({ kind }) => kind === WaitingKind.Undelivered);
  const readable = letters.filter(({ delivery }) => decodePayload(delivery.payload).refused.length === 0);
  const replayed = await writeBatch(
    readable.map(({ delivery }) => delivery),
    context,
  );
  const read = await writeBatch(
    undelivered.map(({ delivery }) => delivery),
    context,
  );
  const done = new Set([
    ...readable.filter(({ delivery }) => !replayed.faults.has(delivery)),
    ...undelivered.filter(({ delivery }) => !read.faults.has(delivery)),
  ]);
  for (const message of waiting) await settle(message, done.has(message), context);
  const refusedAgain = undelivered.filter(
    (message) => done.has(message) && decodePayload(message.delivery.payload).refused.length > 0,
  );
  const replayedMessages = done.size - refusedAgain.length;
  return {
    report: { replayed: replayedMessages, failedAgain: waiting.length - replayedMessages },
    recordsReplayed: replayed.recordsWritten,
    undelivered: read,
  };
}

async function receive(maximumMessages: number, context: WriteContext): Promise<WaitingMessage[]> {
  const { sqs, settings } = context;
  const waiting: WaitingMessage[] = [];
  let heldBytes = 0;
  while (waiting.length < maximumMessages && heldBytes < maximumHeldBytes) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: settings.DEAD_LETTER_QUEUE_URL,
        MaxNumberOfMessages: Math.min(maximumMessagesPerCall, maximumMessages - waiting.length),
        MessageSystemAttributeNames: ["SentTimestamp"],
        WaitTimeSeconds: waitSeconds,
      }),
    );
    if (Messages.length === 0) break;
    for (const message of Messages) {
      const understood = await withPayload(understandMessage(message), context);
      heldBytes += understood.delivery.payload.length;
      waiting.push(understood);
    }
  }
  return waiting;
}

/** Fetches a payload that was too large for its message. */
async function withPayload(message: WaitingMessage, { s3 }: WriteContext): Promise<WaitingMessage> {
  if (message.payloadUri === undefined) return message;
  const pieces: Buffer[] = [];
  for await (const piece of await openObject(s3, parseS3Uri(message.payloadUri))) {
    pieces.push(Buffer.from(piece as Buffer));
  }
  return { ...message, delivery: { ...message.delivery, payload: Buffer.concat(pieces) } };
}

/** Deletes what is done; gives the rest back to the queue at once, so that its alarm does not pause. */
async function settle(
  { receiptHandle }: WaitingMessage,
  done: boolean,
  context: WriteContext,
): Promise<void> {
  const { sqs, settings } = context;
  const message = { QueueUrl: settings.DEAD_LETTER_QUEUE_URL, ReceiptHandle: receiptHandle };
  await (done
    ? (sqs as SQSClient).send(new DeleteMessageCommand(message))
    : sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 })));
}
