import { z } from "zod";

/** Environment variables of the dataset publisher. */
export const settingsSchema = z.object({
  DATASET: z.string().min(1),
  CURATED_BUCKET: z.string().min(1),
  /** Object of that bucket with the columns of the contract. */
  SCHEMA_KEY: z.string().min(1),
});
