import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { z } from "zod";

import type { ReplayReport, ReplayRequest } from "../../components/contracts/dead-letter";
import { readEnvironment } from "../shared/environment";
import type { Pace } from "./caller";
import { Credentials } from "./credentials";
import { noCounts, poll, PollCounts, PollOutcome } from "./poll";
import { RawZone } from "./raw-zone";
import { replay } from "./replay";
import { settingsSchema } from "./settings";
import { StateTable } from "./state-table";

/** What a poll did. */
export interface PollReport extends PollCounts {
  outcome: PollOutcome;
}

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({ namespace: "mlops/ingestion" });
const s3 = new S3Client({});
const sqs = new SQSClient({});
const state = new StateTable(new DynamoDBClient({}), settings.STATE_TABLE, settings.SOURCE);
const rawZone = new RawZone(s3, sqs, settings);
const credentials = new Credentials(
  new SecretsManagerClient({}),
  settings.SECRET_ARN,
  settings.API.authentication,
);
/** Enough to store a page and the state after the last request. */
const reserveMilliseconds = 15_000;
const defaultMaximumMessages = 100;

const replaySchema = z.object({
  replay: z.object({ maximumMessages: z.number().int().min(1).optional() }),
}) satisfies z.ZodType<ReplayRequest>;

/**
 * Polls an API, or processes dead letters again.
 * @param event - a `ReplayRequest`, or anything else for a poll
 * @throws Error when the API cannot be read; the next call goes on from the last page that is safe
 */
export async function handler(event: unknown, context: Context): Promise<PollReport | ReplayReport> {
  logger.addContext(context);
  const isReplay = typeof event === "object" && event !== null && "replay" in event;
  const request = isReplay ? replaySchema.parse(event) : undefined;
  metrics.addDimension("Dataset", settings.DATASET);
  try {
    return request === undefined ? await pollApi(context) : await replayLetters(request, context);
  } finally {
    metrics.publishStoredMetrics();
  }
}

async function pollApi(context: Context): Promise<PollReport> {
  const counts = noCounts();
  try {
    const outcome = await poll(
      { settings, state, rawZone, credentials, pace: paceOf(context), now: () => new Date() },
      counts,
    );
    // Also a walk that is not at its end is read: what counts is that the API answers.
    const isAlive = [PollOutcome.Finished, PollOutcome.MorePages, PollOutcome.Overtaken].includes(outcome);
    addSourceMetric("PollsSucceeded", isAlive);
    logger.info("An API was polled", { outcome, counts });
    return { outcome, ...counts };
  } finally {
    metrics.addMetric("PagesRead", MetricUnit.Count, counts.pagesRead);
    metrics.addMetric("RecordsIn", MetricUnit.Count, counts.recordsIn);
    metrics.addMetric("RecordsWritten", MetricUnit.Count, counts.recordsWritten);
    metrics.addMetric("RecordsRepeated", MetricUnit.Count, counts.recordsRepeated);
    metrics.addMetric("RecordsDeadLettered", MetricUnit.Count, counts.recordsDeadLettered);
    addSourceMetric("CircuitOpen", counts.circuitOpen);
  }
}

/** A metric of this source alone: a data set may have several, and one that stands still must not hide. */
function addSourceMetric(name: string, isTrue: boolean): void {
  const metric = metrics.singleMetric();
  metric.addDimension("Dataset", settings.DATASET);
  metric.addDimension("Source", settings.SOURCE);
  metric.addMetric(name, MetricUnit.Count, isTrue ? 1 : 0);
}

async function replayLetters(
  { replay: { maximumMessages } }: ReplayRequest,
  context: Context,
): Promise<ReplayReport> {
  const { recordsWritten, ...report } = await replay(maximumMessages ?? defaultMaximumMessages, {
    s3,
    sqs,
    rawZone,
    queueUrl: settings.DEAD_LETTER_QUEUE_URL,
    recordsPath: settings.API.recordsPath,
    hasTime: () => context.getRemainingTimeInMillis() > reserveMilliseconds,
  });
  metrics.addMetric("RecordsReplayed", MetricUnit.Count, recordsWritten);
  logger.info("Dead letters were processed again", { report });
  return report;
}

function paceOf(context: Context): Pace {
  return {
    wait: (milliseconds) => milliseconds,
    hasTimeFor: (milliseconds) => context.getRemainingTimeInMillis() > milliseconds + reserveMilliseconds,
  };
}
