import { z } from "zod";

import { askedNodeId, Direction, GraphQuestion, runNodeId } from "./graph";

const replaySchema = z.strictObject({
  replay: z.strictObject({ maximumMessages: z.int().min(1).max(10_000).default(100) }),
});

const querySchema = z.strictObject({
  query: z
    .strictObject({
      /** `s3://bucket/key`, or `<namespace>/<name>`. */
      dataset: z.string().min(1).optional(),
      runId: z.guid().optional(),
      direction: z.enum(Direction).default(Direction.Upstream),
      depth: z.int().min(1).max(100).default(20),
      limit: z.int().min(1).max(5000).default(1000),
    })
    .refine(({ dataset, runId }) => (dataset === undefined) !== (runId === undefined), {
      message: "give dataset or runId, one of them",
    }),
});

/** What the function is called for. */
export type RecorderRequest =
  | { kind: "replay"; maximumMessages: number }
  | { kind: "query"; question: GraphQuestion }
  | { kind: "event" };

/**
 * Tells a question and a replay from an event of the bus.
 * @throws Error that names every field of a question or replay which is wrong
 */
export function toRequest(event: unknown): RecorderRequest {
  const has = (key: string): boolean => typeof event === "object" && event !== null && key in event;
  if (has("replay")) return { kind: "replay", ...parse(replaySchema, event).replay };
  if (!has("query")) return { kind: "event" };
  const { dataset, runId, ...rest } = parse(querySchema, event).query;
  const start = runId === undefined ? askedNodeId(dataset!) : runNodeId(runId);
  return { kind: "query", question: { start, ...rest } };
}

function parse<T>(schema: z.ZodType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The request cannot be read: ${faults.join("; ")}`);
}
