import { sameValue } from "../../shared/compare";
import type { Values } from "../../shared/service";
import { comparisonOf } from "./diff";
import type { ResourceHandler } from "./types";

/** Outputs that the framework itself adds. */
const added = new Set(["tagsAll", "region", "id"]);

/** Outputs after a create or update: what was given, over it what AWS answers; equal meaning keeps the given words. */
export function mergeOutputs(handler: ResourceHandler, given: Values, live: Values): Values {
  const outputs: Values = { ...given };
  for (const [name, value] of Object.entries(live)) {
    if (!sameOrEmpty(handler, name, given[name], value)) outputs[name] = value;
  }
  return outputs;
}

/**
 * Inputs after a refresh. What AWS answers as it did after the last update leaves an input alone; any other answer was made
 * behind Pulumi's back and takes its place, so that the next update sees it and puts it right.
 */
export function refreshInputs(
  handler: ResourceHandler,
  inputs: Values,
  outputs: Values,
  live: Values,
): Values {
  const refreshed: Values = { ...inputs };
  for (const [name, value] of Object.entries(live)) {
    if (sameOrEmpty(handler, name, outputs[name], value)) continue;
    if (!(name in inputs) && (added.has(name) || handler.computed?.includes(name))) continue;
    if (value === undefined) delete refreshed[name];
    else refreshed[name] = value;
  }
  return refreshed;
}

function sameOrEmpty(handler: ResourceHandler, name: string, a: unknown, b: unknown): boolean {
  return (isEmpty(a) && isEmpty(b)) || sameValue(a, b, comparisonOf(handler, name));
}

/** AWS answers an empty list, record or text where nothing is set. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
