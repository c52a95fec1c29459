import { Readable } from "node:stream";

import fc from "fast-check";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { check, csvLine } from "./validating";

// Every case starts an engine of its own, and the machine may be busy.
jest.setTimeout(120_000);

const contract: DataContract = {
  dataset: "flights",
  version: "1",
  primaryKey: ["id"],
  maximumBadRowShare: 1,
  columns: [
    { name: "id", type: ColumnType.String },
    { name: "delay", type: ColumnType.Number, minimum: -60, maximum: 600 },
    { name: "carrier", type: ColumnType.String, nullable: true, allowed: ["UA", "DL"] },
  ],
};
const header = "id,delay,carrier\n";

describe("files as a whole", () => {
  test.each([
    { title: "0 bytes", bytes: "", fault: "The file is empty; it needs a header and at least one row." },
    {
      title: "empty lines only",
      bytes: "\n\r\n\n",
      fault: "The file is empty; it needs a header and at least one row.",
    },
    { title: "a byte order mark only", bytes: "\ufeff", fault: /^The file is empty/ },
    { title: "a header only", bytes: header, fault: "The file has a header and no rows." },
    {
      title: "a header without a line break",
      bytes: header.trim(),
      fault: "The file has a header and no rows.",
    },
    { title: "missing columns", bytes: "id\n1\n", fault: 'The header lacks the columns "delay", "carrier".' },
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
      title: "a quotation mark that is never closed",
      bytes: `${header}1,2,UA\n"3,2,UA\n`,
      fault: "The file is not well-formed CSV: a quotation mark that opens in row 2 is never closed.",
    },
    {
      title: "a quotation mark within a field",
      bytes: `${header}a"b,2,UA\n`,
      fault: /^The file is not well-formed CSV: row 1 has a quotation mark within an unquoted field/,
    },
    {
      title: "text behind a quoted field",
      bytes: `${header}"a"b,2,UA\n`,
      fault: /^The file is not well-formed CSV: row 1 has a quotation mark before the end of a field/,
    },
    {
      title: "a NUL",
      bytes: `${header}a\0b,2,UA\n`,
      fault: "The file has a NUL at byte 18; it is no text.",
    },
  ])("$title", async ({ bytes, fault }) => {
    const { fileFaults, outcome, goodFile } = await check(bytes, contract);
    expect(fileFaults).toEqual([typeof fault === "string" ? fault : expect.stringMatching(fault)]);
    expect([outcome, goodFile]).toEqual(["quarantined", undefined]);
  });

  test("several faults of a header are named at once", async () => {
    expect((await check("id,other\n1,2\n", contract)).fileFaults).toEqual([
      'The header lacks the columns "delay", "carrier".',
      'The header has columns that the contract does not name: "other".',
    ]);
  });

  test("another delimiter is told from wrong names", async () => {
    const { fileFaults } = await check("id;delay;carrier\n1;2;UA\n", contract);
    expect(fileFaults[0]).toContain('Its fields seem to be separated by ";"; commas are required.');
  });

  test("10,000 columns are named in one readable sentence", async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `column_${i}`);
    const { fileFaults } = await check(`${names.join(",")}\n${names.map(() => "1").join(",")}\n`, contract);
    expect(fileFaults[1]).toMatch(/"column_0", .* and 9990 more\.$/);
    expect(fileFaults.join("").length).toBeLessThan(500);
  });

  test.each([1, 2, 3, 5, 1000])(
    "a byte order mark is no part of the header (pieces of %i bytes)",
    async (pieceSize) => {
      const { fileFaults, good } = await check(`\ufeff${header}1,2,UA\n`, contract, { pieceSize });
      expect(fileFaults).toEqual([]);
      expect(good).toEqual([["1", 2, "UA"]]);
    },
  );

  test("characters of several bytes survive any cut", async () => {
    for (let pieceSize = 1; pieceSize < 12; pieceSize++) {
      expect((await check(`${header}žluť-😀,1,DL\n`, contract, { pieceSize })).good).toEqual([
        ["žluť-😀", 1, "DL"],
      ]);
    }
  });

  test("a fault of the storage is no fault of the file", async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error("the connection was reset"));
      },
    });
    await expect(check("", contract, { file: async () => broken })).rejects.toThrow(
      "the connection was reset",
    );
  });
});

describe("rows", () => {
  test("come in the contract's order of columns, whatever the file's", async () => {
    expect((await check("carrier,id,delay\nUA,1,2\n", contract)).good).toEqual([["1", 2, "UA"]]);
  });

  test.each(["\n", "\r\n", "\r"])("may end with %j, and empty lines are none", async (end) => {
    const text = ["id,delay,carrier", "a,1,UA", "", "b,2,DL", ""].join(end);
    const { good, totalRows } = await check(text, contract, { pieceSize: 3 });
    expect(good).toEqual([
      ["a", 1, "UA"],
      ["b", 2, "DL"],
    ]);
    expect(totalRows).toBe(2);
  });

  test("may hold line breaks, separators and quotation marks in quotation marks", async () => {
    const text = `${header}"a\nb",1,UA\n"c,""d""",2,DL\r\n"""",3,\n`;
    const { good, bad } = await check(text, contract, { pieceSize: 3 });
    expect(bad).toEqual([]);
    expect(good).toEqual([
      ["a\nb", 1, "UA"],
      ['c,"d"', 2, "DL"],
      ['"', 3, null],
    ]);
  });

  const badLines: [line: string, reason: string][] = [
    ["x", "The row has 1 field; the header has 3."],
    ["x,1", "The row has 2 fields; the header has 3."],
    ["x,1,UA,9", "The row has 4 fields; the header has 3."],
    [",1,UA", "id is missing."],
    ["x,NA,UA", "delay is missing."],
    ["x,NaN,UA", "delay is missing."],
    ["x,null,UA", "delay is missing."],
    ["x,soon,UA", 'delay is "soon"; a number is required.'],
    ["x,0x10,UA", 'delay is "0x10"; a number is required.'],
    ["x,Infinity,UA", 'delay is "Infinity"; a number is required.'],
    ["x,-inf,UA", 'delay is "-inf"; a number is required.'],
    ["x,1e999,UA", 'delay is "1e999"; a number is required.'],
    ["x,-61,UA", "delay is -61; the smallest allowed value is -60."],
    ["x,600.5,UA", "delay is 600.5; the largest allowed value is 600."],
    ["x,1,XX", 'carrier is "XX"; allowed are "UA", "DL".'],
    ["a,2,DL", "The row repeats the key id of an earlier row."],
  ];

  test("are bad for these reasons, and numbered as they were delivered", async () => {
    const text = `${header}${badLines.map(([line], i) => `good${i},0,UA\n${line}\n`).join("")}a,1,UA\n`;
    // The first row with the key "a" comes last, so that the repeating one is that.
    const { reasons, good, bad, badRows } = await check(
      text.replace("good0,", "a,").replace(/a,1,UA\n$/, ""),
      contract,
    );
    expect(reasons).toEqual(badLines.map(([, reason], i) => ({ row: 2 * i + 2, reasons: [reason] })));
    expect(good).toHaveLength(badLines.length);
    expect(bad.map(({ row }) => row)).toEqual(reasons.map(({ row }) => row));
    expect(badRows).toBe(badLines.length);
  });

  test("that are bad are kept as they were delivered", async () => {
    const { bad } = await check(`${header}a,1,UA\nx,soon,\nb,1\n`, contract);
    expect(bad).toEqual([
      { row: 2, values: { id: "x", delay: "soon", carrier: null } },
      { row: 3, line: "b,1" },
    ]);
  });

  test("have all their reasons named", async () => {
    const { reasons } = await check(`${header}a,1,UA\n,999,XX\n`, contract);
    expect(reasons[0]?.reasons).toHaveLength(3);
  });

  test("with keys of several columns are told apart at the border of the values", async () => {
    const of: DataContract = {
      ...contract,
      primaryKey: ["id", "carrier"],
      columns: contract.columns.map(({ name, type }) => ({ name, type })),
    };
    expect((await check(`${header}a,1,bc\nab,1,c\n`, of)).badRows).toBe(0);
  });

  test("may have a clock that is a little ahead, and no more", async () => {
    const of: DataContract = {
      dataset: "d",
      version: "1",
      maximumBadRowShare: 1,
      futureToleranceSeconds: 60,
      columns: [{ name: "at", type: ColumnType.Timestamp }],
    };
    const text = "at\n2026-06-01T12:01:00Z\n2026-06-01T14:00:59+02:00\n2026-06-01T12:01:01Z\n2026-06-02\n";
    const { good, reasons } = await check(text, of);
    expect(good).toHaveLength(2);
    expect(reasons).toEqual([
      { row: 3, reasons: ["at is 2026-06-01T12:01:01Z; that is in the future."] },
      { row: 4, reasons: ["at is 2026-06-02; that is in the future."] },
    ]);
  });

  test("do not show values of personal columns in reasons", async () => {
    const of: DataContract = {
      ...contract,
      columns: contract.columns.map((column) => ({ ...column, personal: true })),
    };
    const { reasons, reasonCounts, columns } = await check(
      `${header}secret1,0,UA\nsecret2,4711,SECRET\n`,
      of,
    );
    expect(reasons).toEqual([
      {
        row: 2,
        reasons: [
          "delay has a wrong value (not shown: personal); the largest allowed value is 600.",
          'carrier has a wrong value (not shown: personal); allowed are "UA", "DL".',
        ],
      },
    ]);
    expect(JSON.stringify([reasons, reasonCounts, columns])).not.toMatch(/secret|4711/i);
  });
});

test("no row is lost, and every good row comes out as it went in, whatever the content", async () => {
  const of: DataContract = {
    dataset: "d",
    version: "1",
    maximumBadRowShare: 1,
    columns: [
      { name: "a", type: ColumnType.String, nullable: true },
      { name: "b", type: ColumnType.Integer },
    ],
  };
  const cell = fc.oneof(
    fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
    fc.constantFrom('"', ",", "\n", "7", "NA", 'a"b,c\nd', "\r", "\u0001"),
  );
  const integer = fc.integer().map(String);
  const row = fc.oneof(fc.tuple(cell, fc.oneof(cell, integer)), fc.tuple(cell, integer, integer));
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      async (rows, pieceSize) => {
        const text = ["a,b\n", ...rows.map((line) => csvLine(line))].join("");
        const { totalRows, goodRows, badRows, good, bad, reasons } = await check(text, of, { pieceSize });
        expect(totalRows).toBe(rows.length);
        expect(goodRows + badRows).toBe(totalRows);
        expect(bad).toHaveLength(badRows);
        expect(
          reasons.every((entry) => !entry.reasons.includes("The row does not match the contract.")),
        ).toBe(true);
        const isGood = (line: readonly string[]): boolean =>
          line.length === 2 && /^[+-]?\d+$/.test(line[1] ?? "");
        const missing = (value: string): string | null =>
          ["", "NA", "NaN", "null"].includes(value) ? null : value;
        if (goodRows > 0) {
          expect(good).toEqual(rows.filter(isGood).map(([a, b]) => [missing(a), String(Number(b))]));
        }
        expect(bad.map((entry) => entry.row)).toEqual(
          rows.flatMap((line, i) => (isGood(line) ? [] : [i + 1])),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("rows of a file of several megabytes keep their order and their numbers", async () => {
  const lines = Array.from({ length: 300_000 }, (_, i) =>
    i % 50_000 === 49_999 ? `k${i},late,UA` : `k${i},1,UA`,
  );
  const { goodRows, reasons } = await check(`${header}${lines.join("\n")}`, contract);
  expect(goodRows).toBe(299_994);
  expect(reasons.map(({ row }) => row)).toEqual([50_000, 100_000, 150_000, 200_000, 250_000, 300_000]);
});
