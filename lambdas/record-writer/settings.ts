import { z } from "zod";

/** Environment variables of the record writer. */
export const settingsSchema = z.object({
  /** Data set that the records belong to: the first folder of the objects. */
  DATASET: z.string().min(1),
  /** Name of the source: the second folder of the objects. */
  SOURCE: z.string().min(1),
  /** Bucket of the raw zone. */
  RAW_BUCKET: z.string().min(1),
  /** Queue for records that are no JSON objects. */
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** Whether each record gets the fields `source_origin` and `source_time`. @default false */
  ADD_METADATA: z.stringbool().default(false),
});

export type Settings = z.infer<typeof settingsSchema>;
