import { autoname } from "../../shared/autoname";
import type { CheckFailure, Values } from "../../shared/service";
import { isUnknown } from "../../shared/signatures";
import type { ResourceHandler } from "./types";

/** Input (hidden by the engine) that lists the inputs which `check` filled, as the official provider keeps it. */
export const defaultsKey = "__defaults";

/** Inputs that `check` filled. */
export function filledInputs(inputs: Values | undefined): string[] {
  const filled = inputs?.[defaultsKey];
  return Array.isArray(filled) ? filled.map(String) : [];
}

/** Inputs as a handler sees them. */
export function withoutInternals(inputs: Values): Values {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
}

export interface CheckCall {
  type: string;
  name: string;
  olds: Values | undefined;
  news: Values;
  seed: Uint8Array;
}

/** Fills what the program left out, and finds what AWS would refuse. */
export function checkInputs(
  handler: ResourceHandler,
  call: CheckCall,
  defaultTags: Record<string, string>,
): { inputs: Values; failures: CheckFailure[] } {
  const inputs: Values = Object.fromEntries(
    Object.entries(withoutInternals(call.news)).filter(([, value]) => value !== null && value !== undefined),
  );
  if (handler.taggable) mergeDefaultTags(inputs, defaultTags);
  const filled = fillName(handler, call, inputs);
  const failures = [...missing(handler, call, inputs), ...(handler.check?.(inputs) ?? [])];
  return { inputs: { ...inputs, [defaultsKey]: filled }, failures };
}

/** Default tags become part of `tags`, as in the official provider; a tag of the resource itself wins. */
function mergeDefaultTags(inputs: Values, defaultTags: Record<string, string>): void {
  if (isUnknown(inputs.tags)) return;
  const tags = { ...defaultTags, ...(inputs.tags as Record<string, string> | undefined) };
  if (Object.keys(tags).length > 0) inputs.tags = tags;
}

function fillName(handler: ResourceHandler, call: CheckCall, inputs: Values): string[] {
  const rules = handler.autoname;
  if (!rules || inputs[rules.property] !== undefined) return [];
  const previous = call.olds?.[rules.property];
  // A name that was given and is now left out is made anew; a generated one stays.
  if (previous !== undefined && filledInputs(call.olds).includes(rules.property)) {
    inputs[rules.property] = previous;
  } else {
    const suffix = typeof rules.suffix === "function" ? rules.suffix(inputs) : rules.suffix;
    inputs[rules.property] = autoname(prefixOf(rules.property, inputs) ?? call.name, call.seed, {
      ...rules,
      suffix,
    });
  }
  return [rules.property];
}

/** `namePrefix` or `bucketPrefix`, where the program gave one. */
function prefixOf(property: string, inputs: Values): string | undefined {
  const prefix = inputs[`${property}Prefix`];
  return typeof prefix === "string" && !isUnknown(prefix) ? prefix.replace(/-$/, "") : undefined;
}

function missing(handler: ResourceHandler, call: CheckCall, inputs: Values): CheckFailure[] {
  return (handler.required ?? [])
    .filter((property) => inputs[property] === undefined)
    .map((property) => ({
      property,
      reason: `${call.type} "${call.name}" needs ${property}; it was not given`,
    }));
}
