import { z } from "zod";

/** Environment variables of the lineage recorder. */
export const settingsSchema = z.object({
  /** Bucket that keeps every event. */
  LINEAGE_BUCKET: z.string().min(1),
  /** Table of the graph. */
  GRAPH_TABLE: z.string().min(1),
  /** The function's own dead-letter queue, for replays. */
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** Endpoint of DataHub or Marquez that gets every event too. */
  ENDPOINT_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Secret with the API key of that endpoint. */
  ENDPOINT_SECRET_ARN: z.string().startsWith("arn:").optional(),
});
