import fc from "fast-check";

import { BrokenRow, CsvFramer } from "../../../lambdas/data-validator/csv-framer";
import { FileFault } from "../../../lambdas/data-validator/file-fault";

interface Framed {
  text: string;
  broken: BrokenRow[];
  rows: number;
  framedRows: number;
  hasQuotedBreaks: boolean;
  fault?: string;
}

/** Frames a text that comes in pieces of a size; pieces of one byte never take the short way over whole rows. */
function frame(text: string, pieceSize: number, lineBytes = 1000): Framed {
  const broken: BrokenRow[] = [];
  const framer = new CsvFramer({ header: () => undefined, broken: (row) => broken.push(row) }, lineBytes);
  const bytes = Buffer.from(text);
  let out = "";
  let fault: string | undefined;
  try {
    for (let i = 0; i < bytes.length; i += pieceSize) {
      out += framer.push(bytes.subarray(i, i + pieceSize)).toString("latin1");
    }
    out += framer.end().toString("latin1");
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    fault = error.message;
    // How much was passed on before a fault depends on the pieces.
    return { text: "", broken: [], rows: 0, framedRows: 0, hasQuotedBreaks: false, fault };
  }
  const { rows, framedRows, hasQuotedBreaks } = framer;
  return { text: out, broken, rows, framedRows, hasQuotedBreaks };
}

const cell = fc.constantFrom("a", "1", "", "ü", "long value", '"q"', '"a\nb"', '"x,y"', 'st"ray', '"open');
const plainCell = fc.constantFrom("a", "1", "", "ü", "long value");
const line = (of: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(of, { minLength: 0, maxLength: 4 }).map((cells) => cells.join(","));
const file = (of: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(fc.tuple(line(of), fc.constantFrom("\n", "\n", "\n", "\r\n", "\r", "\n\n"))), line(of))
    .map(([lines, last]) => `a,b\n${lines.map(([cells, end]) => cells + end).join("")}${last}`);

test.each([
  { title: "plain rows", of: file(plainCell) },
  { title: "rows with quotation marks", of: file(cell) },
])("$title come out the same whatever the pieces they come in", ({ of }) => {
  fc.assert(
    fc.property(of, fc.integer({ min: 2, max: 200 }), (text, pieceSize) => {
      expect(frame(text, pieceSize)).toEqual(frame(text, 1));
    }),
    { numRuns: 500 },
  );
});

test.each([1, 7, 1000])("a row that is too long is refused (pieces of %i bytes)", (pieceSize) => {
  const text = `a,b\n1,2\n${"x".repeat(30)},2\n3,4\n`;
  expect(frame(text, pieceSize, 20).fault).toMatch(/^Row 2 has more than 20 bytes/);
  expect(frame(text, pieceSize, 32).rows).toBe(3);
});

test("ragged rows among plain ones are told apart by their number", () => {
  const { text, broken, rows, framedRows } = frame("a,b\n1,2\n3\n\n4,5,6\n7,8\n", 1000);
  expect([text, rows, framedRows]).toEqual(["1,2\n7,8\n", 4, 2]);
  expect(broken.map(({ row, line: delivered }) => [row, delivered])).toEqual([
    [2, "3"],
    [3, "4,5,6"],
  ]);
});
