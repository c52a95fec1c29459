import { FileFault } from "./file-fault";
import type { FramerSink } from "./csv-framer";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** A byte that no JSON text holds; the query engine takes it for the separator that never comes. */
export const neverInJson = 0x01;

/** Brings JSON Lines into one strict shape: one text per line, LF, no empty lines. Whether they are JSON is not its matter. */
export class LineFramer {
  /** Lines that are not empty. */
  rows = 0;
  /** Lines that were passed on. */
  framedRows = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly sink: Pick<FramerSink, "broken">,
    private readonly lineBytes: number,
  ) {}

  /** @returns the complete lines among the bytes so far */
  push(bytes: Buffer): Buffer {
    const all = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    const out: Buffer[] = [];
    let start = 0;
    for (let end = all.indexOf(lineFeed); end !== -1; end = all.indexOf(lineFeed, start)) {
      this.takeLine(all.subarray(start, end), all.subarray(start, end + 1), out);
      start = end + 1;
    }
    this.rest = Buffer.from(all.subarray(start));
    if (this.rest.length > this.lineBytes) throw this.tooLong();
    return Buffer.concat(out);
  }

  /** @returns the last line when no line break ends it */
  end(): Buffer {
    const out: Buffer[] = [];
    this.takeLine(this.rest, Buffer.concat([this.rest, Buffer.from([lineFeed])]), out);
    this.rest = Buffer.alloc(0);
    return Buffer.concat(out);
  }

  private takeLine(line: Buffer, withBreak: Buffer, out: Buffer[]): void {
    const ended = line.at(-1) === carriageReturn;
    const text = ended ? line.subarray(0, -1) : line;
    if (isBlank(text)) return;
    this.rows++;
    if (text.length > this.lineBytes) throw this.tooLong(0);
    // A carriage return alone would end a row for the query engine, and is no part of a JSON text that was written on one line.
    if (text.includes(neverInJson) || text.includes(carriageReturn)) {
      const reason = "The line is not valid JSON: it has a control character.";
      this.sink.broken({ row: this.rows, line: text.toString("utf8"), reason });
      return;
    }
    this.framedRows++;
    if (ended) out.push(text, Buffer.from([lineFeed]));
    else out.push(withBreak);
  }

  private tooLong(ahead = 1): FileFault {
    return new FileFault(
      `Row ${this.rows + ahead} has more than ${this.lineBytes} bytes; rows of up to ${this.lineBytes} are read.`,
    );
  }
}

function isBlank(text: Buffer): boolean {
  for (const byte of text) if (byte !== 0x20 && byte !== 0x09) return false;
  return true;
}
