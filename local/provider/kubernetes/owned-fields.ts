import type { Values } from "../shared/service";
import { type FieldSet, type KubernetesObject, metadataOf } from "./kubernetes-object";

/** Name under which this provider applies fields. */
export const fieldManager = "pulumi-mlops";

/** A place in an object: field names, and for lists either the item's key fields, its value or its index. */
type Step = { field: string } | { key: Values } | { value: unknown } | { index: number };

/** The fields of an object that this provider's last apply set. */
export function ownedFields(object: Values): FieldSet {
  const entries = metadataOf(object).managedFields ?? [];
  const own = entries.find(
    (entry) => entry.manager === fieldManager && entry.operation === "Apply" && !entry.subresource,
  );
  return own?.fieldsV1 ?? {};
}

/** One field that was ours and is not as we left it. */
export interface Drift {
  path: Step[];
  /** Undefined when the field is gone. */
  live: unknown;
}

/**
 * Fields that this provider applied and somebody else changed or removed since. The fields are those of the last
 * apply, `before`: whoever changes a field takes its ownership over, so the live object no longer says it was ours.
 */
export function findDrift(before: Values, live: KubernetesObject): Drift[] {
  const found: Drift[] = [];
  compare(ownedFields(before), []);
  return found;

  function compare(fields: FieldSet, path: Step[]): void {
    const old = valueAt(before, path);
    const now = valueAt(live, path);
    const inner = Object.entries(fields).filter(([key]) => key !== ".");
    if (now === undefined && old !== undefined) found.push({ path, live: undefined });
    else if (inner.length > 0) inner.forEach(([key, below]) => compare(below, [...path, parseStep(key)]));
    // Below it nothing is told apart: the value is ours as a whole.
    else if (path.length > 0 && JSON.stringify(old) !== JSON.stringify(now)) found.push({ path, live: now });
  }
}

/** The inputs with every drifted field as it is now, so that a comparison with the program's shows the difference. */
export function withDrift(inputs: Values, drifts: Drift[]): Values {
  const changed = structuredClone(inputs);
  for (const { path, live } of drifts) put(changed, path, live);
  return changed;
}

function parseStep(key: string): Step {
  const text = key.slice(2);
  switch (key.slice(0, 2)) {
    case "f:":
      return { field: text };
    case "k:":
      return { key: JSON.parse(text) as Values };
    case "v:":
      return { value: JSON.parse(text) };
    case "i:":
      return { index: Number(text) };
    default:
      throw new Error(`The API server sent a field set with the unknown entry "${key}".`);
  }
}

function valueAt(object: unknown, path: Step[]): unknown {
  let value = object;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value =
      "field" in step
        ? (value as Values)[step.field]
        : (value as unknown[])[indexOf(value as unknown[], step)];
  }
  return value;
}

function indexOf(list: unknown[], step: Exclude<Step, { field: string }>): number {
  if ("index" in step) return step.index;
  if ("value" in step) return list.findIndex((item) => JSON.stringify(item) === JSON.stringify(step.value));
  const wanted = Object.entries(step.key);
  // A key field with a default (the protocol of a port) may be missing in the program's own list.
  const score = (item: unknown) =>
    wanted.every(([name, value]) => [value, undefined].includes((item as Values | null)?.[name] as never))
      ? wanted.filter(([name, value]) => (item as Values)[name] === value).length
      : 0;
  const scores = list.map(score);
  const best = Math.max(0, ...scores);
  return best === 0 ? -1 : scores.indexOf(best);
}

/** Sets or removes the value at the path; a path that the object does not have is made where that is possible. */
function put(object: Values, path: Step[], live: unknown): void {
  let place: Values | unknown[] = object;
  path.forEach((step, position) => {
    const last = position === path.length - 1;
    const key = "field" in step ? step.field : indexOf(place as unknown[], step);
    const target = place as Record<string | number, unknown>;
    if (last) set(place, key, live);
    else if (key === -1) place = {};
    else place = (target[key] ??= {}) as Values;
  });
}

function set(place: Values | unknown[], key: string | number, live: unknown): void {
  if (Array.isArray(place)) {
    if (key === -1) return;
    if (live === undefined) place.splice(key as number, 1);
    else place[key as number] = live;
  } else if (live === undefined) delete place[key];
  else place[key] = live;
}
