import { isAssetLike } from "./assets";
import { hasUnknown } from "./signatures";

/** How two values of one property are compared. */
export interface Comparison {
  /** The list has no order. */
  unordered?: boolean;
  /** JSON strings are data: another white space is another value. */
  verbatim?: boolean;
}

/**
 * True when both values mean the same to AWS: absent equals null, JSON documents are compared by content and
 * policies by meaning, assets by hash. Unknown values never equal anything.
 */
export function sameValue(a: unknown, b: unknown, comparison: Comparison = {}): boolean {
  if (hasUnknown(a) || hasUnknown(b)) return false;
  return canonical(a, comparison) === canonical(b, comparison);
}

/** One text for all values that mean the same. */
function canonical(value: unknown, comparison: Comparison): string {
  return JSON.stringify(normalise(value, comparison, true)) ?? "null";
}

function normalise(value: unknown, comparison: Comparison, top = false): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && !comparison.verbatim) return normaliseText(value);
  if (isAssetLike(value) && value.hash !== undefined) return { hash: value.hash };
  if (Array.isArray(value)) {
    const items = value.map((item) => normalise(item, comparison));
    return top && comparison.unordered ? sorted(items) : items;
  }
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined && inner !== null)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, normalise(inner, comparison)]),
    );
  }
  return value;
}

function normaliseText(text: string): unknown {
  const document = parseDocument(text);
  return document === undefined ? text : { json: normaliseDocument(document) };
}

/** The JSON object or list that the text holds, undefined for any other text. */
export function parseDocument(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function normaliseDocument(document: unknown): unknown {
  const isPolicy = typeof document === "object" && document !== null && "Statement" in document;
  return isPolicy ? normalisePolicy(document) : orderKeys(document);
}

function orderKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(orderKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, orderKeys(inner)]),
  );
}

/** In a policy one value equals a list of that value, and lists have no order, that of statements neither. */
function normalisePolicy(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = sorted(value.map(normalisePolicy));
    return items.length === 1 ? items[0] : items;
  }
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? String(value) : value;
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, normalisePolicy(inner)] as const);
  // `"Principal": "*"` and `"Principal": { "AWS": "*" }` are the same to AWS.
  const only = entries[0];
  if (entries.length === 1 && only?.[0] === "AWS" && only[1] === "*") return "*";
  return Object.fromEntries(entries);
}

function sorted(items: unknown[]): unknown[] {
  return items
    .map((item) => [JSON.stringify(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item);
}
