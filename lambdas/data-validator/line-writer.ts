import * as fs from "node:fs";

/** Bytes that are kept before they are written. */
const bufferBytes = 256 * 1024;

/** Writes a file in pieces; what is in memory never grows beyond a buffer. */
export class LineWriter {
  /** Lines that were written. */
  lines = 0;
  private readonly descriptor: number;
  private pending: string[] = [];
  private pendingLength = 0;

  constructor(readonly path: string) {
    this.descriptor = fs.openSync(path, "w");
  }

  /** Appends a value as one line of JSON. */
  writeJson(value: unknown): void {
    const line = `${JSON.stringify(value)}\n`;
    this.pending.push(line);
    this.pendingLength += line.length;
    this.lines++;
    if (this.pendingLength > bufferBytes) this.flush();
  }

  /** Writes what is left. @throws Error when the disk does not take it */
  close(): void {
    try {
      this.flush();
    } finally {
      fs.closeSync(this.descriptor);
    }
  }

  private flush(): void {
    if (this.pending.length > 0) fs.writeFileSync(this.descriptor, this.pending.join(""));
    this.pending = [];
    this.pendingLength = 0;
  }
}

/** Lines of a file, one after the other; each ends with a line break. */
export async function* readLines(path: string): AsyncGenerator<string, void> {
  let rest = "";
  for await (const piece of fs.createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Values of a file of JSON lines, one after the other. */
export async function* readJsonLines<T>(path: string): AsyncGenerator<T, void> {
  for await (const line of readLines(path)) yield JSON.parse(line) as T;
}
