import { isDeepStrictEqual } from "node:util";
import { hasUnknown } from "../shared/signatures";
import { type Difference, noDifference, type Values } from "../shared/service";
import { replacingFields } from "./immutable-fields";
import { metadataOf } from "./kubernetes-object";
import { isAutonamed } from "./naming";

/** What the new inputs change against the last ones, field by field, in Pulumi's property paths. */
export function diffInputs(kind: string, olds: Values, news: Values): Difference {
  const properties: Difference["properties"] = {};
  compare(withoutNothing(olds), withoutNothing(news), "", properties);
  if (Object.keys(properties).length === 0) return noDifference;
  return withReplacement(
    { ...noDifference, changes: true, properties },
    replacingFields(kind, olds, news),
    olds,
    news,
  );
}

/** The same difference, but the object has to be replaced because of these fields. */
export function withReplacement(
  difference: Difference,
  fields: string[],
  olds: Values,
  news: Values,
): Difference {
  if (fields.length === 0) return difference;
  const changed = Object.keys(difference.properties);
  const replaces = changed.filter((path) => fields.some((field) => path === field || path.startsWith(field)));
  return {
    ...difference,
    replaces: replaces.length > 0 ? replaces : changed,
    // Two objects of one kind and place cannot have one name; a generated name gets a new end.
    deleteBeforeReplace: !isAutonamed(news) && samePlace(olds, news),
  };
}

function samePlace(olds: Values, news: Values): boolean {
  const [before, after] = [metadataOf(olds), metadataOf(news)];
  return before.name === after.name && (before.namespace ?? "") === (after.namespace ?? "");
}

function compare(before: unknown, after: unknown, path: string, found: Difference["properties"]): void {
  if (isDeepStrictEqual(before, after) && !hasUnknown(after)) return;
  if (isRecord(before) && isRecord(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[name], after[name], `${path}${step(name, path === "")}`, found);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compare(before[index], after[index], `${path}[${index}]`, found);
    }
  } else {
    found[path] = before === undefined ? "add" : after === undefined ? "delete" : "update";
  }
}

function step(name: string, first: boolean): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `["${name.replaceAll('"', '\\"')}"]`;
  return first ? name : `.${name}`;
}

/** Null and absent mean the same to the API. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutNothing(inner)]));
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
