import * as fc from "fast-check";

import { ColumnContract, ColumnType, DataContract } from "../../../components/contracts/data-contract";

/** A row as JSON; an absent value is a missing one. */
export type Row = Record<string, string | number | boolean | null>;

/** Values of the tables that columns may refer to. */
const referenced: Record<string, string[]> = {
  "airports.code": ["a", "b", "1", "2"],
  "cities.code": ["a", "1"],
};

function valueKeeps(value: Row[string] | undefined, column: ColumnContract): boolean {
  if (value === undefined || value === null) return column.nullable === true;
  const typed: Record<ColumnType, boolean> = {
    [ColumnType.String]: typeof value === "string" && !/^\d{4}-/.test(value),
    [ColumnType.Timestamp]: typeof value === "string" && /^\d{4}-/.test(value),
    [ColumnType.Integer]: Number.isInteger(value),
    [ColumnType.Number]: typeof value === "number",
    [ColumnType.Boolean]: typeof value === "boolean",
  };
  const { allowed, references } = column;
  return (
    typed[column.type] &&
    !(typeof value === "number" && value < (column.minimum ?? -Infinity)) &&
    !(typeof value === "number" && value > (column.maximum ?? Infinity)) &&
    (allowed === undefined || allowed.includes(String(value))) &&
    (references === undefined ||
      referenced[`${references.dataset}.${references.column}`]!.includes(String(value)))
  );
}

/** Whether rows keep a contract, written as plainly as possible. */
export function rowsKeep(rows: Row[], { columns, primaryKey }: DataContract): boolean {
  const known = columns.map(({ name }) => name);
  const keys = rows.map((row) => JSON.stringify(primaryKey?.map((name) => row[name])));
  return (
    rows.every((row) => Object.keys(row).every((name) => known.includes(name))) &&
    rows.every((row) => columns.every((column) => valueKeeps(row[column.name], column))) &&
    (primaryKey === undefined || new Set(keys).size === keys.length)
  );
}

const candidates: Row[string][] = [
  ...["a", "b", "c", "d", "e", "2026-11-23T00:00:00Z", true, false],
  ...[-9, -4, -3, -2, -1, 0, 0.5, 1, 2, 3, 4, 9],
];

/** Few rows that keep a contract. */
export function rowsOf(contract: DataContract): fc.Arbitrary<Row[]> {
  const fields = contract.columns.map((column) => {
    const fitting = candidates.filter((value) => valueKeeps(value, column));
    const missing: Row[string][] = column.nullable === true ? [null] : [];
    return { name: column.name, values: [...fitting, ...missing], mayBeAbsent: column.nullable === true };
  });
  // A contract that no value keeps has no rows, and every other contract accepts all of them.
  if (fields.some(({ values }) => values.length === 0)) return fc.constant([]);
  const row = fc.record(
    Object.fromEntries(fields.map(({ name, values }) => [name, fc.constantFrom(...values)])),
    { requiredKeys: fields.filter(({ mayBeAbsent }) => !mayBeAbsent).map(({ name }) => name) },
  ) as fc.Arbitrary<Row>;
  return fc.array(row, { maxLength: 3 }).map((rows) => {
    const kept: Row[] = [];
    for (const candidate of rows) if (rowsKeep([...kept, candidate], contract)) kept.push(candidate);
    return kept;
  });
}
