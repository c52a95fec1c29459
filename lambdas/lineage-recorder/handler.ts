import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";

import type { ReplayReport } from "../../components/contracts/dead-letter";
import type { LineageEvent } from "../../components/contracts/lineage-event";
import { readEnvironment } from "../shared/environment";
import { writeText } from "../shared/objects";
import { createForwarder } from "./forward";
import { LineageGraph, recordEvent, walk } from "./graph";
import { GraphTable } from "./graph-table";
import { lineageOf } from "./native-events";
import { replay } from "./replay";
import { toRequest } from "./request";
import { settingsSchema } from "./settings";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({ namespace: "mlops/lineage" });
const s3 = new S3Client({});
const sqs = new SQSClient({});
const secrets = new SecretsManagerClient({});
const graph = new GraphTable(new DynamoDBClient({}), settings.GRAPH_TABLE);
let forward: ((event: LineageEvent) => Promise<void>) | undefined;

/**
 * Keeps lineage: each event as an object and in the graph, then sends it on where an endpoint is given. An event that
 * could not be sent on is stored all the same; the call fails, is tried again and ends in the dead-letter queue, from
 * which a replay takes it. Every step can be repeated.
 * @param event - an event of the bus, `{"query": {"dataset" | "runId", "direction"?, "depth"?, "limit"?}}`, or `{"replay": {}}`
 * @throws Error for an event that tells of no lineage, and for every fault of a service
 */
export async function handler(event: unknown, context: Context): Promise<LineageGraph | ReplayReport | void> {
  logger.addContext(context);
  const request = toRequest(event);
  if (request.kind === "query") return walk(graph, request.question);
  try {
    if (request.kind === "replay") {
      return await replay(sqs, settings.DEAD_LETTER_QUEUE_URL, request.maximumMessages, recordAgain);
    }
    await record(event);
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}

async function recordAgain(event: unknown): Promise<void> {
  try {
    await record(event);
  } catch (error) {
    logger.error("An event failed again and stays in the queue", error as Error);
    throw error;
  }
}

async function record(event: unknown): Promise<void> {
  const lineage = lineageOf(event);
  if (lineage === undefined) return;
  const key = objectKey(lineage);
  await writeText(s3, { bucket: settings.LINEAGE_BUCKET, key }, JSON.stringify(lineage), "application/json");
  await recordEvent(graph, lineage);
  metrics.addMetric("LineageEvents", MetricUnit.Count, 1);
  logger.info("A lineage event was kept", {
    key,
    job: lineage.job,
    inputs: lineage.inputs.length,
    outputs: lineage.outputs.length,
  });
  if (settings.ENDPOINT_URL === undefined) return;
  forward ??= createForwarder({ url: settings.ENDPOINT_URL, apiKey: await readApiKey() });
  await forward(lineage);
  metrics.addMetric("ForwardedLineageEvents", MetricUnit.Count, 1);
}

/** One object per run and state; the folders are the partitions of the table that Athena reads. */
function objectKey({ eventTime, eventType, run }: LineageEvent): string {
  const [year, month, day] = new Date(eventTime).toISOString().slice(0, 10).split("-");
  return `lineage/year=${year}/month=${month}/day=${day}/${run.runId}-${eventType}.json`;
}

async function readApiKey(): Promise<string | undefined> {
  if (settings.ENDPOINT_SECRET_ARN === undefined) return undefined;
  const { SecretString: apiKey } = await secrets.send(
    new GetSecretValueCommand({ SecretId: settings.ENDPOINT_SECRET_ARN }),
  );
  if (!apiKey) throw new Error(`The secret ${settings.ENDPOINT_SECRET_ARN} holds no text.`);
  return apiKey;
}
