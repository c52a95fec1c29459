import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { z } from "zod";

import type { ReplayReport } from "../../components/contracts/dead-letter";
import { readEnvironment } from "../shared/environment";
import { replay } from "./replay";
import { settingsSchema } from "./settings";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({
  namespace: "mlops/ingestion",
  defaultDimensions: { Dataset: settings.DATASET },
});
const s3 = new S3Client({});
const kinesis = new KinesisClient({});

const replayRequest = z.object({
  replay: z.object({ maximumMessages: z.number().int().min(1).max(100_000).default(100) }),
});

/**
 * Puts the records that Firehose could not convert back on their stream.
 * @param event - a {@link ReplayRequest}; its messages are records
 * @throws Error for any other event, and when the stream does not take the records
 */
export async function handler(event: unknown, context: Context): Promise<ReplayReport> {
  logger.addContext(context);
  const { maximumMessages } = replayRequest.parse(event).replay;
  const report = await replay(maximumMessages, { s3, kinesis, settings });
  metrics.addMetric("RecordsReplayed", MetricUnit.Count, report.replayed);
  metrics.publishStoredMetrics();
  logger.info("Error objects of Firehose were replayed", { report });
  return report;
}
