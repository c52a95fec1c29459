import { z } from "zod";

import { schedule } from "./schedule-config";

/** The gate that a trained model must pass to be registered. */
export interface GateConfig {
  /** Metric of `evaluation.json` that decides. @default accuracy */
  metric: string;
  /** Smallest value that passes. @default 0.8 */
  threshold: number;
  /** How much worse than the champion a model may be and still pass. @default 0.01 */
  maximumRegression: number;
}

/** How a model is trained. */
export interface TrainingConfig {
  /** Image of the training container. */
  image: string;
  /** Key prefix in the registry bucket under which the model's training sources lie. */
  sourcePrefix: string;
  /** SageMaker instance type. @default ml.m5.xlarge */
  instanceType: string;
  /** Time after which a training job is stopped, in minutes. @default 60 */
  maximumRuntimeMinutes: number;
  /** Hyperparameters handed to the training script. @default none */
  hyperparameters: Record<string, string>;
  gate: GateConfig;
}

/** How a model is served on the cluster. */
export interface ServingConfig {
  /** Image of the model server; by digest in prod. */
  image: string;
  /** Replicas that always run, at least 2. @default 3 */
  minimumReplicas: number;
  /** Replicas that the autoscaler may reach. @default 10 */
  maximumReplicas: number;
}

/** How a model is watched. */
export interface MonitoringConfig {
  /** Population stability index above which the alarm fires. @default 0.2 */
  driftThreshold: number;
  /** EventBridge schedule of the monitor. @default rate(1 hour) */
  schedule: string;
  /** Hours of predictions that one run looks at. @default 24 */
  windowHours: number;
  /** Period of the model's alarms in seconds, a multiple of 60, not shorter than the schedule. @default 3600 */
  evaluationPeriodSeconds: number;
}

/** When a model is trained again. */
export interface RetrainingConfig {
  /** EventBridge schedule of a regular retraining. @default cron(0 3 ? * SUN *) */
  schedule: string;
  /** Hours after a started run in which no other is started. @default 6 */
  coolDownHours: number;
  /** Runs that may be started in 24 hours. @default 3 */
  dailyCap: number;
}

/** One model of the platform, from its data to its retraining. */
export interface ModelConfig {
  /** Name of the model; lower-case letters, digits and hyphens, at most 24. */
  name: string;
  /** Data set that it is trained on. */
  dataset: string;
  /** Views of the feature catalog that the model uses. */
  featureViews: string[];
  training: TrainingConfig;
  serving: ServingConfig;
  monitoring: MonitoringConfig;
  retraining: RetrainingConfig;
}

/** Schema of one model. */
export const modelSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,23}$/, "must be lower-case letters, digits and hyphens, at most 24"),
  dataset: z.string(),
  featureViews: z.array(z.string()).default([]),
  training: z.strictObject({
    image: z
      .string()
      .regex(
        /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/.+$/,
        "must be an image in ECR; SageMaker takes no other",
      ),
    sourcePrefix: z.string().regex(/^[^/].*[^/]$/, "must not begin or end with a slash"),
    instanceType: z.string().startsWith("ml.").default("ml.m5.xlarge"),
    maximumRuntimeMinutes: z.int().min(1).max(7200).default(60),
    hyperparameters: z.record(z.string(), z.string()).default({}),
    gate: z
      .strictObject({
        metric: z.string().min(1).default("accuracy"),
        threshold: z.number().default(0.8),
        maximumRegression: z.number().min(0).default(0.01),
      })
      .prefault({}),
  }),
  serving: z
    .strictObject({
      image: z.string().min(1),
      minimumReplicas: z.int().min(2, "must be at least 2, so that one may be taken away").default(3),
      maximumReplicas: z.int().min(2).default(10),
    })
    .refine(({ minimumReplicas, maximumReplicas }) => maximumReplicas > minimumReplicas, {
      error: "must be larger than minimumReplicas",
      path: ["maximumReplicas"],
    }),
  monitoring: z
    .strictObject({
      driftThreshold: z.number().positive().default(0.2),
      schedule: schedule.default("rate(1 hour)"),
      windowHours: z.int().min(1).max(744).default(24),
      evaluationPeriodSeconds: z.int().multipleOf(60).min(60).max(86_400).default(3600),
    })
    .prefault({}),
  retraining: z
    .strictObject({
      schedule: schedule.default("cron(0 3 ? * SUN *)"),
      coolDownHours: z.number().min(0).default(6),
      dailyCap: z.int().min(1).default(3),
    })
    .prefault({}),
}) satisfies z.ZodType<ModelConfig>;
