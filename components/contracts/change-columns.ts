import { ColumnType, DataContract } from "./data-contract";

/** Columns that database change capture puts beside those of the table. */
export enum ChangeColumn {
  /** What happened to the row: `I` inserted or loaded, `U` updated, `D` deleted. The name is fixed by the service. */
  Operation = "Op",
  /** When the change was committed; for loaded rows, when they were loaded. */
  ChangedAt = "changed_at",
  /** Order of the change; `load` for loaded rows. */
  Sequence = "change_sequence",
}

/**
 * The contract of what change capture delivers for a table: the table's columns with those of {@link ChangeColumn}. A
 * change of a row is a record of its own, so the primary key becomes that of the change. Of a deleted row only the key is
 * sure to be known, so every other column may be missing.
 * @param table - contract of the table's rows
 * @throws Error when the table has a column of one of these names
 */
export function withChangeColumns(table: DataContract): DataContract {
  const added: string[] = Object.values(ChangeColumn);
  const taken = table.columns.find(({ name }) => added.includes(name));
  if (taken !== undefined) {
    throw new Error(
      `The table of the data set ${table.dataset} has a column "${taken.name}", which change capture adds; rename it in the database or in the selection.`,
    );
  }
  const key = table.primaryKey ?? [];
  return {
    ...table,
    columns: [
      { name: ChangeColumn.Operation, type: ColumnType.String, allowed: ["I", "U", "D"] },
      ...table.columns.map((column) => (key.includes(column.name) ? column : { ...column, nullable: true })),
      { name: ChangeColumn.ChangedAt, type: ColumnType.Timestamp },
      { name: ChangeColumn.Sequence, type: ColumnType.String },
    ],
    ...(key.length === 0
      ? {}
      : { primaryKey: [...key, ChangeColumn.ChangedAt, ChangeColumn.Sequence, ChangeColumn.Operation] }),
  };
}
