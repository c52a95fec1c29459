import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, KinesisStreamBatchResponse, SQSBatchResponse } from "aws-lambda";
import { z } from "zod";

import type { ReplayReport } from "../../components/contracts/dead-letter";
import { readEnvironment } from "../shared/environment";
import { DeliveredBatch, Delivery, EventKind, readDeliveries } from "./deliveries";
import { replay } from "./replay";
import { settingsSchema } from "./settings";
import { BatchOutcome, writeBatch, WriteContext } from "./write-batch";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({
  namespace: "mlops/ingestion",
  defaultDimensions: { Dataset: settings.DATASET },
});
const s3 = new S3Client({});
const sqs = new SQSClient({});

const replayRequest = z.object({
  replay: z.object({ maximumMessages: z.number().int().min(1).max(1000).default(100) }),
});

type Answer = SQSBatchResponse | KinesisStreamBatchResponse | ReplayReport | undefined;

/**
 * Brings a batch of messages into the raw zone as JSON Lines, or processes what waits in the dead-letter queue again.
 * @param event - a batch of SQS, Kinesis, Kafka or RabbitMQ, or a {@link ReplayRequest}
 * @throws Error when the event is none of these, and when a batch that cannot fail in part must be delivered again
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  logger.addContext(context);
  const write: WriteContext = { s3, sqs, settings, now: new Date() };
  const request = replayRequest.safeParse(event);
  if (request.success) return replayMessages(request.data.replay.maximumMessages, write);
  return writeMessages(event, context, write);
}

async function replayMessages(maximumMessages: number, write: WriteContext): Promise<ReplayReport> {
  const { report, recordsReplayed, undelivered } = await replay(maximumMessages, write);
  record(undelivered, recordsReplayed);
  logger.info("Dead letters were replayed", { report });
  return report;
}

async function writeMessages(event: unknown, context: Context, write: WriteContext): Promise<Answer> {
  const batch = readDeliveries(event);
  const outcome = await writeBatch(batch.deliveries, write);
  record(outcome, 0);
  for (const fault of new Set(outcome.faults.values())) {
    logger.error("Messages could not be written and will come again", fault);
  }
  return answer(event, context, batch, outcome);
}

function record({ recordsIn, recordsWritten, recordsDeadLettered }: BatchOutcome, replayed: number): void {
  metrics.addMetric("RecordsIn", MetricUnit.Count, recordsIn);
  metrics.addMetric("RecordsWritten", MetricUnit.Count, recordsWritten + replayed);
  metrics.addMetric("RecordsDeadLettered", MetricUnit.Count, recordsDeadLettered);
  if (replayed > 0) metrics.addMetric("RecordsReplayed", MetricUnit.Count, replayed);
  metrics.publishStoredMetrics();
  logger.info("A batch was processed", { recordsIn, recordsWritten, recordsDeadLettered, replayed });
}

const eventTypes = {
  [EventKind.Queue]: EventType.SQS,
  [EventKind.Stream]: EventType.KinesisDataStreams,
};

/** Tells the source which messages must come again; fails the call when all of them must. */
async function answer(
  event: unknown,
  context: Context,
  { kind, deliveries }: DeliveredBatch,
  { faults }: BatchOutcome,
): Promise<Answer> {
  if (kind === EventKind.Whole) {
    for (const fault of faults.values()) throw fault;
    return undefined;
  }
  const byIdentifier = new Map(deliveries.map((delivery) => [delivery.itemIdentifier, delivery]));
  return processPartialResponse(
    event as { Records: [] },
    async (item: BatchItem) => {
      const fault = faults.get(byIdentifier.get(identifierOf(item)) as Delivery);
      if (fault !== undefined) throw fault;
    },
    new BatchProcessor(eventTypes[kind]),
    { context },
  );
}

interface BatchItem {
  messageId?: string;
  kinesis?: { sequenceNumber: string };
}

function identifierOf({ messageId, kinesis }: BatchItem): string | undefined {
  return messageId ?? kinesis?.sequenceNumber;
}
