import { createHash } from "node:crypto";

import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { z } from "zod";

import type { DataContract } from "../../components/contracts/data-contract";
import { contractSchema } from "../../components/contracts/contract-schema";
import type { ReplayReport, ReplayRequest } from "../../components/contracts/dead-letter";
import { readEnvironment } from "../shared/environment";
import { readText } from "../shared/objects";
import { identityOf, RawObject } from "./raw-object";
import { replayEvents } from "./replay";
import { settingsSchema } from "./settings";
import { ObjectReport, validateObject } from "./validate-object";
import { Outcome } from "./verdict";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({ namespace: "mlops/data-quality" });
const clients = {
  s3: new S3Client({}),
  dynamoDb: new DynamoDBClient({ retryMode: "adaptive", maxAttempts: 10 }),
  events: new EventBridgeClient({}),
};
const sqs = new SQSClient({});
/** A day: longer than EventBridge and Lambda together try to deliver one event. */
const rememberedSeconds = 24 * 3600;
const idempotency = new IdempotencyConfig({
  expiresAfterSeconds: rememberedSeconds,
  eventKeyJmesPath: "identity",
});
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: settings.IDEMPOTENCY_TABLE,
  awsSdkV3Client: clients.dynamoDb,
});

const eventSchema = z.object({
  time: z.string().optional(),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string().min(1),
      size: z.number().default(0),
      etag: z.string(),
      "version-id": z.string().optional(),
    }),
  }),
});
const replaySchema = z.object({
  replay: z.strictObject({ maximumMessages: z.number().int().positive().optional() }),
}) satisfies z.ZodType<ReplayRequest>;

let contract: Promise<DataContract> | undefined;

/** The contract from the environment, or from the curated bucket where it was too large for that. */
function readContract(): Promise<DataContract> {
  contract ??= settings.CONTRACT === undefined ? fetchContract() : Promise.resolve(settings.CONTRACT);
  // A fault of S3 must not stay for the life of the function.
  contract.catch(() => (contract = undefined));
  return contract;
}

/** @throws Error when the object is not the contract that the function was deployed with */
async function fetchContract(): Promise<DataContract> {
  const { CONTRACT_KEY: key = "", CONTRACT_SHA256, CURATED_BUCKET: bucket } = settings;
  const text = await readText(clients.s3, { bucket, key });
  const hash = createHash("sha256").update(text).digest("hex");
  if (CONTRACT_SHA256 !== undefined && hash !== CONTRACT_SHA256) {
    throw new Error(
      `s3://${bucket}/${key} was changed: its SHA-256 is ${hash}, and ${CONTRACT_SHA256} was deployed.`,
    );
  }
  return contractSchema.parse(JSON.parse(text));
}

const validateOnce = makeIdempotent(
  async ({ object }: { identity: string; object: RawObject }) => {
    const report = await validateObject(object, await readContract(), clients, settings);
    record(report);
    // Without undefined values, as the table of idempotency records gives it back.
    return JSON.parse(JSON.stringify(report)) as ObjectReport;
  },
  { persistenceStore, config: idempotency },
);

/**
 * Validates a file that arrived in the raw zone, or processes the events again that failed.
 * @param event - "Object Created" of S3 on the event bus, or a {@link ReplayRequest}
 * @throws Error for an event that is none, and for every fault of a service, so that the event is tried again
 */
export async function handler(event: unknown, context: Context): Promise<ObjectReport | ReplayReport> {
  idempotency.registerLambdaContext(context);
  logger.addContext(context);
  const request = replaySchema.safeParse(event);
  if (!request.success) return validateEvent(event);
  const queueUrl = settings.DEAD_LETTER_QUEUE_URL;
  if (queueUrl === undefined) throw new Error("The function has no dead-letter queue to replay.");
  const report = await replayEvents(request.data, {
    sqs,
    queueUrl,
    process: validateEvent,
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
    failed: (error) => logger.warn("An event failed again", { error: error as Error }),
  });
  logger.info("Events were replayed", { report });
  return report;
}

async function validateEvent(event: unknown): Promise<ObjectReport> {
  const { detail, time } = eventSchema.parse(event);
  const { bucket, object } = detail;
  const { dataset } = await readContract();
  if (bucket.name !== settings.RAW_BUCKET || !object.key.startsWith(`${dataset}/`)) {
    throw new Error(`s3://${bucket.name}/${object.key} is not in s3://${settings.RAW_BUCKET}/${dataset}/.`);
  }
  const raw: RawObject = {
    key: object.key,
    versionId: object["version-id"],
    etag: object.etag,
    size: object.size,
    // The same for every try, so that a timestamp is in the future for all of them or for none.
    arrivedAt: time ?? new Date().toISOString(),
  };
  const report = await validateOnce({ identity: identityOf(raw), object: raw });
  logger.info("A file was validated", { report });
  return report;
}

function record(report: ObjectReport): void {
  metrics.addDimension("Dataset", report.contract.dataset);
  metrics.addMetric("GoodRows", MetricUnit.Count, report.goodRows);
  metrics.addMetric("BadRows", MetricUnit.Count, report.badRows);
  metrics.addMetric("DuplicateRows", MetricUnit.Count, report.duplicateRows);
  metrics.addMetric("Anomalies", MetricUnit.Count, report.anomalies);
  metrics.addMetric("QuarantinedFiles", MetricUnit.Count, report.outcome === Outcome.Curated ? 0 : 1);
  metrics.publishStoredMetrics();
}
