import * as fs from "node:fs";
import * as path from "node:path";
import type { Readable } from "node:stream";

import type { DataContract } from "../../components/contracts/data-contract";
import { Engine, sqlText } from "../shared/duckdb";
import { headerFaults } from "./check-header";
import { FileFault, FileFaults } from "./file-fault";
import { isFlatType } from "./judge-sql";
import type { Limits } from "./limits";
import type { PreparedFile } from "./prepare";
import { parquetSource } from "./row-source";

/** `PAR1`, with which every Parquet file begins and ends. */
const mark = Buffer.from("PAR1");
/** Errors of the engine that are no fault of the file. */
const engineFaults =
  /Out of Memory|No space left|Interrupt|INTERNAL|failed to (pin|allocate)|Cannot allocate/i;

/**
 * Stores a file that must be read from its end.
 * @returns its path
 * @throws FileFault when it is larger than allowed
 */
export async function keepFile(bytes: Readable, folder: string, limits: Limits): Promise<string> {
  const file = path.join(folder, "delivered.parquet");
  const descriptor = fs.openSync(file, "w");
  let size = 0;
  try {
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > limits.fileBytes) {
        throw new FileFault(`The file has more than ${limits.fileBytes} bytes; deliver it in smaller files.`);
      }
      fs.writeFileSync(descriptor, piece);
    }
  } finally {
    bytes.destroy();
    fs.closeSync(descriptor);
  }
  return file;
}

/**
 * Looks at a Parquet file before its rows are read.
 * @param brokenFile - path for the list of broken rows, of which there are none
 * @throws FileFault when the file as a whole is wrong
 */
export async function prepareParquet(
  engine: Engine,
  file: string,
  contract: DataContract,
  brokenFile: string,
  limits: Limits,
): Promise<PreparedFile> {
  checkMarks(file);
  fs.writeFileSync(brokenFile, "");
  const literal = sqlText(file);
  const [sizes, columns] = await readingParquet(file, async () => [
    await engine.rows<{ rows: number; bytes: number }>(
      `SELECT (SELECT sum(num_rows) FROM parquet_file_metadata(${literal}))::DOUBLE AS rows,
        coalesce((SELECT sum(total_uncompressed_size) FROM parquet_metadata(${literal})), 0)::DOUBLE AS bytes`,
    ),
    await engine.rows<{ column_name: string; column_type: string }>(
      `SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(${literal}))`,
    ),
  ]);
  const { rows, bytes } = (sizes as { rows: number; bytes: number }[])[0] ?? { rows: 0, bytes: 0 };
  const typed = new Map(
    (columns as { column_name: string; column_type: string }[]).map((column) => [
      column.column_name,
      column.column_type,
    ]),
  );
  const faults = [...headerFaults([...typed.keys()], contract, "schema"), ...typeFaults(typed, contract)];
  if (faults.length > 0) throw new FileFaults(faults);
  if (rows === 0) throw new FileFault("The file has a schema and no rows.");
  if (bytes > limits.decodedBytes) {
    throw new FileFault(
      `The file has ${bytes} bytes once decompressed; at most ${limits.decodedBytes} are read. Deliver it in smaller files.`,
    );
  }
  const types = contract.columns.map(({ name }) => typed.get(name) ?? "");
  return { path: file, source: parquetSource(file, contract, types), rows, framedRows: rows, brokenFile };
}

/**
 * Runs a query over a Parquet file.
 * @throws FileFault when the engine cannot read the file; every other error as it is
 */
export async function readingParquet<T>(file: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof FileFault || engineFaults.test(message)) throw error;
    const [words = ""] = message.replaceAll(file, "the file").split("\n");
    throw new FileFault(`The Parquet file cannot be read: ${words.slice(0, 300)}`);
  }
}

function typeFaults(types: ReadonlyMap<string, string>, contract: DataContract): string[] {
  return contract.columns.flatMap(({ name, type }) => {
    const given = types.get(name);
    if (given === undefined || isFlatType(given)) return [];
    return [`The column ${name} is of the type ${given.slice(0, 100)}; a flat value (${type}) is required.`];
  });
}

function checkMarks(file: string): void {
  const { size } = fs.statSync(file);
  if (size === 0) throw new FileFault("The file is empty; it has 0 bytes.");
  const descriptor = fs.openSync(file, "r");
  try {
    const bytes = (position: number, length: number): Buffer => {
      const buffer = Buffer.alloc(length);
      fs.readSync(descriptor, buffer, 0, length, position);
      return buffer;
    };
    if (!bytes(0, 4).equals(mark))
      throw new FileFault("The file is no Parquet file: it does not begin with PAR1.");
    const isWhole = size >= 12 && bytes(size - 4, 4).equals(mark);
    if (!isWhole || bytes(size - 8, 4).readUInt32LE(0) > size - 12) {
      throw new FileFault("The Parquet file is cut off: its end is missing. Deliver it again.");
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
