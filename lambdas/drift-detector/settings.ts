import { z } from "zod";

import { MetricRef, MetricUnit, ModelMetrics } from "../../components/contracts/metric-ref";
import { jsonVariable } from "../shared/environment";

const metricSchema = z.object({
  namespace: z.string().min(1),
  name: z.string().min(1),
  dimensions: z.record(z.string(), z.string()),
  unit: z.enum(MetricUnit),
}) satisfies z.ZodType<MetricRef>;

/** Environment variables of the drift detector. */
export const settingsSchema = z.object({
  MODEL_NAME: z.string().min(1),
  /** {@link ModelMetrics} as JSON. */
  METRICS: jsonVariable(
    z.object({
      drift: metricSchema,
      accuracy: metricSchema,
      predictions: metricSchema,
      heartbeat: metricSchema,
    }) satisfies z.ZodType<ModelMetrics>,
  ),
  CHAMPION_PARAMETER: z.string().min(1),
  CAPTURES_BUCKET: z.string().min(1),
  /** Hours of predictions that a run looks at. */
  WINDOW_HOURS: z.coerce.number().positive(),
  DRIFT_THRESHOLD: z.coerce.number().positive(),
  /** Fewer records are not compared. */
  MINIMUM_RECORDS: z.coerce.number().int().positive(),
});

export type Settings = z.infer<typeof settingsSchema>;
