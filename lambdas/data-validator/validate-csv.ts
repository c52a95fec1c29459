import type { Readable } from "node:stream";

import { CsvError, parse } from "csv-parse";

import type { DataContract } from "../../components/contracts/data-contract";
import { ColumnPositions, columnPositions, headerFaults } from "./check-header";
import { isMissing, valueFault } from "./check-value";
import { decodeUtf8, FileFault } from "./decode";
import { SeenKeys } from "./duplicates";

/** Takes the rows as they are judged. */
export interface RowSink {
  /** A good row: its values in the order of the contract's columns. */
  good(values: readonly string[]): Promise<void>;
  /** A bad row: its number (the first row after the header is 1), its fields as delivered, and what is wrong. */
  bad(row: number, fields: readonly string[], reasons: readonly string[]): Promise<void>;
}

/** What the check of a file found. */
export interface ValidationResult {
  /** Faults of the file as a whole; when there is one, the counts are of the rows before it. */
  fileFaults: string[];
  totalRows: number;
  goodRows: number;
  badRows: number;
}

/** Longest row in bytes; a longer one is almost surely an open quotation mark. */
const longestRow = 1024 * 1024;
/** Keys of more rows would not fit into the function's memory. */
export const mostRows = 5_000_000;

/**
 * Checks a CSV file row by row against a contract. Memory does not grow with the file, but for a short hash per row
 * where the contract has a primary key.
 */
export async function validateCsv(
  bytes: Readable,
  contract: DataContract,
  sink: RowSink,
): Promise<ValidationResult> {
  const result: ValidationResult = { fileFaults: [], totalRows: 0, goodRows: 0, badRows: 0 };
  const parser = parse({
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
    // Named, because the parser would go by the first line alone, and files put together from others mix them.
    record_delimiter: ["\r\n", "\n", "\r"],
  });
  const text = decodeUtf8(bytes);
  text.on("error", (error) => parser.destroy(error));
  try {
    let judge: RowJudge | undefined;
    for await (const fields of text.pipe(parser) as AsyncIterable<string[]>) {
      if (judge === undefined) judge = startJudge(fields, contract);
      else await count(result, judge, fields, sink);
    }
    if (judge === undefined)
      result.fileFaults.push("The file is empty; it needs a header and at least one row.");
    else if (result.totalRows === 0) result.fileFaults.push("The file has a header and no rows.");
  } catch (error) {
    result.fileFaults.push(...describe(error));
  } finally {
    bytes.destroy();
  }
  return result;
}

/** Several faults of a header at once. */
class HeaderFault extends FileFault {
  constructor(readonly faults: string[]) {
    super(faults.join(" "));
  }
}

function startJudge(header: readonly string[], contract: DataContract): RowJudge {
  const faults = headerFaults(header, contract);
  if (faults.length > 0) throw new HeaderFault(faults);
  return new RowJudge(header.length, columnPositions(header, contract), contract);
}

async function count(
  result: ValidationResult,
  judge: RowJudge,
  fields: string[],
  sink: RowSink,
): Promise<void> {
  if (result.totalRows === mostRows) {
    throw new FileFault(`The file has more than ${mostRows} rows; deliver it in smaller files.`);
  }
  result.totalRows++;
  const reasons = judge.reasons(fields);
  if (reasons.length === 0) {
    result.goodRows++;
    await sink.good(judge.inContractOrder(fields));
  } else {
    result.badRows++;
    await sink.bad(result.totalRows, fields, reasons);
  }
}

/** Errors of the file are answers; all others, of S3 or of the disk, must fail the call so that it is tried again. */
function describe(error: unknown): string[] {
  if (error instanceof HeaderFault) return error.faults;
  if (error instanceof FileFault) return [error.message];
  if (error instanceof CsvError) return [`The file is not well-formed CSV: ${error.message}.`];
  throw error;
}

/** Judges rows, one after the other. */
class RowJudge {
  private readonly keys = new SeenKeys();
  private readonly keyPositions: number[];

  constructor(
    private readonly width: number,
    private readonly positions: ColumnPositions,
    private readonly contract: DataContract,
  ) {
    const names = contract.columns.map(({ name }) => name);
    this.keyPositions = (contract.primaryKey ?? []).map((name) => positions[names.indexOf(name)] ?? -1);
  }

  reasons(fields: readonly string[]): string[] {
    if (fields.length !== this.width)
      return [`The row has ${fields.length} fields; the header has ${this.width}.`];
    const faults = this.contract.columns.map((column, i) => valueFault(this.field(fields, i), column));
    return [...faults, this.duplicateFault(fields)].filter((fault) => fault !== undefined);
  }

  inContractOrder(fields: readonly string[]): string[] {
    return this.positions.map((position) => fields[position] ?? "");
  }

  private field(fields: readonly string[], column: number): string {
    return fields[this.positions[column] ?? -1] ?? "";
  }

  private duplicateFault(fields: readonly string[]): string | undefined {
    if (this.keyPositions.length === 0) return undefined;
    const key = this.keyPositions.map((position) => fields[position] ?? "");
    // A row without a key is named as such already; two of them are not each other's duplicates.
    if (key.every(isMissing)) return undefined;
    if (!this.keys.addAndTell(key)) return undefined;
    return `The row repeats the key ${this.contract.primaryKey?.join(", ")} of an earlier row.`;
  }
}
