import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { FileFormat } from "../../../lambdas/data-validator/file-format";
import { sqlText } from "../../../lambdas/shared/duckdb";
import { check, inFolder, sql } from "./validating";

jest.setTimeout(120_000);

const contract: DataContract = {
  dataset: "flights",
  version: "1",
  primaryKey: ["id"],
  maximumBadRowShare: 1,
  columns: [
    { name: "id", type: ColumnType.String },
    { name: "delay", type: ColumnType.Integer, nullable: true },
    { name: "at", type: ColumnType.Timestamp, nullable: true },
    { name: "load", type: ColumnType.Number, nullable: true },
  ],
};
const jsonLines = { kind: { format: FileFormat.JsonLines, gzip: false } };
const parquet = { kind: { format: FileFormat.Parquet, gzip: false } };

/** A Parquet file with the rows of a query. */
async function parquetOf(query: string): Promise<Buffer> {
  return inFolder(async (folder) => {
    const file = path.join(folder, "x.parquet");
    await sql(`COPY (${query}) TO ${sqlText(file)} (FORMAT parquet)`, "SELECT 1");
    return fs.readFileSync(file);
  });
}

describe("JSON Lines", () => {
  test("good rows come out in the contract's types", async () => {
    const text =
      '{"delay":5,"id":"a","load":0.5,"at":"2026-01-31T12:00:00Z"}\r\n\n{"id":"b","delay":null}\n{"id":7}';
    const { good, totalRows } = await check(text, contract, { ...jsonLines, pieceSize: 5 });
    expect(totalRows).toBe(3);
    expect(good).toEqual([
      ["a", "5", "2026-01-31 12:00:00+00", 0.5],
      ["b", null, null, null],
      ["7", null, null, null],
    ]);
  });

  test.each([
    ["not json", "The line is not valid JSON."],
    ['{"id":"x"} more', "The line is not valid JSON."],
    ['{"id":"\ud800"}', "The line is not valid JSON."],
    ["[1]", "The line holds no JSON object."],
    ['"text"', "The line holds no JSON object."],
    [
      '{"id":"x","color":1,"size":2}',
      'The row has columns that the contract does not name: "color", "size".',
    ],
    ['{"id":"x","id":"y"}', "The row names a column more than once."],
    ['{"delay":1}', "id is missing."],
    ['{"id":null}', "id is missing."],
    ['{"id":"x","delay":{"minutes":1}}', "delay holds an object or an array; an integer is required."],
    ['{"id":[null]}', "id holds an object or an array; a string is required."],
    ['{"id":"x","delay":1.5}', 'delay is "1.5"; an integer is required.'],
    [
      '{"id":"x","delay":12345678901234567890123}',
      'delay is "12345678901234567890123"; an integer is required.',
    ],
    ['{"id":"x","delay":Infinity}', 'delay is "Infinity"; an integer is required.'],
    ['{"id":"x","load":1e999}', 'load is "1e999"; a number is required.'],
    ['{"id":"x\u0001"}', "The line is not valid JSON: it has a control character."],
  ])("%s is bad: %s", async (line, reason) => {
    const written = line.includes("\ud800") ? line.replace("\ud800", "\\ud800") : line;
    const { reasons, bad, good } = await check(`{"id":"a"}\n${written}\n{"id":"b"}\n`, contract, jsonLines);
    expect(reasons).toEqual([{ row: 2, reasons: [reason] }]);
    expect(bad).toEqual([{ row: 2, line: written }]);
    expect(good).toHaveLength(2);
  });

  test("an empty file is no delivery", async () => {
    expect((await check("\n \n", contract, jsonLines)).fileFaults).toEqual([
      "The file is empty; it needs at least one row.",
    ]);
  });
});

describe("Parquet", () => {
  test("good rows come out in the contract's types, whatever fitting types they had", async () => {
    const file = await parquetOf(`SELECT * FROM (VALUES
      (5.0::DOUBLE, 'a', 0.5::FLOAT, DATE '2026-01-31'), (NULL, 'b', 2, NULL)) t(delay, id, load, "at")`);
    expect((await check(file, contract, parquet)).good).toEqual([
      ["a", "5", "2026-01-31 00:00:00+00", 0.5],
      ["b", null, null, 2],
    ]);
  });

  test("bad rows have their reasons and numbers", async () => {
    const file = await parquetOf(`SELECT * FROM (VALUES
      ('a', 5.0, 1.0, TIMESTAMP '2026-01-01'), ('b', 5.5, 'nan'::DOUBLE, TIMESTAMP '2036-01-01 00:00:00'),
      (NULL, NULL, 'inf'::DOUBLE, 'infinity'::TIMESTAMP), ('a', 1, 1, NULL)) t(id, delay, load, "at")`);
    const { reasons, bad } = await check(file, contract, parquet);
    expect(reasons).toEqual([
      {
        row: 2,
        reasons: [
          'delay is "5.5"; an integer is required.',
          "at is 2036-01-01T00:00:00.000000Z; that is in the future.",
          'load is "nan"; a number is required.',
        ],
      },
      {
        row: 3,
        reasons: [
          "id is missing.",
          'at is "infinity"; a timestamp such as 2026-01-31T12:00:00Z is required.',
          'load is "inf"; a number is required.',
        ],
      },
      { row: 4, reasons: ["The row repeats the key id of an earlier row."] },
    ]);
    expect(bad[0]?.values).toEqual({ id: "b", delay: "5.5", at: "2036-01-01T00:00:00.000000Z", load: "nan" });
  });

  test("texts are judged as those of CSV", async () => {
    const file = await parquetOf("SELECT 'a' AS id, 'late' AS delay, '2026-01-31' AS at, 'NA' AS load");
    expect((await check(file, contract, parquet)).reasons).toEqual([
      { row: 1, reasons: ['delay is "late"; an integer is required.'] },
    ]);
  });

  const whole =
    "SELECT r::VARCHAR AS id, r AS delay, NULL::TIMESTAMP AS at, 1.0 AS load FROM range(50000) t(r)";
  const damages: [title: string, damage: (file: Buffer) => Buffer, fault: RegExp][] = [
    ["0 bytes", () => Buffer.alloc(0), /^The file is empty; it has 0 bytes\.$/],
    ["no Parquet", () => Buffer.from("id,delay\n1,2\n"), /^The file is no Parquet file/],
    ["a truncated end", (file) => file.subarray(0, file.length / 2), /^The Parquet file is cut off/],
    ["only a mark", () => Buffer.from("PAR1"), /^The Parquet file is cut off/],
    [
      "a footer of garbage",
      (file) => Buffer.concat([file.subarray(0, -200), Buffer.alloc(192, 7), file.subarray(-8)]),
      /^The Parquet file cannot be read/,
    ],
    [
      "pages of garbage",
      (file) => Buffer.concat([file.subarray(0, 4), Buffer.alloc(2000, 255), file.subarray(2004)]),
      /^The Parquet file cannot be read/,
    ],
  ];
  test.each(damages)("a file with %s is refused", async (_title, damage, fault) => {
    const { fileFaults, outcome } = await check(damage(await parquetOf(whole)), contract, parquet);
    expect(fileFaults).toEqual([expect.stringMatching(fault)]);
    expect(outcome).toBe("quarantined");
  });

  test.each([
    [
      "SELECT 'a' AS id, [1] AS delay, NULL::DATE AS at, 1 AS load",
      "The column delay is of the type INTEGER[]; a flat value (integer) is required.",
    ],
    [
      "SELECT {'x': 1} AS id, 1 AS delay, NULL::DATE AS at, 1 AS load",
      "The column id is of the type STRUCT(x INTEGER); a flat value (string) is required.",
    ],
    ["SELECT 'a' AS id, 1 AS delay, NULL::DATE AS at", 'The schema lacks the columns "load".'],
    [
      "SELECT 'a' AS id, 1 AS delay, NULL::DATE AS at, 1 AS load LIMIT 0",
      "The file has a schema and no rows.",
    ],
  ])("%s is refused", async (query, fault) => {
    expect((await check(await parquetOf(query), contract, parquet)).fileFaults).toEqual([fault]);
  });

  test("a file that grows beyond the limit when it is read is refused before", async () => {
    const bomb = await parquetOf(
      "SELECT 'a' AS id, 1 AS delay, NULL::DATE AS at, r::DOUBLE AS load FROM range(100000) t(r)",
    );
    const { fileFaults } = await check(bomb, contract, { ...parquet, limits: { decodedBytes: 1000 } });
    expect(fileFaults).toEqual([
      expect.stringMatching(/^The file has \d+ bytes once decompressed; at most 1000 are read/),
    ]);
  });
});

describe("sizes", () => {
  const gzipped = { kind: { format: FileFormat.Csv, gzip: true } };
  const header = "id,delay,at,load\n";

  test("gzip is read", async () => {
    expect((await check(zlib.gzipSync(`${header}a,1,,\n`), contract, gzipped)).goodRows).toBe(1);
  });

  test.each([
    ["no gzip", Buffer.from(`${header}a,1,,\n`)],
    ["a cut gzip", zlib.gzipSync(`${header}${"a,1,,\n".repeat(10_000)}`).subarray(0, 60)],
  ])("%s is refused", async (_title, bytes) => {
    expect((await check(bytes, contract, gzipped)).fileFaults).toEqual([
      expect.stringMatching(/^The file cannot be decompressed with gzip/),
    ]);
  });

  test("a gzip bomb stops at the limit", async () => {
    const bomb = zlib.gzipSync(Buffer.concat([Buffer.from(header), Buffer.alloc(50_000_000, "a,1,,\n")]));
    const { fileFaults } = await check(bomb, contract, { ...gzipped, limits: { decodedBytes: 1_000_000 } });
    expect(fileFaults).toEqual([
      "The file has more than 1000000 bytes once decompressed; deliver it in smaller files.",
    ]);
  });

  test.each([FileFormat.Csv, FileFormat.JsonLines])(
    "a line without an end is not read to its end (%s)",
    async (format) => {
      let given = 0;
      const { Readable } = jest.requireActual<typeof import("node:stream")>("node:stream");
      const endless = new Readable({
        read() {
          given += 65_536;
          this.push(Buffer.alloc(65_536, "x"));
        },
      });
      const { fileFaults } = await check("", contract, {
        file: async () => endless,
        kind: { format, gzip: false },
        limits: { lineBytes: 1_000_000 },
      });
      expect(fileFaults).toEqual([
        expect.stringMatching(/has more than 1000000 bytes; rows of up to 1000000 are read/),
      ]);
      expect(given).toBeLessThan(2_000_000);
      expect(endless.destroyed).toBe(true);
    },
  );
});
