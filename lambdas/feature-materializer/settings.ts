import { z } from "zod";

import { jsonVariable } from "../shared/environment";

/** Environment variables of the feature materializer. */
export const settingsSchema = z.object({
  /** Bucket of the feature zone: catalog, and progress under `materialization/`. */
  FEATURES_BUCKET: z.string().min(1),
  /** Key of the feature catalog. */
  CATALOG_KEY: z.string().min(1),
  /** Name of the view as its store has it, for example `delays_v2`. */
  VIEW: z.string().min(1),
  CURATED_BUCKET: z.string().min(1),
  /** Where the values go. */
  STORE: jsonVariable(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("feast"), tableName: z.string().min(1) }),
      z.object({ kind: z.literal("sagemaker"), featureGroupName: z.string().min(1) }),
    ]),
  ),
  /** Name of the store: a dimension of the metrics, shared with the alarms on them. */
  STORE_NAME: z.string().min(1),
  /** Key of the record of progress. */
  PROGRESS_KEY: z.string().min(1),
  /** Seconds before the newest materialized file in which others may still arrive. */
  OVERLAP_SECONDS: z.coerce.number().int().positive(),
  /** Most that the files of one batch take in the folder for temporary files. */
  MAXIMUM_BATCH_BYTES: z.coerce.number().int().positive(),
  /** What the database may take before it uses the disk. */
  MEMORY_LIMIT_MEGABYTES: z.coerce.number().int().positive(),
});

export type Settings = z.infer<typeof settingsSchema>;
