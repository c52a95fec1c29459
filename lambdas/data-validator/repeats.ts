import type { DataContract } from "../../components/contracts/data-contract";
import { Engine, sqlName, sqlText } from "../shared/duckdb";
import { goodRowsSql } from "./judge-sql";

/** Table of the good rows that do not go to the curated zone: `position` among all rows, `reason` (NULL: a duplicate that is only counted). */
export const droppedTable = "dropped";

/** Texts of the key of a row, the same whatever format the row came in. */
export function keySql(contract: DataContract): string {
  const values = (contract.primaryKey ?? []).map((name) => `CAST(${sqlName(name)} AS VARCHAR)`);
  return `to_json([${values.join(", ")}])::VARCHAR`;
}

/** A hash of the content of a row. */
export function rowHashSql(contract: DataContract): string {
  const values = contract.columns.map(({ name }) => `CAST(${sqlName(name)} AS VARCHAR)`);
  return `sha256(to_json([${values.join(", ")}])::VARCHAR)`;
}

/** Rows without any part of their key have none; two of them are not each other's duplicates. */
export function hasKeySql(contract: DataContract): string {
  return `(${(contract.primaryKey ?? []).map((name) => `${sqlName(name)} IS NOT NULL`).join(" OR ")})`;
}

/**
 * Finds good rows that repeat the key of an earlier good row, and puts them into {@link droppedTable}. First by a hash
 * of 64 bits per key, which the engine spills to disk when there are many; the keys themselves are compared only where
 * hashes are equal.
 * @param judgedFile - file of judged rows
 * @param countsCopies - whether a row that is wholly equal to the earlier one is only counted, and not bad
 */
export async function findRepeats(
  engine: Engine,
  judgedFile: string,
  contract: DataContract,
  countsCopies: boolean,
): Promise<void> {
  await engine.run(`CREATE TABLE ${droppedTable} (position BIGINT, reason VARCHAR)`);
  const { primaryKey = [] } = contract;
  if (primaryKey.length === 0) return;
  const rows = goodRowsSql(judgedFile, contract);
  const hash = `hash(${primaryKey.map(sqlName).join(", ")})`;
  await engine.run(`CREATE TEMP TABLE repeated AS SELECT h FROM (SELECT ${hash} AS h FROM ${rows}
    WHERE ${hasKeySql(contract)}) GROUP BY h HAVING count(*) > 1`);
  const [found] = await engine.rows<{ n: string }>("SELECT count(*) AS n FROM repeated");
  if (found?.n === "0") return;
  const names = primaryKey.join(", ");
  const classic = sqlText(`The row repeats the key ${names} of an earlier row.`);
  const differing = sqlText(`The row repeats the key ${names} of an earlier row with other values.`);
  const reason = countsCopies ? `CASE WHEN row_hash = first_hash THEN NULL ELSE ${differing} END` : classic;
  const rowHash = countsCopies ? rowHashSql(contract) : "NULL";
  await engine.run(`INSERT INTO ${droppedTable} SELECT position, ${reason} FROM (
    SELECT position, row_hash, row_number() OVER key_rows AS n, first_value(row_hash) OVER key_rows AS first_hash
    FROM (SELECT "$position" AS position, ${keySql(contract)} AS key, ${rowHash} AS row_hash
      FROM ${rows} WHERE ${hasKeySql(contract)} AND ${hash} IN (SELECT h FROM repeated))
    WINDOW key_rows AS (PARTITION BY key ORDER BY position)) WHERE n > 1`);
}
