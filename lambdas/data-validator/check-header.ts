import type { DataContract } from "../../components/contracts/data-contract";

/** Positions of the contract's columns in a file. */
export type ColumnPositions = readonly number[];

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/**
 * Compares a header with a contract; the order of the columns does not matter.
 * @returns the faults in words; none means that the header is right
 */
export function headerFaults(header: readonly string[], contract: DataContract): string[] {
  const required = contract.columns.map(({ name }) => name);
  const missing = required.filter((name) => !header.includes(name));
  const extra = header.filter((name) => !required.includes(name));
  const repeated = [...new Set(header.filter((name, i) => header.indexOf(name) !== i))];
  return [
    ...(missing.length > 0 ? [`The header lacks the columns ${quoted(missing)}.`] : []),
    ...(extra.length > 0
      ? [`The header has columns that the contract does not name: ${quoted(extra)}.`]
      : []),
    ...(repeated.length > 0 ? [`The header names these columns more than once: ${quoted(repeated)}.`] : []),
  ];
}

/** Where each column of the contract stands in a header without faults. */
export function columnPositions(header: readonly string[], contract: DataContract): ColumnPositions {
  return contract.columns.map(({ name }) => header.indexOf(name));
}
