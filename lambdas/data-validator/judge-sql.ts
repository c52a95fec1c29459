import { ColumnContract, ColumnType, DataContract } from "../../components/contracts/data-contract";
import { sqlName, sqlText } from "../shared/duckdb";
import { missingWords, typePatterns } from "./check-value";
import type { RowSource } from "./row-source";

/** Types of the columns of a curated file. */
export const storedTypes: Record<ColumnType, string> = {
  [ColumnType.String]: "VARCHAR",
  [ColumnType.Integer]: "BIGINT",
  [ColumnType.Number]: "DOUBLE",
  [ColumnType.Boolean]: "BOOLEAN",
  [ColumnType.Timestamp]: "TIMESTAMP WITH TIME ZONE",
};

/** Name of the table with the values of the data set that a column refers to. */
export const referenceTable = (column: number): string => `reference_${column}`;

const integerTypes = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const fractionTypes = /^(FLOAT|DOUBLE|DECIMAL.*)$/;
const timeTypes = /^(DATE|TIMESTAMP.*)$/;
/** Types of Parquet whose values are read as texts. */
const textTypes =
  /^(VARCHAR|ENUM.*|UUID|BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME.*)$/;

/** Whether values of a type of Parquet can be judged at all; objects, lists and bytes cannot. */
export function isFlatType(type: string): boolean {
  return textTypes.test(type) && !type.endsWith("[]");
}

/** Expressions over one column. */
interface ColumnSql {
  /** The value as a text, or NULL when it is missing; what a reason is made from. */
  text: string;
  /** The value in its stored type, or NULL when it is missing or wrong. */
  stored: string;
  /** Whether there is a value. */
  present: string;
}

const trimmed = (value: string): string =>
  `CASE WHEN ${value} IN (${missingWords.map(sqlText).join(", ")}) THEN NULL ELSE ${value} END`;

/** The engine's own cast wants seconds before an offset. */
const anyTimestamp = (
  text: string,
): string => `CASE WHEN regexp_matches(${text}, ${sqlText(typePatterns.timestamp)}) THEN
    TRY_CAST(CASE WHEN regexp_matches(${text}, '^.{16}[Z+-]') THEN ${text}[1:16] || ':00' || ${text}[17:] ELSE ${text} END
      AS TIMESTAMP WITH TIME ZONE) END`;

/** What a text is in the type of its column; the same as the checks of values in `check-value.ts`, which a test holds against it. */
const parsedTexts: Record<ColumnType, (text: string) => string> = {
  [ColumnType.String]: (text) => text,
  // The pattern is asked only where the short way fails: most integers are written as the engine writes them.
  [ColumnType.Integer]: (text) => `CASE WHEN CAST(TRY_CAST(${text} AS BIGINT) AS VARCHAR) = ${text}
    OR regexp_matches(${text}, ${sqlText(typePatterns.integer)}) THEN TRY_CAST(${text} AS BIGINT) END`,
  // The engine's own cast also takes spaces around a number, underscores in it, and infinity. Comparing texts is cheap.
  [ColumnType.Number]: (text) => `CASE WHEN ${text} >= '+' AND ${text} < ':' AND right(${text}, 1) > ' '
    AND NOT contains(${text}, '_') AND isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`,
  [ColumnType.Boolean]: (text) => `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false END`,
  // Most times look like 2026-01-31T12:00:00Z, which is read much faster by its form than by the patterns.
  [ColumnType.Timestamp]: (text) => `coalesce(CASE WHEN length(${text}) = 20
    THEN CAST(try_strptime(${text}, '%Y-%m-%dT%H:%M:%SZ') AS TIMESTAMP WITH TIME ZONE) END, ${anyTimestamp(text)})`,
};

/** Values that a Parquet file has in a type that fits need no detour over texts. */
function nativeSql(raw: string, type: ColumnType, native: string): ColumnSql | undefined {
  const plain = { present: `${raw} IS NOT NULL`, text: `CAST(${raw} AS VARCHAR)` };
  if (type === ColumnType.Boolean && native === "BOOLEAN") return { ...plain, stored: raw };
  if (type === ColumnType.Integer && integerTypes.test(native)) {
    return { ...plain, stored: `TRY_CAST(${raw} AS BIGINT)` };
  }
  if (type === ColumnType.Number && (integerTypes.test(native) || fractionTypes.test(native))) {
    const stored = `CAST(${raw} AS DOUBLE)`;
    return { ...plain, stored: `CASE WHEN isfinite(${stored}) THEN ${stored} END` };
  }
  if (type === ColumnType.Integer && fractionTypes.test(native)) {
    // Data frames turn integers with a missing value among them into fractions.
    const whole = `CASE WHEN isfinite(CAST(${raw} AS DOUBLE)) AND ${raw} = trunc(${raw}) THEN TRY_CAST(${raw} AS BIGINT) END`;
    return { ...plain, stored: whole, text: `coalesce(CAST(${whole} AS VARCHAR), CAST(${raw} AS VARCHAR))` };
  }
  if (type === ColumnType.Timestamp && timeTypes.test(native)) {
    const time = `CAST(${raw} AS TIMESTAMP WITH TIME ZONE)`;
    return {
      ...plain,
      stored: `CASE WHEN isfinite(${time}) THEN ${time} END`,
      text: `CASE WHEN isfinite(${time}) THEN strftime(${time}, '%Y-%m-%dT%H:%M:%S.%fZ') ELSE 'infinity' END`,
    };
  }
  return undefined;
}

function columnSql(index: number, { type }: ColumnContract, source: RowSource): ColumnSql {
  const raw = `r${index}`;
  const native = source.nativeType(index);
  const direct = native === undefined ? undefined : nativeSql(raw, type, native);
  if (direct !== undefined) return direct;
  const text = native === undefined ? `t${index}` : `CAST(t${index} AS VARCHAR)`;
  return { text, stored: parsedTexts[type](`t${index}`), present: `t${index} IS NOT NULL` };
}

/** Whether the value of a column is wrong. `s0`, `s1`… are the stored values and `present` tells whether there was one. */
function faultSql(index: number, column: ColumnContract, source: RowSource, latest: string): string {
  const { present, text } = columnSql(index, column, source);
  const stored = `s${index}`;
  const limits = [
    ...(column.minimum === undefined ? [] : [`${stored} < ${column.minimum}::DOUBLE`]),
    ...(column.maximum === undefined ? [] : [`${stored} > ${column.maximum}::DOUBLE`]),
    ...(column.allowed === undefined ? [] : [`${isAllowed(text, column.allowed)} IS NULL`]),
    ...(column.type === ColumnType.Timestamp ? [`${stored} > ${latest}`] : []),
    ...(column.references === undefined ? [] : [missesReference(index)]),
  ];
  const wrong = [`${stored} IS NULL`, ...limits].join(" OR ");
  const nested = source.canNest ? `n${index} OR ` : "";
  const missing = column.nullable ? "false" : "true";
  return `${nested}CASE WHEN ${present} THEN coalesce(${wrong}, false) ELSE ${missing} END`;
}

/**
 * Not NULL for the values of a list. A cast looks each one up; `IN` with more than a few would become a join, and rows do
 * not keep their order behind a join.
 */
const isAllowed = (text: string, allowed: readonly string[]): string =>
  allowed.length === 0
    ? "NULL"
    : `TRY_CAST(${text} AS ENUM (${[...new Set(allowed)].map(sqlText).join(", ")}))`;

const missesReference = (index: number): string =>
  `(s${index} IS NOT NULL AND s${index} NOT IN (SELECT value FROM ${referenceTable(index)}))`;

/**
 * False, always. The engine does not know, and so leaves the condition on `faulty` where it stands: it would otherwise
 * move it below the stored values, work these out for the condition, and then again for the result.
 */
const judgeOnce = "random() < 0";

/** Rows with their stored values `s0`, `s1`… and `faulty`, whether the row is bad. */
function judged(source: RowSource, contract: DataContract, latest: Date): string {
  const { columns } = contract;
  const texts = columns.map((column, i) => {
    const native = source.nativeType(i);
    const direct = native !== undefined && nativeSql(`r${i}`, column.type, native) !== undefined;
    const raw = native === undefined ? `r${i}` : `CAST(r${i} AS VARCHAR)`;
    return direct ? `r${i} AS t${i}` : `${trimmed(raw)} AS t${i}`;
  });
  const stored = columns.map((column, i) => `${columnSql(i, column, source).stored} AS s${i}`);
  const at = `TIMESTAMPTZ ${sqlText(latest.toISOString())}`;
  const faults = columns.map((column, i) => `(${faultSql(i, column, source, at)})`);
  return `SELECT *, (row_fault IS NOT NULL OR ${faults.join(" OR ")} OR ${judgeOnce}) AS faulty FROM (
    SELECT *, ${stored.join(", ")} FROM (
      SELECT *, ${texts.join(", ")} FROM (${source.relation})))`;
}

/** What a judged file tells of a bad row, as JSON. */
export type BadRowParts = [
  /** A sentence when the row as a whole is wrong. */
  rowFault: string | null,
  /** The delivered line, where it is at hand. */
  line: string | null,
  /** A character per column: `n` (nested), `r` (not in the referenced data set) or `.` (look at the value). */
  marks: string,
  /** The values as they were delivered. */
  ...texts: (string | null)[],
];

/**
 * All rows in the order of the file, for a file of judged rows: the columns of the curated file and `$bad`, which is
 * NULL for good rows and {@link BadRowParts} for bad ones.
 */
export function judgedRowsSql(source: RowSource, contract: DataContract, latest: Date): string {
  const marks = contract.columns.map((column, i) => {
    const cases = [
      ...(source.canNest ? [`WHEN n${i} THEN 'n'`] : []),
      ...(column.references === undefined ? [] : [`WHEN ${missesReference(i)} THEN 'r'`]),
    ];
    return cases.length === 0 ? "'.'" : `CASE ${cases.join(" ")} ELSE '.' END`;
  });
  const texts = contract.columns.map((column, i) => {
    const { text } = columnSql(i, column, source);
    return source.nativeType(i) === undefined ? `r${i}` : text;
  });
  const stored = contract.columns.map(({ name }, i) => `s${i} AS ${sqlName(name)}`);
  const parts = ["row_fault", "line", `concat(${marks.join(", ")})`, ...texts];
  return `SELECT ${stored.join(", ")}, CASE WHEN faulty THEN to_json([${parts.join(", ")}])::VARCHAR END AS "$bad"
    FROM (${judged(source, contract, latest)})`;
}

const readJudged = (file: string): string => `read_parquet(${sqlText(file)}, file_row_number = true)`;

/** The good rows of a judged file, with their `$position` among all rows; the first is 1. */
export function goodRowsSql(file: string, contract: DataContract): string {
  const names = contract.columns.map(({ name }) => sqlName(name)).join(", ");
  return `(SELECT ${names}, file_row_number + 1 AS "$position" FROM ${readJudged(file)} WHERE "$bad" IS NULL)`;
}

/** The bad rows of a judged file in its order: position and {@link BadRowParts}. */
export function badRowsSql(file: string): string {
  return `SELECT (file_row_number + 1)::DOUBLE, "$bad" FROM ${readJudged(file)} WHERE "$bad" IS NOT NULL`;
}
