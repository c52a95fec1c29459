import * as fs from "node:fs";
import * as path from "node:path";
import type { Readable } from "node:stream";

import type { DataContract } from "../../components/contracts/data-contract";
import { headerFaults } from "./check-header";
import { CsvFramer } from "./csv-framer";
import { decodeText } from "./decode";
import { FileFault, FileFaults } from "./file-fault";
import { FileFormat } from "./file-format";
import type { Limits } from "./limits";
import { LineFramer } from "./line-framer";
import { LineWriter } from "./line-writer";
import { csvSource, FramedFile, jsonLinesSource, RowSource } from "./row-source";

/** A file that is ready to be judged. */
export interface PreparedFile {
  /** File that the source reads. */
  path: string;
  source: RowSource;
  /** All rows, broken ones too. */
  rows: number;
  /** Rows that the source has. */
  framedRows: number;
  /** File of the rows that could not be framed, as lines of JSON (`BrokenRow`). */
  brokenFile: string;
}

/** A text file to prepare. */
export interface TextFile {
  format: FileFormat.Csv | FileFormat.JsonLines;
  gzip: boolean;
  /** Path of the bytes as they were delivered, or what opens them. */
  file: string | (() => Promise<Readable>);
}

/**
 * Decodes a text file and brings it into a strict shape, in one pass and with little memory. It stops reading at the
 * first fault of the file as a whole.
 * @throws FileFault when the file as a whole is wrong
 */
export async function prepareText(
  file: TextFile,
  contract: DataContract,
  folder: string,
  limits: Limits,
): Promise<PreparedFile> {
  const framedPath = path.join(folder, "framed");
  const broken = new LineWriter(path.join(folder, "broken.jsonl"));
  let header: readonly string[] | undefined;
  const sink = {
    header: (fields: readonly string[]) => {
      const faults = headerFaults(fields, contract);
      if (faults.length > 0) throw new FileFaults(faults);
      header = fields;
    },
    broken: (row: unknown) => broken.writeJson(row),
  };
  const csv = file.format === FileFormat.Csv;
  const framer = csv ? new CsvFramer(sink, limits.lineBytes) : new LineFramer(sink, limits.lineBytes);
  try {
    const bytes = typeof file.file === "string" ? fs.createReadStream(file.file) : await file.file();
    await frame(bytes, file.gzip, framer, framedPath, limits);
  } finally {
    broken.close();
  }
  if (csv && header === undefined) {
    throw new FileFault("The file is empty; it needs a header and at least one row.");
  }
  if (framer.rows === 0) {
    throw new FileFault(
      csv ? "The file has a header and no rows." : "The file is empty; it needs at least one row.",
    );
  }
  const framed: FramedFile = {
    path: framedPath,
    lineBytes: limits.lineBytes,
    hasQuotedBreaks: framer instanceof CsvFramer && framer.hasQuotedBreaks,
  };
  const positions = contract.columns.map(({ name }) => header?.indexOf(name) ?? 0);
  return {
    path: framedPath,
    source: csv ? csvSource(framed, positions) : jsonLinesSource(framed, contract),
    rows: framer.rows,
    framedRows: framer.framedRows,
    brokenFile: broken.path,
  };
}

async function frame(
  bytes: Readable,
  gzip: boolean,
  framer: CsvFramer | LineFramer,
  output: string,
  limits: Limits,
): Promise<void> {
  const descriptor = fs.openSync(output, "w");
  try {
    for await (const piece of decodeText(bytes, gzip, limits)) writeAll(descriptor, framer.push(piece));
    writeAll(descriptor, framer.end());
  } finally {
    bytes.destroy();
    fs.closeSync(descriptor);
  }
}

/** A write may take a part only. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(descriptor, bytes, done);
}
