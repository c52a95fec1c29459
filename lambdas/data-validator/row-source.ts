import type { DataContract } from "../../components/contracts/data-contract";
import { sqlName, sqlText, sqlTexts } from "../shared/duckdb";

/** Rows as they were delivered, for the query engine. */
export interface RowSource {
  /**
   * A relation in the order of the file: per column of the contract `r0`, `r1`… (the value as delivered) and, where a value can be nested, `n0`, `n1`…; `row_fault` (a sentence when the row
   * as a whole is wrong) and `line` (the delivered line, where it is at hand).
   */
  relation: string;
  /** Type that the column has in a Parquet file; undefined for texts. */
  nativeType(column: number): string | undefined;
  /** Whether a value can be an object or an array. */
  canNest: boolean;
}

/** A framed text file. */
export interface FramedFile {
  path: string;
  /** Longest line in bytes. */
  lineBytes: number;
  /** Whether rows must be read one after the other, because a line break may stand in a value. */
  hasQuotedBreaks: boolean;
}

const mebibyte = 1024 * 1024;

function readCsv({ path, lineBytes, hasQuotedBreaks }: FramedFile, options: string[]): string {
  const bufferBytes = Math.max(4 * mebibyte, 2 * lineBytes);
  return `read_csv(${[
    sqlText(path),
    "auto_detect = false",
    "header = false",
    "new_line = '\\n'",
    "strict_mode = true",
    `max_line_size = ${lineBytes + 16}`,
    `buffer_size = ${bufferBytes}`,
    `parallel = ${!hasQuotedBreaks}`,
    ...options,
  ].join(", ")})`;
}

/**
 * Rows of a framed CSV file.
 * @param positions - for every column of the contract its place in the file
 */
export function csvSource(file: FramedFile, positions: readonly number[]): RowSource {
  const columns = positions.map((_, i) => `'f${i}': 'VARCHAR'`).join(", ");
  const reader = readCsv(file, ["delim = ','", "quote = '\"'", "escape = '\"'", `columns = {${columns}}`]);
  const values = positions.map((place, column) => `f${place} AS r${column}`).join(", ");
  return {
    relation: `SELECT ${values}, NULL::VARCHAR AS row_fault, NULL::VARCHAR AS line FROM ${reader}`,
    nativeType: () => undefined,
    canNest: false,
  };
}

/** Rows of a framed JSON Lines file. */
export function jsonLinesSource(file: FramedFile, contract: DataContract): RowSource {
  // The separator never comes, as the framer lets no such byte through.
  const reader = readCsv(file, [
    "delim = '\x01'",
    "quote = ''",
    "escape = ''",
    "columns = {'line': 'VARCHAR'}",
  ]);
  const names = sqlTexts(contract.columns.map(({ name }) => name));
  const pointers = sqlTexts(
    contract.columns.map(({ name }) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
  const parsed = (expression: string): string => `CASE WHEN valid THEN ${expression} END`;
  const values = contract.columns
    .map(
      (_, i) => `texts[${i + 1}] AS r${i}, coalesce(types[${i + 1}] IN ('OBJECT', 'ARRAY'), false) AS n${i}`,
    )
    .join(", ");
  const rowFault = `CASE
    WHEN NOT valid THEN 'The line is not valid JSON.'
    WHEN kind <> 'OBJECT' THEN 'The line holds no JSON object.'
    WHEN NOT list_has_all(${names}, keys) THEN 'The row has columns that the contract does not name: "'
      || array_to_string(list_transform(list_filter(keys, lambda k: NOT list_contains(${names}, k))[1:5], lambda k: k[1:60]), '", "') || '".'
    WHEN len(keys) <> len(list_distinct(keys)) THEN 'The row names a column more than once.' END`;
  return {
    relation: `SELECT ${values}, ${rowFault} AS row_fault, line FROM (
      SELECT *, ${parsed("json_type(line)")} AS kind, ${parsed("json_keys(line)")} AS keys,
        ${parsed(`json_type(line, ${pointers})`)} AS types,
        ${parsed(`json_extract_string(line, ${pointers})`)} AS texts
      FROM (SELECT line, json_valid(line) AS valid FROM ${reader}))`,
    nativeType: () => undefined,
    canNest: true,
  };
}

/**
 * Rows of a Parquet file.
 * @param types - for every column of the contract its type in the file, as the query engine names it
 */
export function parquetSource(path: string, contract: DataContract, types: readonly string[]): RowSource {
  const values = contract.columns.map(({ name }, i) => `${sqlName(name)} AS r${i}`).join(", ");
  return {
    relation: `SELECT ${values}, NULL::VARCHAR AS row_fault, NULL::VARCHAR AS line FROM read_parquet(${sqlText(path)})`,
    nativeType: (column) => (types[column] === "VARCHAR" ? undefined : types[column]),
    canNest: false,
  };
}
