import { z } from "zod";

import { FeatureCatalog, featureCatalogSchema } from "../components/contracts/feature-definition";
import {
  BatchFeatureView,
  FeatureAggregate,
  FeatureFrequency,
} from "../components/feature-store/batch-features-views";
import { schedule } from "./schedule-config";

/** Stores that features can be served from. */
export enum FeatureBackend {
  /** SageMaker feature groups, offline and online. */
  SageMaker = "sagemaker",
  /** S3, DynamoDB and a registry, as Feast reads them. */
  Feast = "feast",
}

/** Features of the platform: one definition for every store, every training set and every model. */
export interface FeaturesConfig {
  /** Stores that are filled. @default [sagemaker] */
  backends: FeatureBackend[];
  /** Entities and features. */
  catalog: FeatureCatalog;
  /** When new data is brought into the online stores. @default rate(1 hour) */
  schedule: string;
  /** Seconds between two runs of that schedule; after three without a run an alarm goes off. @default 3600 */
  expectedEverySeconds?: number;
  /** Seconds that new data may wait before an alarm goes off. @default 7200 */
  maximumLagSeconds?: number;
  /** Features over time windows, computed with Spark every night. @default none */
  batch: BatchFeatureView[];
}

const batchSchema = z.strictObject({
  name: z.string().min(1),
  dataset: z.string(),
  entity: z.array(z.string()).min(1),
  eventTimeColumn: z.string(),
  frequency: z.enum(FeatureFrequency),
  features: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        aggregate: z.enum(FeatureAggregate),
        windowHours: z.int().min(1),
        column: z.string().optional(),
      }),
    )
    .min(1),
}) satisfies z.ZodType<BatchFeatureView>;

/** Schema of the platform's features. */
export const featuresSchema = z.strictObject({
  backends: z.array(z.enum(FeatureBackend)).min(1).default([FeatureBackend.SageMaker]),
  catalog: featureCatalogSchema,
  schedule: schedule.default("rate(1 hour)"),
  expectedEverySeconds: z.int().min(60).max(86_400).multipleOf(60).optional(),
  maximumLagSeconds: z.int().min(60).max(604_800).optional(),
  batch: z.array(batchSchema).default([]),
}) satisfies z.ZodType<FeaturesConfig>;
