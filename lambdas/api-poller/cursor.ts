import type { ApiIncrement } from "../../components/contracts/api-polling";
import { valueAt } from "./json-slices";

/** Clocks differ; a timestamp this far in the future still counts as now. */
const futureToleranceMilliseconds = 300_000;
const numeric = /^-?\d+(\.\d+)?$/;
const timestamp = /^\d{4}-\d{2}-\d{2}([T ].*)?$/;
const day = /^\d{4}-\d{2}-\d{2}$/;

const isTimestamp = (value: string): boolean => timestamp.test(value) && !Number.isNaN(Date.parse(value));

/**
 * Compares two values of a cursor: numbers by size, timestamps by time, everything else as text.
 * @returns negative, zero or positive, as `Array.sort` wants it
 */
export function compareCursors(first: string, second: string): number {
  if (numeric.test(first) && numeric.test(second)) {
    const isWhole = !first.includes(".") && !second.includes(".");
    const difference = isWhole ? BigInt(first) - BigInt(second) : Number(first) - Number(second);
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  if (isTimestamp(first) && isTimestamp(second)) return Date.parse(first) - Date.parse(second);
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The higher of two values; the first where they are equal. */
export function higherCursor(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return compareCursors(second, first) > 0 ? second : first;
}

/**
 * The highest value of the growing field among records. A record from the future does not count: it would move the
 * cursor past everything that comes until then.
 */
export function highestCursor(records: unknown[], field: string, now: Date): string | undefined {
  const latest = now.getTime() + futureToleranceMilliseconds;
  let highest: string | undefined;
  for (const record of records) {
    const value = cursorText(valueAt(record, field));
    if (value === undefined || (isTimestamp(value) && Date.parse(value) > latest)) continue;
    highest = higherCursor(highest, value);
  }
  return highest;
}

/** A number that JSON could not hold exactly is no cursor; the API must give it as text. */
function cursorText(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value !== "number" || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    return undefined;
  return numeric.test(String(value)) ? String(value) : undefined;
}

/** The value that a walk asks for: the highest of the walk before, less the overlap. */
export function askedCursor({ initial, overlap = 0 }: ApiIncrement, since: string | undefined): string {
  if (since === undefined) return initial;
  if (overlap === 0) return since;
  const overlapped = numeric.test(since) ? numberBefore(since, overlap) : timeBefore(since, overlap);
  // The beginning that was asked for stays the beginning.
  return compareCursors(overlapped, initial) < 0 ? initial : overlapped;
}

function numberBefore(since: string, overlap: number): string {
  return since.includes(".") || !Number.isInteger(overlap)
    ? String(Number(since) - overlap)
    : String(BigInt(since) - BigInt(overlap));
}

function timeBefore(since: string, seconds: number): string {
  if (!isTimestamp(since)) return since;
  const before = new Date(Date.parse(since) - seconds * 1000).toISOString();
  return day.test(since) ? before.slice(0, 10) : before;
}
