import * as path from "node:path";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { FileFormat } from "../../../lambdas/data-validator/file-format";
import { sqlText } from "../../../lambdas/shared/duckdb";
import { check, inFolder, sql } from "./validating";

// Several hundred thousand rows: with fewer, one thread of the query engine does all the work in order.
jest.setTimeout(240_000);

const rowCount = 400_000;
const letters = [..."ABCDEFGHIJKLMNOP"];
const contract: DataContract = {
  dataset: "d",
  version: "1",
  primaryKey: ["id"],
  maximumBadRowShare: 1,
  columns: [
    { name: "id", type: ColumnType.Integer },
    // More values than the engine compares one by one.
    { name: "letter", type: ColumnType.String, allowed: letters },
  ],
};
/** Every 40,000th row repeats the key of the row before it, and every 50,000th has a wrong letter. */
const isRepeat = (row: number): boolean => row % 40_000 === 0;
const isWrong = (row: number): boolean => row % 50_000 === 1;
const lines = Array.from({ length: rowCount }, (_, i) => {
  const row = i + 1;
  const id = isRepeat(row) ? row - 1 : row;
  return [id, isWrong(row) ? "?" : letters[row % letters.length]] as const;
});
const badNumbers = lines.flatMap((_, i) => (isRepeat(i + 1) || isWrong(i + 1) ? [i + 1] : []));
const goodIds = lines.flatMap(([id], i) => (isRepeat(i + 1) || isWrong(i + 1) ? [] : [id]));

async function expectOrder(
  content: string | Buffer,
  request: Parameters<typeof check>[2],
  of: DataContract = contract,
): Promise<void> {
  const { bad, reasons, good } = await check(content, of, request);
  expect(reasons.map(({ row }) => row)).toEqual(badNumbers);
  expect(bad.map(({ values }) => Number(values?.id))).toEqual(badNumbers.map((row) => lines[row - 1]?.[0]));
  const ids = good.map(([id]) => Number(id));
  expect(ids.length).toBe(goodIds.length);
  expect(ids.findIndex((id, i) => id !== goodIds[i])).toBe(-1);
}

const csv = `id,letter\n${lines.map((line) => `${line.join(",")}\n`).join("")}`;

test("rows of a large CSV file keep their order, and bad ones their numbers", async () => {
  await expectOrder(csv, {});
});

test("rows of a large Parquet file keep their order, and bad ones their numbers", async () => {
  await inFolder(async (folder) => {
    const source = path.join(folder, "source.parquet");
    const letter = `CASE WHEN row % 50000 = 1 THEN '?' ELSE ${sqlText(letters.join(""))}[row % 16 + 1] END`;
    await sql(
      `COPY (SELECT CASE WHEN row % 40000 = 0 THEN row - 1 ELSE row END AS id, ${letter} AS letter
        FROM range(1, ${rowCount + 1}) t(row)) TO ${sqlText(source)} (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
      "SELECT 1",
    );
    await expectOrder("", { file: source, kind: { format: FileFormat.Parquet, gzip: false } });
  });
});

test("rows keep their order when values are looked up in another data set", async () => {
  await inFolder(async (folder) => {
    const reference = path.join(folder, "letters.parquet");
    await sql(
      `COPY (SELECT unnest([${letters.map(sqlText).join(", ")}]) AS letter) TO ${sqlText(reference)} (FORMAT parquet)`,
      "SELECT 1",
    );
    const [id, { name, type }] = contract.columns as [
      DataContract["columns"][number],
      DataContract["columns"][number],
    ];
    const columns = [id, { name, type, references: { dataset: "letters", column: "letter" } }];
    await expectOrder(csv, { references: { letters: [reference] } }, { ...contract, columns });
  });
});
