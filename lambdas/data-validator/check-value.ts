import { ColumnContract, ColumnType } from "../../components/contracts/data-contract";

const missingWords = new Set(["", "NA", "NaN", "null"]);
const integerPattern = /^[+-]?\d+$/;
const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** A date, or a date with a time and an optional offset: ISO 8601 as data sets use it. */
const timestampPattern = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const booleanWords = new Set(["true", "false"]);

/** Whether a value stands for "no value". */
export function isMissing(value: string): boolean {
  return missingWords.has(value);
}

const shown = (value: string): string => (value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`);

const typeChecks: Record<ColumnType, { holds: (value: string) => boolean; name: string }> = {
  [ColumnType.String]: { holds: () => true, name: "a string" },
  [ColumnType.Integer]: { holds: (value) => integerPattern.test(value), name: "an integer" },
  [ColumnType.Number]: { holds: (value) => numberPattern.test(value), name: "a number" },
  [ColumnType.Boolean]: { holds: (value) => booleanWords.has(value), name: "true or false" },
  [ColumnType.Timestamp]: { holds: isTimestamp, name: "a timestamp such as 2026-01-31T12:00:00Z" },
};

/** Days that do not exist, such as 31 February, would roll over to the next month without a word. */
function isTimestamp(value: string): boolean {
  if (!timestampPattern.test(value)) return false;
  const date = value.slice(0, 10);
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date) return false;
  return !Number.isNaN(Date.parse(value.replace(" ", "T")));
}

/**
 * Checks one value against its column.
 * @returns the fault in words, or undefined when the value is right
 */
export function valueFault(value: string, column: ColumnContract): string | undefined {
  const { name, type } = column;
  if (isMissing(value)) return column.nullable ? undefined : `${name} is missing.`;
  const check = typeChecks[type];
  if (!check.holds(value)) return `${name} is ${shown(value)}; ${check.name} is required.`;
  if (column.minimum !== undefined && Number(value) < column.minimum) {
    return `${name} is ${value}; the smallest allowed value is ${column.minimum}.`;
  }
  if (column.maximum !== undefined && Number(value) > column.maximum) {
    return `${name} is ${value}; the largest allowed value is ${column.maximum}.`;
  }
  if (column.allowed !== undefined && !column.allowed.includes(value)) {
    return `${name} is ${shown(value)}; allowed are ${column.allowed.map(shown).join(", ")}.`;
  }
  return undefined;
}
