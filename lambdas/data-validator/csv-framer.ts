import { FileFault } from "./file-fault";

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

enum State {
  FieldStart,
  Plain,
  Quoted,
  /** Behind a quotation mark within a quoted field: its end, or the first half of a doubled one. */
  AfterQuote,
}

/** A row that has not as many fields as the header. */
export interface BrokenRow {
  /** The first row after the header is 1. */
  row: number;
  line: string;
  reason: string;
}

/** Takes what a framer finds. */
export interface FramerSink {
  /** Fields of the header, quotation marks taken off. @throws FileFault when the header is wrong */
  header(fields: readonly string[]): void;
  broken(row: BrokenRow): void;
}

/**
 * Brings CSV into one strict shape (RFC 4180 with LF, no empty lines, no header, every row as wide as the header), so
 * that what comes after reads it without guessing, and counts its rows.
 */
export class CsvFramer {
  /** Rows after the header, broken ones too. */
  rows = 0;
  /** Rows that were passed on. */
  framedRows = 0;
  /** Whether a quoted field held a line break. */
  hasQuotedBreaks = false;
  private width = 0;
  private state = State.FieldStart;
  private fields = 1;
  private out = Buffer.allocUnsafe(128 * 1024);
  private written = 0;
  private rowStart = 0;
  private headerSeen = false;

  constructor(
    private readonly sink: FramerSink,
    private readonly lineBytes: number,
  ) {}

  /** @returns the complete rows among the bytes so far; valid until the next call */
  push(bytes: Buffer): Buffer {
    this.makeRoom(bytes.length + 1);
    const hasOnlyPlainRows = this.headerSeen && !bytes.includes(quote) && !bytes.includes(carriageReturn);
    let i = 0;
    while (i < bytes.length) {
      const atRowStart = this.written === this.rowStart && this.state === State.FieldStart;
      if (hasOnlyPlainRows && atRowStart) i += this.takePlainRows(bytes, i);
      i = this.takeBytes(bytes, i, hasOnlyPlainRows);
    }
    if (this.written - this.rowStart > this.lineBytes) throw this.tooLong();
    return this.takeRows();
  }

  /**
   * Takes bytes one by one.
   * @param untilRowEnds - whether to stop behind the next line break
   * @returns where it stopped
   */
  private takeBytes(bytes: Buffer, start: number, untilRowEnds: boolean): number {
    const { out } = this;
    let { written, state } = this;
    for (let i = start; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte > quote && byte !== comma && state < State.AfterQuote) {
        if (state === State.FieldStart) state = State.Plain;
        out[written++] = byte;
        continue;
      }
      this.written = written;
      this.state = state;
      this.special(byte);
      if (untilRowEnds && byte === lineFeed) return i + 1;
      ({ written, state } = this);
    }
    this.written = written;
    this.state = state;
    return bytes.length;
  }

  /**
   * Takes complete rows as they are, as long as they are as wide as the header. Most files are made of such rows alone,
   * and to look for their commas and line breaks is all that they need.
   * @param bytes - without a quotation mark or a carriage return
   * @returns how many bytes were taken
   */
  private takePlainRows(bytes: Buffer, start: number): number {
    const { width, lineBytes } = this;
    let fields = 1;
    let rows = 0;
    let end = start;
    for (let i = start; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte === comma) fields++;
      else if (byte === lineFeed) {
        if (fields !== width || i === end || i - end > lineBytes) break;
        rows++;
        fields = 1;
        end = i + 1;
      }
    }
    bytes.copy(this.out, this.written, start, end);
    this.written += end - start;
    this.rowStart = this.written;
    this.rows += rows;
    this.framedRows += rows;
    return end - start;
  }

  /** @returns the last row when no line break ends it */
  end(): Buffer {
    this.makeRoom(1);
    if (this.state === State.Quoted) {
      throw new FileFault(
        `The file is not well-formed CSV: a quotation mark that opens in row ${this.rows + 1} is never closed.`,
      );
    }
    if (this.written > this.rowStart) this.endRow();
    return this.takeRows();
  }

  private special(byte: number): void {
    const { state } = this;
    if (state === State.Quoted) {
      if (byte === quote) this.state = State.AfterQuote;
      else if (byte === lineFeed || byte === carriageReturn) this.hasQuotedBreaks = true;
      this.out[this.written++] = byte;
      return;
    }
    if (byte === comma) {
      this.fields++;
      this.state = State.FieldStart;
    } else if (byte === lineFeed || byte === carriageReturn) {
      // Empty lines are no rows, and neither is what stands between CR and LF.
      if (this.written > this.rowStart) this.endRow();
      return;
    } else if (byte === quote) {
      if (state === State.Plain) throw this.strayQuote("within an unquoted field");
      this.state = State.Quoted;
    } else if (state === State.AfterQuote) throw this.strayQuote("before the end of a field");
    else this.state = State.Plain;
    this.out[this.written++] = byte;
  }

  private strayQuote(where: string): FileFault {
    return new FileFault(
      `The file is not well-formed CSV: row ${this.rows + 1} has a quotation mark ${where}. Fields with quotation marks must be quoted, and their marks doubled.`,
    );
  }

  private tooLong(): FileFault {
    const open =
      this.state === State.Quoted ? " A quotation mark in it is open; it is probably never closed." : "";
    return new FileFault(
      `Row ${this.rows + 1} has more than ${this.lineBytes} bytes; rows of up to ${this.lineBytes} are read.${open}`,
    );
  }

  private endRow(): void {
    if (this.written - this.rowStart > this.lineBytes) throw this.tooLong();
    if (!this.headerSeen) this.takeHeader();
    else if (this.fields !== this.width) this.dropRow();
    else {
      this.rows++;
      this.framedRows++;
      this.out[this.written++] = lineFeed;
      this.rowStart = this.written;
    }
    this.fields = 1;
    this.state = State.FieldStart;
  }

  private takeHeader(): void {
    this.headerSeen = true;
    this.width = this.fields;
    const line = this.out.toString("utf8", this.rowStart, this.written);
    this.written = this.rowStart;
    this.sink.header(splitRow(line));
  }

  private dropRow(): void {
    this.rows++;
    const line = this.out.toString("utf8", this.rowStart, this.written);
    const reason = `The row has ${this.fields} ${this.fields === 1 ? "field" : "fields"}; the header has ${this.width}.`;
    this.written = this.rowStart;
    this.sink.broken({ row: this.rows, line, reason });
  }

  private takeRows(): Buffer {
    // The bytes stay where they are until the next call makes room.
    return this.out.subarray(0, this.rowStart);
  }

  /** Moves the row that is not complete to the front, behind which the next bytes fit. */
  private makeRoom(bytes: number): void {
    const rest = this.written - this.rowStart;
    if (rest + bytes + 1 > this.out.length) {
      const larger = Buffer.allocUnsafe((rest + bytes + 1) * 2);
      this.out.copy(larger, 0, this.rowStart, this.written);
      this.out = larger;
    } else this.out.copyWithin(0, this.rowStart, this.written);
    this.rowStart = 0;
    this.written = rest;
  }
}

/** Fields of one well-formed row. */
function splitRow(line: string): string[] {
  const field = /"((?:[^"]|"")*)"|([^,]*)/y;
  const values: string[] = [];
  for (let position = 0; position <= line.length; position = field.lastIndex + 1) {
    field.lastIndex = position;
    const [, quoted, plain = ""] = field.exec(line) ?? [];
    values.push(quoted?.replaceAll('""', '"') ?? plain);
  }
  return values;
}
