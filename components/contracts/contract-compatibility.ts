import type { ColumnContract, DataContract } from "./data-contract";
import { ColumnType } from "./data-contract";

/** What a new version of a contract promises to those who work with the version before. */
export enum Compatibility {
  /** Rows that keep the older version keep the newer one: what lies in the lake stays valid. */
  Backward = "backward",
  /** Rows that keep the newer version keep the older one: readers may be updated after the writers. */
  Forward = "forward",
  /** Both: writers and readers may be updated in any order. */
  Full = "full",
  /** Nothing is promised. */
  None = "none",
}

/**
 * Why a newer version of a contract breaks the promise to the older one: one sentence per fault that names the field,
 * none where the promise holds.
 *
 * A contract is read as the set of rows that keep it. A column that a row does not have counts as missing, and a column
 * that the contract does not name is refused; so an added column must be nullable to be backward compatible, and a
 * removed one never is. What decides over whole deliveries and not over rows (`maximumBadRowShare`, `maximumNullShare` of
 * columns in both versions, `anomalies`, `futureToleranceSeconds`) may change freely.
 */
export function compatibilityFaults(older: DataContract, newer: DataContract, mode: Compatibility): string[] {
  if (mode === Compatibility.None) return [];
  if (older.dataset !== newer.dataset) {
    return [
      `dataset: version ${older.version} is about "${older.dataset}", version ${newer.version} about "${newer.dataset}".`,
    ];
  }
  const named = (contract: DataContract, word: string): Side => ({
    contract,
    name: older.version === newer.version ? `the ${word} version` : `version ${contract.version}`,
  });
  const before = named(older, "older");
  const after = named(newer, "newer");
  return [
    ...(mode === Compatibility.Forward
      ? []
      : refusals(before, after).map((fault) => `${fault} (not backward compatible).`)),
    ...(mode === Compatibility.Backward
      ? []
      : refusals(after, before).map((fault) => `${fault} (not forward compatible).`)),
  ];
}

interface Side {
  contract: DataContract;
  name: string;
}

/** Why rows that keep the writer's contract may be refused by the reader's. */
function refusals(writer: Side, reader: Side): string[] {
  const known = new Map(reader.contract.columns.map((column) => [column.name, column]));
  const written = new Set(writer.contract.columns.map(({ name }) => name));
  return [
    ...writer.contract.columns.flatMap((column) => {
      const counterpart = known.get(column.name);
      return (
        counterpart === undefined
          ? [`${reader.name} does not have the column and refuses rows of ${writer.name}, which do`]
          : columnRefusals(column, counterpart, writer.name, reader.name)
      ).map((fault) => `columns.${column.name}: ${fault}`);
    }),
    ...reader.contract.columns
      .filter((column) => !written.has(column.name) && !mayBeAbsent(column))
      .map(
        ({ name }) =>
          `columns.${name}: ${reader.name} needs values in it, and rows of ${writer.name} do not have the column; make it nullable, without maximumNullShare`,
      ),
    ...keyRefusals(writer, reader),
  ];
}

function mayBeAbsent({ nullable, maximumNullShare }: ColumnContract): boolean {
  return nullable === true && (maximumNullShare ?? 1) === 1;
}

function columnRefusals(
  written: ColumnContract,
  read: ColumnContract,
  writer: string,
  reader: string,
): string[] {
  const widened = written.type === ColumnType.Integer && read.type === ColumnType.Number;
  if (written.type !== read.type && !widened) {
    return [`the type is ${written.type} in ${writer} and ${read.type} in ${reader}`];
  }
  const faults: string[] = [];
  if (written.nullable === true && read.nullable !== true) {
    faults.push(`a value may be missing in ${writer} and not in ${reader}`);
  }
  const minimum = lowest(written);
  if (read.minimum !== undefined && minimum < read.minimum) {
    faults.push(
      `${reader} allows at least ${read.minimum}, ${writer} ${limitText(minimum, "down to", "any smaller value")}`,
    );
  }
  const maximum = highest(written);
  if (read.maximum !== undefined && maximum > read.maximum) {
    faults.push(
      `${reader} allows at most ${read.maximum}, ${writer} ${limitText(maximum, "up to", "any larger value")}`,
    );
  }
  return [
    ...faults,
    ...allowedRefusals(written, read, writer, reader),
    ...referenceRefusals(written, read, writer, reader),
  ];
}

/** Allowed values that the range lets through; undefined when every value of the range is allowed. */
function listed({ allowed, minimum = -Infinity, maximum = Infinity }: ColumnContract): string[] | undefined {
  // Texts are no numbers and have no range: every comparison with NaN is false.
  return allowed?.filter((value) => !(Number(value) < minimum) && !(Number(value) > maximum));
}

/** Smallest value that a column may hold. */
function lowest(column: ColumnContract): number {
  return Math.min(...(listed(column)?.map(Number) ?? [column.minimum ?? -Infinity]));
}

/** Largest value that a column may hold. */
function highest(column: ColumnContract): number {
  return Math.max(...(listed(column)?.map(Number) ?? [column.maximum ?? Infinity]));
}

function limitText(limit: number, word: string, unlimited: string): string {
  return Number.isFinite(limit) ? `${word} ${limit}` : unlimited;
}

function allowedRefusals(
  written: ColumnContract,
  read: ColumnContract,
  writer: string,
  reader: string,
): string[] {
  if (read.allowed === undefined) return [];
  const possible = listed(written);
  if (possible === undefined) {
    return [`${reader} allows ${quoted(read.allowed)} only, ${writer} any value`];
  }
  const surplus = possible.filter((value) => !read.allowed?.includes(value));
  return surplus.length === 0 ? [] : [`${writer} allows ${quoted(surplus)}, ${reader} does not`];
}

function referenceRefusals(
  written: ColumnContract,
  read: ColumnContract,
  writer: string,
  reader: string,
): string[] {
  const text = (column: ColumnContract): string | undefined =>
    column.references && `${column.references.dataset}.${column.references.column}`;
  const needed = text(read);
  if (needed === undefined || needed === text(written)) return [];
  return [`${reader} allows values of ${needed} only, ${writer} ${text(written) ?? "any value"}`];
}

/** Rows that are unique by some columns are unique by more columns too, not by fewer. */
function keyRefusals(writer: Side, reader: Side): string[] {
  const read = reader.contract.primaryKey;
  const written = writer.contract.primaryKey;
  if (read === undefined || written?.every((name) => read.includes(name))) return [];
  return [
    `primaryKey: rows are unique by ${read.join(", ")} in ${reader.name} and by ${written?.join(", ") ?? "nothing"} in ${writer.name}`,
  ];
}

const listedValues = 5;

function quoted(values: string[]): string {
  const shown = values.slice(0, listedValues).map((value) => `"${value}"`);
  const rest = values.length - shown.length;
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
