import * as fs from "node:fs";
import * as path from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

import { eventually, expectThat } from "../check";
import { DemoContext, demoDataset } from "../context";
import { runScript } from "../python";
import { clear, download, exists, readText, upload } from "../storage";

/** Cuts the demo's files out of the real data set. */
export async function prepareFiles(context: DemoContext, source: string): Promise<void> {
  const printed = await runScript(context.python, "prepare.py", { source, output: context.folder });
  for (const line of printed.trim().split("\n")) context.say(`${line} rows`);
}

/** Takes away what an earlier run of the demo brought in, so that every run starts from the winter flights alone. */
export async function clearEarlierRun({ clients, outputs, say }: DemoContext): Promise<void> {
  const buckets = [outputs.rawBucketName, outputs.curatedBucketName, outputs.quarantineBucketName];
  const counts = await Promise.all(buckets.map((bucket) => clear(clients.s3, bucket, `${demoDataset}/`)));
  const removed = counts.reduce((sum, count) => sum + count, 0);
  if (removed > 0) say(`${removed} objects of an earlier run put aside`);
}

/** Brings a file of the demo into the raw zone. */
export async function deliver(context: DemoContext, file: string): Promise<void> {
  const bytes = fs.readFileSync(path.join(context.folder, file));
  await upload(context.clients.s3, context.outputs.rawBucketName, `${context.delivery}/${file}`, bytes);
}

async function parquetRowCount(file: string): Promise<number> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll("SELECT count(*)::INTEGER FROM read_parquet($file)", {
    file,
  });
  connection.closeSync();
  instance.closeSync();
  return Number(reader.getRows()[0]?.[0]);
}

/** Rows of a CSV text without quoted line breaks, the header not counted. */
function rowCount(text: string): number {
  return text.trimEnd().split("\n").length - 1;
}

/** Key of a delivered file's rows in the curated zone. */
const curatedKey = (context: DemoContext, file: string): string => `${context.delivery}/${file}.parquet`;

/** Waits for a delivered file in the curated zone. @returns its rows */
export async function expectCurated(context: DemoContext, file: string): Promise<number> {
  const { clients, outputs, say } = context;
  const uri = `s3://${outputs.curatedBucketName}/${curatedKey(context, file)}`;
  await eventually(`${file} in the curated zone`, 120, () => exists(clients.s3, uri));
  const local = path.join(context.folder, `curated-${path.parse(file).name}.parquet`);
  await download(clients.s3, uri, local);
  const delivered = rowCount(fs.readFileSync(path.join(context.folder, file), "utf8"));
  const curated = await parquetRowCount(local);
  expectThat(
    curated === delivered,
    `all ${delivered} rows of ${file} are in the curated zone; ${curated} are there`,
  );
  say(`${file}: ${curated} rows in the curated zone`);
  return curated;
}

/** Faults that the damaged file has, each with the words by which its reason is known. */
const plantedFaults: [fault: string, words: RegExp][] = [
  ["missing values of cancelled flights", /departure_delay_minutes is missing/],
  ["a repeated flight", /repeats the key flight_id/],
  ["an impossible temperature", /temperature_fahrenheit is 999; the largest allowed value is 130/],
  ["an unknown carrier", /carrier is "\?\?"; allowed are/],
  ["a distance in words", /distance_miles is "far"; a number is required/],
];

interface ReasonsReport {
  totalRows: number;
  goodRows: number;
  badRows: number;
  fileFaults: string[];
  rows: { row: number; reasons: string[] }[];
}

/** Waits for a delivered file in quarantine, and checks that every fault in it was found and nothing was lost. */
export async function expectQuarantined(context: DemoContext, file: string): Promise<void> {
  const { clients, outputs, say } = context;
  const key = `${context.delivery}/${file}`;
  const copy = await eventually(`${file} in quarantine`, 120, () =>
    readText(clients.s3, outputs.quarantineBucketName, key),
  );
  const delivered = fs.readFileSync(path.join(context.folder, file), "utf8");
  expectThat(copy === delivered, `${file} is in quarantine byte by byte as it was delivered`);
  const text = await readText(clients.s3, outputs.quarantineBucketName, `${key}.reasons.json`);
  expectThat(text !== undefined, `the reasons lie beside ${file}`);
  const report = JSON.parse(text ?? "{}") as ReasonsReport;
  expectThat(
    report.totalRows === rowCount(delivered) && report.goodRows + report.badRows === report.totalRows,
    `the report counts all ${rowCount(delivered)} rows; it has ${report.goodRows} good and ${report.badRows} bad ones`,
  );
  say(`${file}: in quarantine. ${report.fileFaults.join(" ")}`);
  for (const [fault, words] of plantedFaults) {
    const rows = report.rows.filter(({ reasons }) => reasons.some((reason) => words.test(reason)));
    expectThat(rows.length > 0, `the validator finds ${fault}`);
    const reason = rows[0]?.reasons.find((sentence) => words.test(sentence)) ?? "";
    say(
      `  ${fault}: ${rows.length} ${rows.length === 1 ? "row" : "rows"}, first row ${rows[0]?.row}: ${reason.slice(0, 90)}`,
    );
  }
  const curated = await exists(clients.s3, `s3://${outputs.curatedBucketName}/${curatedKey(context, file)}`);
  expectThat(curated === undefined, `${file} is not in the curated zone`);
}
