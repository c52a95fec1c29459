import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { z } from "zod";

import { readEnvironment } from "../shared/environment";
import { settingsSchema } from "./settings";
import { ObjectReport, RawObject, validateObject } from "./validate-object";
import { Outcome } from "./verdict";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({ namespace: "mlops/data-quality" });
const s3 = new S3Client({});
/** A day: longer than EventBridge and Lambda together try to deliver one event. */
const rememberedSeconds = 24 * 3600;
const idempotency = new IdempotencyConfig({
  expiresAfterSeconds: rememberedSeconds,
  eventKeyJmesPath: "identity",
});
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: settings.IDEMPOTENCY_TABLE,
  awsSdkV3Client: new DynamoDBClient({}),
});

const eventSchema = z.object({
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

/** A version by its id, and where the bucket keeps no versions by the hash of its content. */
const identityOf = ({ key, versionId, etag }: RawObject): string => JSON.stringify([key, versionId ?? etag]);

const validateOnce = makeIdempotent(
  async ({ object }: { identity: string; object: RawObject }) => {
    const report = await validateObject(object, s3, settings);
    record(report);
    // Without undefined values, as the table of idempotency records gives it back.
    return JSON.parse(JSON.stringify(report)) as ObjectReport;
  },
  { persistenceStore, config: idempotency },
);

/**
 * Validates a file that arrived in the raw zone.
 * @param event - "Object Created" of S3 on the event bus
 * @throws Error for an event that is none, and for every fault of a service, so that the event is tried again
 */
export async function handler(event: unknown, context: Context): Promise<ObjectReport> {
  idempotency.registerLambdaContext(context);
  logger.addContext(context);
  const { bucket, object } = eventSchema.parse(event).detail;
  if (bucket.name !== settings.RAW_BUCKET || !object.key.startsWith(`${settings.CONTRACT.dataset}/`)) {
    throw new Error(
      `s3://${bucket.name}/${object.key} is not in s3://${settings.RAW_BUCKET}/${settings.CONTRACT.dataset}/.`,
    );
  }
  const raw: RawObject = {
    key: object.key,
    versionId: object["version-id"],
    etag: object.etag,
    size: object.size,
  };
  const report = await validateOnce({ identity: identityOf(raw), object: raw });
  logger.info("A file was validated", { report });
  return report;
}

function record(report: ObjectReport): void {
  metrics.addDimension("Dataset", report.contract.dataset);
  metrics.addMetric("GoodRows", MetricUnit.Count, report.goodRows);
  metrics.addMetric("BadRows", MetricUnit.Count, report.badRows);
  metrics.addMetric("QuarantinedFiles", MetricUnit.Count, report.outcome === Outcome.Curated ? 0 : 1);
  metrics.publishStoredMetrics();
}
