import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { z } from "zod";

import type { DatasetManifest } from "../../components/contracts/dataset-manifest";
import { LineageEvent, LineageEventType } from "../../components/contracts/lineage-event";
import { readEnvironment } from "../shared/environment";
import { emitLineage, runIdOf } from "../shared/lineage";
import { s3Uri } from "../shared/s3-uri";
import { compareManifests, ManifestComparison, manifestKeys, manifestOf } from "./manifest";
import { settingsSchema } from "./settings";
import { readFiles, readManifest, readSchema, storeManifest } from "./store";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const metrics = new Metrics({
  namespace: "mlops/data-lake",
  defaultDimensions: { Dataset: settings.DATASET },
});
const s3 = new S3Client({});
const events = new EventBridgeClient({});

/** The version that a call published or found. */
export interface PublishedVersion {
  id: string;
  /** S3 URI of the manifest. */
  uri: string;
  /** S3 URI of the same files as a channel of the type `ManifestFile` reads them. */
  sageMakerManifestUri: string;
  rows: number;
  files: number;
  /** Whether this call was the first to publish it. */
  published: boolean;
}

const versionId = z.string().regex(/^[0-9a-f]{16}$/, "must be the id of a version: 16 hex digits");
const compareRequest = z.strictObject({ compare: z.tuple([versionId, versionId]) });
/** An event of the lineage of more files than this would not fit on the bus; then the data set's folder stands for them. */
const mostFilesInLineage = 200;

/**
 * Publishes what the curated zone holds of the data set as an immutable version. The same files are the same version,
 * however often they are published.
 * @param event - `{"compare": [id, id]}` to compare two versions; anything else publishes
 * @throws Error when the data set has no file, or one that no validator wrote
 */
export async function handler(
  event: unknown,
  context: Context,
): Promise<PublishedVersion | ManifestComparison> {
  logger.addContext(context);
  if (typeof event === "object" && event !== null && "compare" in event) return compare(event);
  const { DATASET: dataset, CURATED_BUCKET: bucket, SCHEMA_KEY: schemaKey } = settings;
  const files = await readFiles(s3, bucket, dataset);
  if (files.length === 0) {
    throw new Error(
      `There is no curated file below ${s3Uri({ bucket, key: `${dataset}/` })}; a version needs one.`,
    );
  }
  const schema = await readSchema(s3, bucket, schemaKey);
  const manifest = manifestOf({ dataset, bucket, schema, files }, new Date());
  const { stored, published } = await storeManifest(s3, manifest);
  await emitLineage(events, lineageOf(stored));
  metrics.addMetric("DatasetVersions", MetricUnit.Count, published ? 1 : 0);
  metrics.addMetric("DatasetRows", MetricUnit.Count, manifest.rows);
  metrics.publishStoredMetrics();
  const answer = answerOf(manifest, published);
  logger.info("A version of the data set was published", { answer });
  return answer;
}

async function compare(event: object): Promise<ManifestComparison> {
  const parsed = compareRequest.safeParse(event);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`The versions to compare cannot be read: ${faults.join("; ")}`);
  }
  const [from, to] = await Promise.all(
    parsed.data.compare.map((id) => readManifest(s3, settings.CURATED_BUCKET, settings.DATASET, id)),
  );
  return compareManifests(from!, to!);
}

function answerOf(
  { dataset, id, bucket, rows, files }: DatasetManifest,
  published: boolean,
): PublishedVersion {
  const keys = manifestKeys(dataset, id);
  return {
    id,
    uri: s3Uri({ bucket, key: keys.manifest }),
    sageMakerManifestUri: s3Uri({ bucket, key: keys.sageMaker }),
    rows,
    files: files.length,
    published,
  };
}

/** The same version is the same run: publishing it again tells nothing new. */
function lineageOf(manifest: DatasetManifest): LineageEvent {
  const { dataset, id, bucket, files, rows, schema } = manifest;
  const namespace = `s3://${bucket}`;
  const names = files.length > mostFilesInLineage ? [dataset] : files.map(({ key }) => key);
  return {
    eventType: LineageEventType.Complete,
    eventTime: manifest.createdAt,
    producer: "https://openlineage.io/producers/mlops-dataset-publisher",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: { runId: runIdOf("dataset-version", dataset, id) },
    job: { namespace: "dataset-publisher", name: dataset },
    inputs: names.map((name) => ({ namespace, name })),
    outputs: [
      {
        namespace,
        name: manifestKeys(dataset, id).manifest,
        facets: {
          schema: { fields: schema },
          outputStatistics: { rowCount: rows, fileCount: files.length, size: manifest.bytes },
          version: { datasetVersion: id },
        },
      },
    ],
  };
}
