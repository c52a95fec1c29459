import { z } from "zod";

/** Environment variables of the Firehose replayer. */
export const settingsSchema = z.object({
  /** Data set that the records belong to. */
  DATASET: z.string().min(1),
  /** Bucket that Firehose writes its error objects to. */
  RAW_BUCKET: z.string().min(1),
  /** First part of the keys of the error objects. */
  DEAD_LETTER_PREFIX: z.string().endsWith("/"),
  /** First part of their keys after a replay. */
  REPLAYED_PREFIX: z.string().endsWith("/"),
  /** ARN of the stream that the records go back to. */
  STREAM_ARN: z.string().startsWith("arn:"),
});

export type Settings = z.infer<typeof settingsSchema>;
