import { z } from "zod";

import { LineageEvent, LineageEventType } from "../../components/contracts/lineage-event";

const facets = z.record(z.string(), z.unknown()).optional();
const named = { namespace: z.string().min(1), name: z.string().min(1), facets };

/** What of OpenLineage's run event must hold; further fields are kept as they came. */
const schema = z.looseObject({
  eventType: z.enum(LineageEventType),
  eventTime: z.iso.datetime({ offset: true }),
  producer: z.url(),
  schemaURL: z.url(),
  run: z.looseObject({ runId: z.guid(), facets }),
  job: z.looseObject(named),
  inputs: z.array(z.looseObject(named)).default([]),
  outputs: z.array(z.looseObject(named)).default([]),
}) satisfies z.ZodType<LineageEvent>;

/**
 * Reads an OpenLineage run event.
 * @throws Error that names every field which is missing or wrong
 */
export function parseLineageEvent(value: unknown): LineageEvent {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "event"}: ${message}`);
  throw new Error(`The event is no OpenLineage run event: ${faults.join("; ")}`);
}
