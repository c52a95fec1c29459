import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { finished } from "node:stream/promises";

import type { RowSink } from "./validate-csv";

/** Bad rows of which the reasons are listed; further ones are counted, and stand in the quarantined file. */
export const mostListedRows = 100_000;

/** One bad row in the list of reasons. */
export interface BadRow {
  /** Number of the row in the delivered file; the first row after the header is 1. */
  row: number;
  reasons: string[];
}

/** A line of CSV (RFC 4180, with LF). */
export function csvLine(values: readonly string[]): string {
  const cells = values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value));
  return `${cells.join(",")}\n`;
}

/** Keeps judged rows in files of a folder, because whether the good rows may go on is known only at the end. */
export class RowFiles implements RowSink {
  readonly goodFile: string;
  readonly badFile: string;
  /** The reasons as members of a JSON array, without its brackets. */
  readonly reasonsFile: string;
  private readonly streams: Record<"good" | "bad" | "reasons", LineFile>;
  private listed = 0;

  /** @param header - columns of the contract, in its order */
  constructor(
    folder: string,
    private readonly header: readonly string[],
  ) {
    this.goodFile = path.join(folder, "good.csv");
    this.badFile = path.join(folder, "bad.csv");
    this.reasonsFile = path.join(folder, "reasons.json");
    this.streams = {
      good: new LineFile(this.goodFile),
      bad: new LineFile(this.badFile),
      reasons: new LineFile(this.reasonsFile),
    };
  }

  async good(values: readonly string[]): Promise<void> {
    await this.streams.good.write((this.streams.good.isEmpty ? csvLine(this.header) : "") + csvLine(values));
  }

  async bad(row: number, fields: readonly string[], reasons: readonly string[]): Promise<void> {
    await this.streams.bad.write(csvLine(fields));
    if (this.listed++ >= mostListedRows) return;
    const entry: BadRow = { row, reasons: [...reasons] };
    await this.streams.reasons.write(`${this.listed > 1 ? ",\n" : ""}${JSON.stringify(entry)}`);
  }

  /**
   * Writes out what is still in memory.
   * @throws Error when anything could not be written, for example because the disk is full
   */
  async close(): Promise<void> {
    const ends = await Promise.allSettled(Object.values(this.streams).map((stream) => stream.close()));
    const failure = ends.find((end) => end.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }
}

/** A file that is written in pieces and keeps its first error for whoever writes or closes next. */
class LineFile {
  isEmpty = true;
  private readonly stream: fs.WriteStream;
  private failure: Error | undefined;

  constructor(file: string) {
    this.stream = fs.createWriteStream(file, { fd: fs.openSync(file, "w") });
    // Without a listener an error between two writes would end the process.
    this.stream.on("error", (error) => (this.failure ??= error));
  }

  async write(text: string): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.isEmpty = false;
    if (!this.stream.write(text)) await once(this.stream, "drain");
  }

  async close(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.stream.end();
    await finished(this.stream);
  }
}
