import { ColumnContract, ColumnType } from "../../components/contracts/data-contract";

/** Texts that stand for "no value". */
export const missingWords = ["", "NA", "NaN", "null"] as const;
const missing = new Set<string>(missingWords);

/**
 * Patterns of the types, in the syntax that JavaScript and RE2 share: the query engine judges rows with them, and the
 * reasons are found with them again.
 */
export const typePatterns = {
  integer: String.raw`^[+-]?[0-9]+$`,
  number: String.raw`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`,
  /** A date, or a date with a time and an optional offset: ISO 8601 as data sets use it. */
  timestamp: String.raw`^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?)?$`,
  /** A time without seconds and what may follow it. */
  withoutSeconds: String.raw`^(.{10}[T ][0-9]{2}:[0-9]{2})(Z|[+-].*)?$`,
};
const integerPattern = new RegExp(typePatterns.integer);
const numberPattern = new RegExp(typePatterns.number);
const timestampPattern = new RegExp(typePatterns.timestamp);
const booleanWords = new Set(["true", "false"]);
const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 63n - 1n;

/** What judging a value needs besides its column. */
export interface ValueContext {
  /** Latest timestamp that is not in the future, in milliseconds since 1970. */
  latest: number;
}

/** Whether a value stands for "no value". */
export function isMissing(value: string): boolean {
  return missing.has(value);
}

const shown = (value: string): string => (value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`);
const shownNumber = (value: string): string => (value.length > 60 ? `${value.slice(0, 60)}…` : value);

const typeChecks: Record<ColumnType, { holds: (value: string) => boolean; name: string }> = {
  [ColumnType.String]: { holds: () => true, name: "a string" },
  [ColumnType.Integer]: { holds: isInteger, name: "an integer" },
  [ColumnType.Number]: {
    holds: (value) => numberPattern.test(value) && Number.isFinite(Number(value)),
    name: "a number",
  },
  [ColumnType.Boolean]: { holds: (value) => booleanWords.has(value), name: "true or false" },
  [ColumnType.Timestamp]: {
    holds: (value) => timestampOf(value) !== undefined,
    name: "a timestamp such as 2026-01-31T12:00:00Z",
  },
};

function isInteger(value: string): boolean {
  if (!integerPattern.test(value)) return false;
  if (value.length < 18) return true;
  const integer = BigInt(value.replace("+", ""));
  return integer >= smallestInteger && integer <= largestInteger;
}

/** Milliseconds since 1970; a time without an offset is UTC. Days that do not exist, such as 31 February, are none. */
function timestampOf(value: string): number | undefined {
  if (!timestampPattern.test(value)) return undefined;
  const date = value.slice(0, 10);
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date) return undefined;
  if (value.length === 10) return midnight.getTime();
  const [, clock = "", offset = "Z"] = /^.{11}([0-9:.]+)(.*)$/.exec(value) ?? [];
  const zone = /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset || "Z";
  const time = Date.parse(`${date}T${clock.replace(/(\.\d{3})\d+$/, "$1")}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Checks one value against its column.
 * @returns the fault in words, or undefined when the value is right; it never shows the value of a personal column
 */
export function valueFault(value: string, column: ColumnContract, context: ValueContext): string | undefined {
  const { name, type, minimum, maximum, allowed } = column;
  if (isMissing(value)) return column.nullable ? undefined : `${name} is missing.`;
  const check = typeChecks[type];
  const is = (text: string): string =>
    column.personal ? "has a wrong value (not shown: personal)" : `is ${text}`;
  if (!check.holds(value)) return `${name} ${is(shown(value))}; ${check.name} is required.`;
  if (minimum !== undefined && Number(value) < minimum) {
    return `${name} ${is(shownNumber(value))}; the smallest allowed value is ${minimum}.`;
  }
  if (maximum !== undefined && Number(value) > maximum) {
    return `${name} ${is(shownNumber(value))}; the largest allowed value is ${maximum}.`;
  }
  if (allowed !== undefined && !allowed.includes(value)) {
    return `${name} ${is(shown(value))}; allowed are ${allowed.map(shown).join(", ")}.`;
  }
  if (type === ColumnType.Timestamp && (timestampOf(value) ?? 0) > context.latest) {
    return `${name} ${is(shownNumber(value))}; that is in the future.`;
  }
  return undefined;
}

/** The fault of a value that the referenced data set does not have. */
export function referenceFault(value: string, column: ColumnContract): string {
  const { name, references, personal } = column;
  const is = personal ? "has a value (not shown: personal)" : `is ${shown(value)}`;
  return `${name} ${is}; the column ${references?.column} of ${references?.dataset} has no such value.`;
}

/** The fault of a value that is an object or an array. */
export function nestedFault({ name, type }: ColumnContract): string {
  return `${name} holds an object or an array; ${typeChecks[type].name} is required.`;
}
