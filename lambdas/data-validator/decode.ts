import { Readable, Transform, TransformCallback } from "node:stream";

/** A fault of a file as a whole, in a sentence for the sender of the file. */
export class FileFault extends Error {}

const utf16Marks = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/** Refuses bytes that are not UTF-8 and strips a byte order mark; nothing is silently replaced. */
class StrictUtf8 extends Transform {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });
  private position = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.position === 0 && utf16Marks.some(([a, b]) => chunk[0] === a && chunk[1] === b)) {
      done(new FileFault("The file is encoded in UTF-16; UTF-8 is required."));
      return;
    }
    this.decode(() => this.decoder.decode(chunk, { stream: true }), done);
    this.position += chunk.length;
  }

  override _flush(done: TransformCallback): void {
    this.decode(() => this.decoder.decode(), done);
  }

  private decode(decode: () => string, done: TransformCallback): void {
    let text: string;
    try {
      text = decode();
    } catch {
      done(new FileFault(`The file is not encoded in UTF-8: wrong bytes near byte ${this.position}.`));
      return;
    }
    // Node's streams end at an empty string.
    if (text === "") done();
    else done(null, text);
  }
}

/** The text of a UTF-8 file, without a byte order mark. */
export function decodeUtf8(bytes: Readable): Readable {
  const decoder = new StrictUtf8();
  bytes.on("error", (error) => decoder.destroy(error));
  return bytes.pipe(decoder);
}
