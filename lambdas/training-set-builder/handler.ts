import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

import { Logger } from "@aws-lambda-powertools/logger";
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DuckDBConnection } from "@duckdb/node-api";
import type { Context } from "aws-lambda";

import {
  FeatureEntity,
  FeatureView,
  featureCatalogSchema,
} from "../../components/contracts/feature-definition";
import { download, filesOfVersion, listCurated } from "../shared/curated-files";
import { readEnvironment } from "../shared/environment";
import { withFeatureDatabase } from "../shared/feature-database";
import { readText, writeText } from "../shared/objects";
import { parseS3Uri, s3Uri } from "../shared/s3-uri";
import { buildTrainingSet } from "./build";
import { requestSchema, settingsSchema, TrainingSetRequest } from "./settings";
import {
  chooseViews,
  ManifestInputs,
  manifestViews,
  requireRoom,
  TrainingSetManifest,
  trainingSetId,
  ViewInput,
} from "./training-set";

const settings = readEnvironment(settingsSchema);
const logger = new Logger();
const s3 = new S3Client({});

/** What a call answers. */
export interface TrainingSetAnswer {
  id: string;
  /** S3 URI of the training set in Parquet. */
  uri: string;
  /** S3 URI of the list of everything that it was made from. */
  manifestUri: string;
  rows: number;
}

/**
 * Makes a training set that is right at each label's time and stores it with a manifest of its inputs. The same inputs
 * give the same id and replace what lies there with the same content.
 * @param event - a `TrainingSetRequest`
 * @throws Error for a request that is wrong, and for labels or data sets that are missing
 */
export async function handler(event: unknown, context: Context): Promise<TrainingSetAnswer> {
  logger.addContext(context);
  const request = parseRequest(event);
  const folder = await mkdtemp(path.join(os.tmpdir(), "training-set-"));
  try {
    const manifest = await make(request, folder);
    const manifestUri = manifest.uri.replace(/data\.parquet$/, "manifest.json");
    await writeText(s3, parseS3Uri(manifestUri), JSON.stringify(manifest, null, 2), "application/json");
    const { id, uri, rows, coverage } = manifest;
    logger.info("A training set was made", { id, uri, rows, coverage });
    return { id, uri, manifestUri, rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseRequest(event: unknown): TrainingSetRequest {
  const parsed = requestSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path: at, message }) => `${at.join(".") || "event"}: ${message}`);
  throw new Error(`The request for a training set is wrong: ${faults.join("; ")}`);
}

async function make(request: TrainingSetRequest, folder: string): Promise<TrainingSetManifest> {
  const catalogText = await readText(s3, { bucket: settings.FEATURES_BUCKET, key: settings.CATALOG_KEY });
  const catalog = featureCatalogSchema.parse(JSON.parse(catalogText));
  const chosen = chooseViews(catalog, request.views);
  const views: ViewInput[] = [];
  for (const { view, entity } of chosen) views.push(await findFiles(view, entity, request));
  const labels = parseS3Uri(request.labelsUri);
  const head = await s3.send(new HeadObjectCommand({ Bucket: labels.bucket, Key: labels.key }));
  const files = distinctFiles(views);
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, head.ContentLength ?? 0);
  requireRoom(bytes, settings.MAXIMUM_INPUT_BYTES);

  const inputs: ManifestInputs = {
    labels: {
      uri: request.labelsUri,
      etag: (head.ETag ?? "").replaceAll('"', ""),
      time: request.labelTime,
    },
    views: manifestViews(views),
    withEventTimes: request.withEventTimes,
  };
  const labelsFile = path.join(folder, `labels${path.extname(labels.key)}`);
  await download(s3, labels.bucket, labels, labelsFile);
  for (const [name, file] of files)
    await download(s3, settings.CURATED_BUCKET, file, path.join(folder, name));

  const target = path.join(folder, "data.parquet");
  const built = await withFeatureDatabase(
    folder,
    settings.MEMORY_LIMIT_MEGABYTES,
    (connection: DuckDBConnection) =>
      buildTrainingSet(connection, {
        labelsFile,
        labelTime: request.labelTime,
        views: views.map(({ view, entity, files: own }) => ({
          view,
          entity,
          files: own.map((file) => path.join(folder, localName(file.key, files))),
        })),
        withEventTimes: request.withEventTimes,
        target,
      }),
  );
  const id = trainingSetId(inputs);
  const location = { bucket: settings.FEATURES_BUCKET, key: `training-sets/${id}/data.parquet` };
  const size = (await stat(target)).size;
  await s3.send(
    new PutObjectCommand({
      Bucket: location.bucket,
      Key: location.key,
      Body: createReadStream(target),
      ContentLength: size,
      ContentType: "application/vnd.apache.parquet",
    }),
  );
  const { labels: madeOf, views: viewsOf } = inputs;
  return {
    id,
    uri: s3Uri(location),
    bytes: size,
    ...built,
    labels: madeOf,
    views: viewsOf,
    createdAt: new Date().toISOString(),
  };
}

async function findFiles(
  view: FeatureView,
  entity: FeatureEntity,
  { datasets = {} }: TrainingSetRequest,
): Promise<ViewInput> {
  const version = datasets[view.dataset];
  const files =
    version === undefined
      ? await listCurated(s3, settings.CURATED_BUCKET, view.dataset)
      : await filesOfVersion(s3, settings.CURATED_BUCKET, view.dataset, version);
  if (files.length === 0) {
    throw new Error(
      `The data set ${view.dataset} of the view ${view.name} has no Parquet file under s3://${settings.CURATED_BUCKET}/${view.dataset}/.`,
    );
  }
  return { view, entity, files, ...(version === undefined ? {} : { version }) };
}

/** Every file once, by its local name: two views may share a data set. */
function distinctFiles(views: ViewInput[]): Map<string, ViewInput["files"][number]> {
  const byKey = new Map(views.flatMap(({ files }) => files.map((file) => [file.key, file] as const)));
  return new Map([...byKey.values()].map((file, index) => [`${index}.parquet`, file]));
}

function localName(key: string, files: Map<string, { key: string }>): string {
  const found = [...files].find(([, file]) => file.key === key);
  if (found === undefined) throw new Error(`The file ${key} was not copied.`);
  return found[0];
}
