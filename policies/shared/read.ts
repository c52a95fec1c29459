/**
 * Reading of properties whose shape is not trusted. Nothing here throws, with one exception that is meant: a value
 * that is unknown during preview throws the SDK's UnknownValueError, which the definition helpers turn into a notice.
 */

/** Whether an error says that a value is unknown during preview; the SDK exports its class without a type. */
export function isUnknownValueError(error: unknown): error is Error {
  return error instanceof Error && "unknownTypeSentinel" in error;
}

/** The value at a path, undefined where a step is missing or has another shape. */
export function valueAt(value: unknown, ...path: string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current ?? undefined;
}

/** The text at a path, undefined when it is missing, empty or no text. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The finite number at a path. */
export function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = valueAt(value, ...path);
  const parsed = typeof found === "string" && found.trim() !== "" ? Number(found) : found;
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined;
}

/** The truth value at a path; the words `true` and `false` count, as they do for providers. */
export function flagAt(value: unknown, ...path: string[]): boolean | undefined {
  const found = valueAt(value, ...path);
  if (typeof found === "boolean") return found;
  return found === "true" ? true : found === "false" ? false : undefined;
}

/** The items at a path; a single value is a list of one, as in IAM documents. */
export function listAt(value: unknown, ...path: string[]): unknown[] {
  const found = valueAt(value, ...path);
  if (found === undefined) return [];
  if (!Array.isArray(found)) return [found];
  return Array.from({ length: found.length }, (_, index) => found[index] as unknown);
}

/** How many items a list has; unlike `listAt` this also counts items that are unknown during preview. */
export function countAt(value: unknown, ...path: string[]): number {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.length : 0;
}

/** The texts among the items at a path. */
export function textsAt(value: unknown, ...path: string[]): string[] {
  return listAt(value, ...path).filter((item): item is string => typeof item === "string");
}

/** The names in the object at a path; unlike `entriesAt` this does not look at the values. */
export function keysAt(value: unknown, ...path: string[]): string[] {
  const found = valueAt(value, ...path);
  return typeof found === "object" && found !== null && !Array.isArray(found) ? Object.keys(found) : [];
}

/** The entries of the object at a path. */
export function entriesAt(value: unknown, ...path: string[]): [string, unknown][] {
  const found = valueAt(value, ...path);
  return keysAt(found).map((key) => [key, valueAt(found, key)]);
}

/**
 * Whether something is given at a path. A value that is unknown during preview counts as given, because it is
 * computed from another resource; where already the object around it is unknown, nothing can be said and the
 * UnknownValueError goes on.
 */
export function isGiven(value: unknown, ...path: [string, ...string[]]): boolean {
  const holder = valueAt(value, ...path.slice(0, -1));
  try {
    const found = valueAt(holder, path[path.length - 1] ?? "");
    return found !== undefined && found !== "";
  } catch (error) {
    if (isUnknownValueError(error)) return true;
    throw error;
  }
}

/** A JSON text, or a value that is structured already; undefined when the text is no JSON. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
