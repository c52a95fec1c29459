import { Readable } from "node:stream";

import fc from "fast-check";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { csvLine } from "../../../lambdas/data-validator/row-files";
import { validateCsv, ValidationResult } from "../../../lambdas/data-validator/validate-csv";

const contract: DataContract = {
  dataset: "flights",
  version: "1",
  primaryKey: ["id"],
  columns: [
    { name: "id", type: ColumnType.String },
    { name: "delay", type: ColumnType.Number, minimum: -60, maximum: 600 },
    { name: "carrier", type: ColumnType.String, nullable: true, allowed: ["UA", "DL"] },
  ],
};

interface Checked extends ValidationResult {
  good: string[][];
  bad: { row: number; fields: string[]; reasons: string[] }[];
}

/** Validates bytes that arrive in pieces of a size, as they do from S3. */
async function check(bytes: string | Buffer, pieceSize = 7, of = contract): Promise<Checked> {
  const buffer = Buffer.from(bytes);
  const pieces = Array.from({ length: Math.ceil(buffer.length / pieceSize) }, (_, i) =>
    buffer.subarray(i * pieceSize, (i + 1) * pieceSize),
  );
  const good: string[][] = [];
  const bad: Checked["bad"] = [];
  const result = await validateCsv(Readable.from(pieces, { objectMode: false }), of, {
    good: async (values) => void good.push([...values]),
    bad: async (row, fields, reasons) => void bad.push({ row, fields: [...fields], reasons: [...reasons] }),
  });
  return { ...result, good, bad };
}

const header = "id,delay,carrier\n";

describe("files as a whole", () => {
  test.each([
    { title: "0 bytes", bytes: "", fault: "The file is empty; it needs a header and at least one row." },
    {
      title: "empty lines only",
      bytes: "\n\n",
      fault: "The file is empty; it needs a header and at least one row.",
    },
    { title: "a header only", bytes: header, fault: "The file has a header and no rows." },
    {
      title: "missing columns",
      bytes: "id\n1\n",
      fault: 'The header lacks the columns "delay", "carrier".',
    },
    {
      title: "extra columns",
      bytes: "id,delay,carrier,ssn\n1,2,UA,3\n",
      fault: 'The header has columns that the contract does not name: "ssn".',
    },
    {
      title: "a repeated column",
      bytes: "id,delay,carrier,id\n1,2,UA,3\n",
      fault: 'The header names these columns more than once: "id".',
    },
    {
      title: "Latin-1",
      bytes: Buffer.from(`${header}Zürich,1,UA\n`, "latin1"),
      fault: /^The file is not encoded in UTF-8: wrong bytes near byte \d+\.$/,
    },
    {
      title: "UTF-16",
      bytes: Buffer.from(`\ufeff${header}1,1,UA\n`, "utf16le"),
      fault: "The file is encoded in UTF-16; UTF-8 is required.",
    },
    {
      title: "UTF-8 that ends in the middle of a character",
      bytes: Buffer.concat([Buffer.from(`${header}1,1,`), Buffer.from("ü").subarray(0, 1)]),
      fault: /^The file is not encoded in UTF-8/,
    },
    {
      title: "an open quotation mark",
      bytes: `${header}"1,2,UA\n`,
      fault: /^The file is not well-formed CSV: Quote Not Closed/,
    },
  ])("$title", async ({ bytes, fault }) => {
    const { fileFaults } = await check(bytes);
    expect(fileFaults).toEqual([typeof fault === "string" ? fault : expect.stringMatching(fault)]);
  });

  test("several faults of a header are named at once", async () => {
    expect((await check("id,other\n1,2\n")).fileFaults).toEqual([
      'The header lacks the columns "delay", "carrier".',
      'The header has columns that the contract does not name: "other".',
    ]);
  });

  test.each([1, 2, 3, 5, 1000])(
    "a byte order mark is no part of the header (pieces of %i bytes)",
    async (size) => {
      const { fileFaults, good } = await check(`\ufeff${header}1,2,UA\n`, size);
      expect(fileFaults).toEqual([]);
      expect(good).toEqual([["1", "2", "UA"]]);
    },
  );

  test("characters of several bytes survive any cut", async () => {
    for (let size = 1; size < 12; size++) {
      expect((await check(`${header}žluť-😀,1,DL\n`, size)).good).toEqual([["žluť-😀", "1", "DL"]]);
    }
  });

  test("a fault of the storage is no fault of the file", async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error("the connection was reset"));
      },
    });
    const sink = { good: async () => undefined, bad: async () => undefined };
    await expect(validateCsv(broken, contract, sink)).rejects.toThrow("the connection was reset");
  });
});

describe("rows", () => {
  test("come in the contract's order of columns, whatever the file's", async () => {
    const { good } = await check("carrier,id,delay\nUA,1,2\n");
    expect(good).toEqual([["1", "2", "UA"]]);
  });

  test("may hold line breaks, separators and quotation marks in quotation marks", async () => {
    const { good, bad } = await check(`${header}"a\nb",1,UA\n"c,""d""",2,DL\r\n`, 3);
    expect(bad).toEqual([]);
    expect(good).toEqual([
      ["a\nb", "1", "UA"],
      ['c,"d"', "2", "DL"],
    ]);
  });

  test.each([
    ["x,1", "The row has 2 fields; the header has 3."],
    ["x,1,UA,9", "The row has 4 fields; the header has 3."],
    [",1,UA", "id is missing."],
    ["x,NA,UA", "delay is missing."],
    ["x,NaN,UA", "delay is missing."],
    ["x,soon,UA", 'delay is "soon"; a number is required.'],
    ["x,0x10,UA", 'delay is "0x10"; a number is required.'],
    ["x,-61,UA", "delay is -61; the smallest allowed value is -60."],
    ["x,600.5,UA", "delay is 600.5; the largest allowed value is 600."],
    ["x,1,XX", 'carrier is "XX"; allowed are "UA", "DL".'],
  ])("%p is bad: %s", async (line, reason) => {
    const { bad, good } = await check(`${header}first,0,UA\n${line}\n`);
    expect(bad.map(({ row, reasons }) => ({ row, reasons }))).toEqual([{ row: 2, reasons: [reason] }]);
    expect(good).toHaveLength(1);
  });

  test("have all their reasons named", async () => {
    const { bad } = await check(`${header},999,XX\n`);
    expect(bad[0]?.reasons).toHaveLength(3);
  });

  test("may lack a value where the contract says so", async () => {
    expect((await check(`${header}x,1,\n`)).good).toEqual([["x", "1", ""]]);
  });

  test("that repeat a key are bad, but for the first", async () => {
    const { good, bad } = await check(`${header}a,1,UA\nb,1,UA\na,2,DL\n`);
    expect(good.map(([id]) => id)).toEqual(["a", "b"]);
    expect(bad).toEqual([
      { row: 3, fields: ["a", "2", "DL"], reasons: ["The row repeats the key id of an earlier row."] },
    ]);
  });

  test("with keys of several columns are told apart at the border of the values", async () => {
    const of: DataContract = {
      ...contract,
      primaryKey: ["id", "carrier"],
      columns: contract.columns.map(({ name, type }) => ({ name, type })),
    };
    const { bad } = await check(`${header}a,1,bc\nab,1,c\n`, 7, of);
    expect(bad).toEqual([]);
  });

  test.each([
    [ColumnType.Integer, ["0", "-7", "+12"], ["1.0", "1e3", "a", "0x1"]],
    [ColumnType.Number, ["0", "-7.5", "1e-3", ".5", "5."], ["Infinity", "1,5", "--1", " 1"]],
    [ColumnType.Boolean, ["true", "false"], ["True", "1", "yes"]],
    [
      ColumnType.Timestamp,
      ["2026-01-31", "2026-01-31T12:00:00Z", "2026-01-31 12:00", "2026-01-31T12:00:00.123+02:00"],
      ["31.01.2026", "2026-02-31", "2026-13-01", "2026-01-31T25:00:00Z", "soon"],
    ],
    [ColumnType.String, ["anything", "1"], []],
  ])("of type %s take %p and not %p", async (type, right, wrong) => {
    const of: DataContract = { dataset: "d", version: "1", columns: [{ name: "x", type }] };
    const { good, bad } = await check(
      ["x", ...right, ...wrong].map((value) => csvLine([value])).join(""),
      9,
      of,
    );
    expect(good.flat()).toEqual(right);
    expect(bad.map(({ fields }) => fields[0])).toEqual(wrong);
  });
});

test("no row is lost, and every good row comes out as it went in, whatever the content", async () => {
  const of: DataContract = {
    dataset: "d",
    version: "1",
    columns: [
      { name: "a", type: ColumnType.String, nullable: true },
      { name: "b", type: ColumnType.Integer },
    ],
  };
  const cell = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom('"', ",", "\n", "7", "NA", 'a"b,c\nd'),
  );
  const rows = fc.array(fc.tuple(cell, fc.oneof(cell, fc.integer().map(String))), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (lines, size) => {
      const text = ["a,b\n", ...lines.map((line) => csvLine(line))].join("");
      const { totalRows, goodRows, badRows, good, bad, fileFaults } = await check(text, size, of);
      expect(fileFaults).toEqual([]);
      expect(totalRows).toBe(lines.length);
      expect(goodRows + badRows).toBe(totalRows);
      expect([good.length, bad.length]).toEqual([goodRows, badRows]);
      const isGood = (line: string[]): boolean => /^[+-]?\d+$/.test(line[1] ?? "");
      expect(good).toEqual(lines.filter(isGood));
      expect(bad.map(({ fields }) => fields)).toEqual(lines.filter((line) => !isGood(line)));
    }),
    { numRuns: 100 },
  );
});
