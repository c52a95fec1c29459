import type { ResourceCall, Values } from "../../shared/service";
import { withoutInternals } from "./check";
import type { HandlerContext, ResourceHandler } from "./types";

/** Inputs that hold the physical name of most types, tried in this order. */
const nameProperties = ["name", "bucket", "identifier", "clusterIdentifier"];

/** Id of a resource that lives in state only: its physical name, else its logical one. */
function recordedId(handler: ResourceHandler | undefined, inputs: Values, logicalName: string): string {
  const candidates = handler?.autoname ? [handler.autoname.property, ...nameProperties] : nameProperties;
  const name = candidates.map((property) => inputs[property]).find((value) => typeof value === "string");
  return (name as string | undefined) ?? logicalName;
}

/** "Creates" a resource in state only. */
export async function createRecorded(
  handler: ResourceHandler | undefined,
  call: ResourceCall,
  given: Values,
  context: Omit<HandlerContext, "created">,
): Promise<{ id: string; outputs: Values }> {
  const inputs = withoutInternals(given);
  const id = recordedId(handler, inputs, call.name);
  return { id, outputs: await recordedOutputs(handler, id, inputs, context) };
}

/** Outputs of a resource that lives in state only: its inputs, and what its handler makes up for dependants. */
export async function recordedOutputs(
  handler: ResourceHandler | undefined,
  id: string,
  given: Values,
  context: Omit<HandlerContext, "created">,
): Promise<Values> {
  const inputs = withoutInternals(given);
  const madeUp = await handler?.recordedOutputs?.(id, inputs, { ...context, created: () => undefined });
  const tags = inputs.tags === undefined ? {} : { tagsAll: inputs.tags };
  return { ...inputs, ...tags, region: inputs.region ?? context.region, ...madeUp };
}
