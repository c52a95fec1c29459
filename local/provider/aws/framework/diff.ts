import { type Comparison, sameValue } from "../../shared/compare";
import { type Difference, noDifference, type Values } from "../../shared/service";
import { filledInputs, withoutInternals } from "./check";
import type { ResourceHandler } from "./types";

/** How a property of the type is compared. */
export function comparisonOf(handler: ResourceHandler | undefined, property: string): Comparison {
  return {
    unordered: handler?.unordered?.includes(property),
    verbatim: handler?.verbatim?.includes(property),
  };
}

/** What the new inputs change, against the inputs of the last update. */
export function diffInputs(handler: ResourceHandler | undefined, olds: Values, news: Values): Difference {
  const before = withoutInternals(olds);
  const after = withoutInternals(news);
  const properties: Difference["properties"] = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (sameValue(before[name], after[name], comparisonOf(handler, name))) continue;
    properties[name] = absent(before[name]) ? "add" : absent(after[name]) ? "delete" : "update";
  }
  const changed = Object.keys(properties);
  if (changed.length === 0) return noDifference;
  const replaces = replacing(handler, changed, before, after);
  return {
    changes: true,
    properties,
    replaces,
    deleteBeforeReplace:
      replaces.length > 0 &&
      (handler?.deleteBeforeReplace === true || keepsName(handler, before, after, news)),
  };
}

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}

function replacing(
  handler: ResourceHandler | undefined,
  changed: string[],
  before: Values,
  after: Values,
): string[] {
  // A type without a handler lives in state only, where everything can change in place.
  if (!handler || handler.recordedBecause !== undefined) return [];
  if (!handler.update) return changed;
  const byValue = handler.replacedBy?.(before, after) ?? [];
  return changed.filter(
    (name) => name === "region" || handler.replaceOn?.includes(name) || byValue.includes(name),
  );
}

/** A name that the program fixed cannot be taken by the new resource while the old one holds it. */
function keepsName(
  handler: ResourceHandler | undefined,
  before: Values,
  after: Values,
  news: Values,
): boolean {
  const property = handler?.autoname?.property;
  if (property === undefined || filledInputs(news).includes(property)) return false;
  return sameValue(before[property], after[property]);
}
