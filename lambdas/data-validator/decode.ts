import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import * as zlib from "node:zlib";

import { FileFault } from "./file-fault";
import type { Limits } from "./limits";

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);
const utf16Marks = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
/** Codes of zlib for bytes that are no gzip, or that end too early. */
const gzipFaults = new Set(["Z_DATA_ERROR", "Z_BUF_ERROR"]);

/**
 * The bytes of a text file in pieces: decompressed, checked to be UTF-8 without a NUL, without a byte order mark.
 * Nothing is silently replaced. The source is destroyed when the reader stops early.
 * @throws FileFault for bytes that are something else, or too many
 */
export async function* decodeText(
  source: Readable,
  gzip: boolean,
  limits: Pick<Limits, "decodedBytes">,
): AsyncGenerator<Buffer, void> {
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of gzip ? gunzip(source) : (source as AsyncIterable<Buffer>)) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    if (position === 0) {
      // A mark could be cut by the border of two pieces.
      if (bytes.length < utf8Mark.length) {
        rest = bytes;
        continue;
      }
      refuseUtf16(bytes);
      if (bytes.subarray(0, 3).equals(utf8Mark)) {
        bytes = bytes.subarray(3);
        position += 3;
      }
    }
    const end = bytes.length - cutCharacter(bytes);
    checkText(bytes.subarray(0, end), position);
    position += end;
    if (position > limits.decodedBytes) {
      throw new FileFault(
        `The file has more than ${limits.decodedBytes} bytes${gzip ? " once decompressed" : ""}; deliver it in smaller files.`,
      );
    }
    rest = bytes.subarray(end);
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (rest.length === 0) return;
  if (position === 0) refuseUtf16(rest);
  if (position === 0 && rest.equals(utf8Mark)) return;
  checkText(rest, position);
  yield rest;
}

async function* gunzip(source: Readable): AsyncGenerator<Buffer, void> {
  // Errors of both ends arrive here through the loop; the callback only keeps them from ending the process.
  const unzipped = pipeline(source, zlib.createGunzip(), () => undefined);
  try {
    for await (const piece of unzipped as AsyncIterable<Buffer>) yield piece;
  } catch (error) {
    if (gzipFaults.has((error as NodeJS.ErrnoException).code ?? "")) {
      throw new FileFault(`The file cannot be decompressed with gzip: ${(error as Error).message}.`);
    }
    throw error;
  }
}

function refuseUtf16(bytes: Buffer): void {
  if (utf16Marks.some((mark) => bytes.subarray(0, 2).equals(mark))) {
    throw new FileFault("The file is encoded in UTF-16; UTF-8 is required.");
  }
}

/** Bytes at the end that begin a character of UTF-8 without completing it. */
function cutCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}

function checkText(bytes: Buffer, position: number): void {
  if (!isUtf8(bytes)) {
    throw new FileFault(`The file is not encoded in UTF-8: wrong bytes near byte ${position}.`);
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) throw new FileFault(`The file has a NUL at byte ${position + nul}; it is no text.`);
}
