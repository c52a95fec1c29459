import { mkdtemp, rm } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

import { Logger } from "@aws-lambda-powertools/logger";
import { CloudWatchClient, PutMetricDataCommand, StandardUnit } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerFeatureStoreRuntimeClient } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import type { Context } from "aws-lambda";

import {
  FeatureEntity,
  FeatureView,
  featureCatalogSchema,
  entityOfView,
  physicalViewName,
} from "../../components/contracts/feature-definition";
import { LineageEventType } from "../../components/contracts/lineage-event";
import { download, listCurated } from "../shared/curated-files";
import { readEnvironment } from "../shared/environment";
import { withFeatureDatabase } from "../shared/feature-database";
import { emitLineage, runIdOf } from "../shared/lineage";
import { readText } from "../shared/objects";
import { s3Uri } from "../shared/s3-uri";
import { FeastOnlineStore } from "./feast-store";
import type { LocalFile } from "./latest-rows";
import { materialize, MaterializedBatch } from "./materialize";
import type { OnlineStore } from "./online-store";
import { advance, ArrivedFile, batchesOf, filesToDo, readProgress, writeProgress } from "./progress";
import { SageMakerOnlineStore } from "./sagemaker-store";
import { settingsSchema } from "./settings";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const s3 = new S3Client({});
const dynamo = new DynamoDBClient({});
const records = new SageMakerFeatureStoreRuntimeClient({});
const cloudWatch = new CloudWatchClient({});
const events = new EventBridgeClient({});
const progressPlace = { bucket: settings.FEATURES_BUCKET, key: settings.PROGRESS_KEY };

/** What a run did. */
export interface MaterializationReport extends Omit<MaterializedBatch, "withFuture"> {
  view: string;
  files: number;
  /** Seconds that the oldest file of the run had waited; 0 when there was none. */
  lagSeconds: number;
}

/**
 * Brings what arrived in the curated zone since the last run into the online store: for each entity its newest row, and
 * never an older one over a newer. Progress is kept after each batch of files, so a run that is cut off goes on where it
 * was, and a repeated one writes nothing twice.
 * @throws Error when the catalog has no such view, and for every fault of a service, so that the run is tried again
 */
export async function handler(_event: unknown, context: Context): Promise<MaterializationReport> {
  logger.addContext(context);
  const { view, entity } = await readView();
  const store = storeOf(view, entity);
  const now = new Date();
  const all = await listCurated(s3, settings.CURATED_BUCKET, view.dataset);
  let progress = await readProgress(s3, progressPlace);
  const files = filesToDo(all, progress, settings.OVERLAP_SECONDS);
  const report: MaterializationReport = {
    view: settings.VIEW,
    files: files.length,
    rows: 0,
    skipped: 0,
    entities: 0,
    written: 0,
    older: 0,
    expired: 0,
    lagSeconds: 0,
  };
  for (const batch of batchesOf(files, settings.MAXIMUM_BATCH_BYTES)) {
    const done = await materializeBatch(batch, view, entity, store, now);
    for (const count of ["rows", "skipped", "entities", "written", "older", "expired"] as const) {
      report[count] += done[count];
    }
    progress = advance(progress, batch, new Set(done.withFuture), all, settings.OVERLAP_SECONDS);
    await writeProgress(s3, progressPlace, progress);
  }
  const [oldest] = files;
  if (oldest !== undefined) report.lagSeconds = Math.max(0, (Date.now() - oldest.arrived) / 1000);
  if (files.length > 0) await tellLineage(store, files);
  await emitMetrics(report);
  logger.info("Features were materialized", { report });
  return report;
}

async function readView(): Promise<{ view: FeatureView; entity: FeatureEntity }> {
  const place = { bucket: settings.FEATURES_BUCKET, key: settings.CATALOG_KEY };
  const catalog = featureCatalogSchema.parse(JSON.parse(await readText(s3, place)));
  const view = catalog.views.find((candidate) => physicalViewName(candidate) === settings.VIEW);
  const entity = view && entityOfView(catalog, view);
  if (view === undefined || entity === undefined) {
    throw new Error(`The catalog ${s3Uri(place)} has no view ${settings.VIEW}.`);
  }
  return { view, entity };
}

function storeOf(view: FeatureView, entity: FeatureEntity): OnlineStore {
  const { STORE: store } = settings;
  return store.kind === "feast"
    ? new FeastOnlineStore(dynamo, store.tableName, view, entity)
    : new SageMakerOnlineStore(records, store.featureGroupName, view, entity);
}

/** Materializes some files; `withFuture` in the answer holds keys of objects. */
async function materializeBatch(
  batch: ArrivedFile[],
  view: FeatureView,
  entity: FeatureEntity,
  store: OnlineStore,
  now: Date,
): Promise<MaterializedBatch> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "features-"));
  try {
    const keys = new Map<string, string>();
    const local: LocalFile[] = [];
    for (const [index, file] of batch.entries()) {
      const target = path.join(folder, `${index}.parquet`);
      await download(s3, settings.CURATED_BUCKET, file, target);
      keys.set(target, file.key);
      local.push({ path: target, arrived: file.arrived });
    }
    const done = await withFeatureDatabase(folder, settings.MEMORY_LIMIT_MEGABYTES, (connection) =>
      materialize(connection, view, entity, local, store, now),
    );
    return { ...done, withFuture: done.withFuture.map((file) => keys.get(file) ?? file) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tellLineage(store: OnlineStore, files: ArrivedFile[]): Promise<void> {
  const stamps = files.map(({ key, etag }) => `${key} ${etag}`);
  await emitLineage(events, {
    eventType: LineageEventType.Complete,
    eventTime: new Date().toISOString(),
    producer: "urn:mlops:feature-materializer",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: runIdOf("materialization", settings.VIEW, ...stamps) },
    job: { namespace: "mlops", name: `materialize.${settings.VIEW}` },
    inputs: files.map(({ key }) => ({ namespace: `s3://${settings.CURATED_BUCKET}`, name: key })),
    outputs: [store.place],
  });
}

/** A run without files emits too: silence means that nothing runs. */
async function emitMetrics(report: MaterializationReport): Promise<void> {
  const values: [string, StandardUnit, number][] = [
    ["RowsMaterialized", StandardUnit.Count, report.written],
    ["RowsSkipped", StandardUnit.Count, report.skipped],
    ["Lag", StandardUnit.Seconds, report.lagSeconds],
  ];
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: "mlops/feature-store",
      MetricData: values.map(([MetricName, Unit, Value]) => ({
        MetricName,
        Unit,
        Value,
        Dimensions: [
          { Name: "Store", Value: settings.STORE_NAME },
          { Name: "View", Value: report.view },
        ],
      })),
    }),
  );
}
