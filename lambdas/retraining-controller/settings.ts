import { z } from "zod";

/** Environment variables of the retraining controller. */
export const settingsSchema = z.object({
  MODEL_NAME: z.string().min(1),
  STATE_MACHINE_ARN: z.string().startsWith("arn:"),
  /** Table of decisions. */
  DECISIONS_TABLE: z.string().min(1),
  /** S3 prefix of the training data. */
  DATA_URI: z.string().startsWith("s3://"),
  COOL_DOWN_SECONDS: z.coerce.number().min(0),
  DAILY_CAP: z.coerce.number().int().min(1),
});
