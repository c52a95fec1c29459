import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";

import type { DataContract } from "../../../components/contracts/data-contract";
import type { BadRow, QuarantinedRow } from "../../../lambdas/data-validator/bad-rows";
import { FileFormat } from "../../../lambdas/data-validator/file-format";
import type { FileResult } from "../../../lambdas/data-validator/file-result";
import { ValidationRequest, validateFile } from "../../../lambdas/data-validator/validate-file";
import { openEngine, sqlText } from "../../../lambdas/shared/duckdb";

/** A result with the content of its files. */
export interface Checked extends FileResult {
  good: unknown[][];
  bad: QuarantinedRow[];
  reasons: BadRow[];
}

/** The moment at which the tests' deliveries arrive. */
export const now = new Date("2026-06-01T12:00:00Z");

/** Runs work with a folder of its own. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "validator-test-"));
  try {
    return await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs statements of the query engine. @returns the rows of the last one */
export async function sql(...statements: string[]): Promise<unknown[][]> {
  return inFolder(async (folder) => {
    const engine = await openEngine({ memoryMegabytes: 512, folder });
    try {
      for (const statement of statements.slice(0, -1)) await engine.run(statement);
      return (await engine.connection.runAndReadAll(statements.at(-1) ?? "")).getRowsJson();
    } finally {
      engine.close();
    }
  });
}

/** Bytes in pieces of a size, as they come from S3. */
export function inPieces(bytes: Buffer, size: number): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return Readable.from(pieces, { objectMode: false });
}

/** Validates bytes, and reads what was written. */
export async function check(
  content: string | Buffer,
  contract: DataContract,
  request: Partial<ValidationRequest> & { pieceSize?: number } = {},
): Promise<Checked> {
  const { pieceSize = 64 * 1024, ...rest } = request;
  return inFolder(async (folder) => {
    const result = await validateFile({
      file: async () => inPieces(Buffer.from(content), pieceSize),
      kind: { format: FileFormat.Csv, gzip: false },
      contract,
      folder,
      now,
      deliveryId: "delivery",
      ...rest,
    });
    const lines = <T>(file?: string): T[] =>
      file === undefined
        ? []
        : fs
            .readFileSync(file, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as T);
    return {
      ...result,
      good: result.goodFile === undefined ? [] : await sql(`FROM read_parquet(${sqlText(result.goodFile)})`),
      bad: lines(result.badFile),
      reasons: lines(result.reasonsFile),
    };
  });
}

/** A line of CSV. */
export const csvLine = (values: readonly string[]): string =>
  `${values.map((value) => (/[",\r\n]/.test(value) || values.length === 1 ? `"${value.replaceAll('"', '""')}"` : value)).join(",")}\n`;
