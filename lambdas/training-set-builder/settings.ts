import { z } from "zod";

/** Environment variables of the training set builder. */
export const settingsSchema = z.object({
  /** Bucket of the feature zone: catalog, labels under `labels/`, results under `training-sets/`. */
  FEATURES_BUCKET: z.string().min(1),
  /** Key of the feature catalog. */
  CATALOG_KEY: z.string().min(1),
  CURATED_BUCKET: z.string().min(1),
  /** Most that labels and data sets may take together in the folder for temporary files. */
  MAXIMUM_INPUT_BYTES: z.coerce.number().int().positive(),
  /** What the database may take before it uses the disk. */
  MEMORY_LIMIT_MEGABYTES: z.coerce.number().int().positive(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** What a call asks for. */
export const requestSchema = z.strictObject({
  /** Labels as CSV or Parquet: join keys of every view, a time, and any further columns. */
  labelsUri: z
    .string()
    .regex(/^s3:\/\/[^/]+\/.+\.(csv|parquet)$/, "an S3 URI that ends with .csv or .parquet is needed"),
  /** Column of the labels with the time at which the features must be known. */
  labelTime: z.string().min(1),
  /** Names of the views, as their stores have them (`delays`, `delays_v2`). Default: all of the catalog. */
  views: z.array(z.string()).min(1).optional(),
  /** Version of each data set, by its name; the others are taken as they lie there now. */
  datasets: z.record(z.string(), z.string().regex(/^[0-9a-f]{16}$/)).optional(),
  /** Whether each view's event time stands in the result, for a person who checks it. */
  withEventTimes: z.boolean().default(false),
});

export type TrainingSetRequest = z.infer<typeof requestSchema>;
