/** The Spark job against the real data set, compared with DuckDB, which computes the same features from their definition. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { flightsDataset } from "../../local/toolchain/dataset";
import { ensurePySpark, PySpark } from "../../local/toolchain/pyspark";
import { type CommandResult, CommandError, runCommand } from "../../local/toolchain/run-command";

jest.setTimeout(600_000);

const script = path.join(__dirname, "../../jobs/batch-features/features.py");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "batch-features-"));
const at = (...names: string[]): string => path.join(folder, ...names);
const asOf = "2013-03-01T00:00:00Z";

interface Feature {
  name: string;
  aggregate: string;
  windowHours: number;
  column?: string;
}

const feature = (aggregate: string, windowHours: number, column?: string): Feature => ({
  name: [aggregate, column ?? "rows", windowHours].join("_"),
  aggregate,
  windowHours,
  ...(column === undefined ? {} : { column }),
});

const all = ["count", "sum", "mean", "minimum", "maximum", "standardDeviation"];
const carriers = {
  name: "carriers",
  dataset: "flights",
  entity: ["carrier"],
  eventTimeColumn: "scheduled_at",
  frequency: "hourly",
  features: [
    feature("count", 1),
    feature("mean", 24, "distance"),
    ...all.map((aggregate) => feature(aggregate, 24, "dep_delay")),
  ],
};
const routes = {
  name: "routes",
  dataset: "flights",
  entity: ["origin", "dest"],
  eventTimeColumn: "scheduled_at",
  frequency: "daily",
  features: [
    feature("count", 168),
    ...all.map((aggregate) => feature(aggregate, 720, "arr_delay")),
    feature("standardDeviation", 168, "air_hours"),
  ],
};
type View = typeof carriers;

let pyspark: PySpark;
let duckdb: DuckDBConnection;

beforeAll(async () => {
  const tables = await flightsDataset(console.log);
  pyspark = await ensurePySpark(console.log);
  duckdb = await (await DuckDBInstance.create()).connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  await duckdb.run(`CREATE TABLE flights AS
    SELECT CAST(time_hour AS TIMESTAMP) + to_minutes(CAST(minute AS BIGINT)) AS scheduled_at, carrier, origin, dest,
      distance, CAST(dep_delay AS INTEGER) AS dep_delay, CAST(arr_delay AS DOUBLE) AS arr_delay, air_time / 60.0 AS air_hours
    FROM read_csv('${tables}/flights.csv', nullstr = 'NA') WHERE time_hour < '2013-03-01'`);
  fs.mkdirSync(at("curated", "flights", "2013"), { recursive: true });
  await deliver("month < 2", "january.parquet");
  await deliver("month >= 2", "2013/february.parquet");
  fs.writeFileSync(at("views.json"), JSON.stringify([carriers, routes]));
});

afterAll(() => {
  duckdb.closeSync();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A file of flights below a condition, in which the word `month` is the month of the schedule. */
async function deliver(condition: string, file: string): Promise<void> {
  const where = condition.replace("month", "month(scheduled_at)");
  await duckdb.run(
    `COPY (SELECT * FROM flights WHERE ${where}) TO '${at("curated", "flights", file)}' (FORMAT parquet)`,
  );
}

function runPython(partitions: number, ...command: string[]): Promise<CommandResult> {
  const settings = [
    "--master local[2] --driver-memory 1g --conf spark.ui.enabled=false",
    `--conf spark.sql.shuffle.partitions=${partitions} pyspark-shell`,
  ];
  return runCommand(pyspark.python, ["-B", "-W", "ignore::ResourceWarning", ...command], {
    environment: { ...pyspark.environment, PYSPARK_SUBMIT_ARGS: settings.join(" ") },
    timeoutMilliseconds: 300_000,
  });
}

/** What the job says about each view. */
async function runJob(output: string, ...more: string[]): Promise<Record<string, unknown>[]> {
  const places = ["--views", at("views.json"), "--curated", at("curated"), "--output", at(output)];
  const result = await runPython(4, script, ...places, "--as-of", asOf, ...more);
  return result.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const aggregates: Record<string, (column: string) => string> = {
  count: (column) => `count(${column})`,
  sum: (column) => `sum(${column})`,
  mean: (column) => `avg(${column})`,
  minimum: (column) => `min(${column})`,
  maximum: (column) => `max(${column})`,
  standardDeviation: (column) => `stddev_samp(${column})`,
};

/** The definition, word for word: every entity at every moment, joined with the events of each window. */
function reference({ entity, frequency, features }: View, firstDay: string): string {
  const longest = Math.max(...features.map(({ windowHours }) => windowHours));
  const step = frequency === "hourly" ? 1 : 24;
  const keys = entity.join(", ");
  const values = features.map(
    ({ name, aggregate, column, windowHours }) =>
      `${aggregates[aggregate]!(column ?? "*")} FILTER (scheduled_at >= as_of - INTERVAL ${windowHours} HOUR) AS "${name}"`,
  );
  return `SELECT ${keys}, as_of, ${values.join(", ")}
    FROM (SELECT DISTINCT ${keys} FROM flights)
    CROSS JOIN generate_series(TIMESTAMP '${firstDay}', TIMESTAMP '${asOf.slice(0, 19)}', INTERVAL ${step} HOUR) AS moments(as_of)
    JOIN flights USING (${keys})
    WHERE scheduled_at < as_of AND scheduled_at >= as_of - INTERVAL ${longest + step} HOUR
    GROUP BY ${keys}, as_of`;
}

const written = (output: string, view: View): string =>
  `SELECT ${view.entity.join(", ")}, CAST(as_of AS TIMESTAMP) AS as_of, day, ${view.features.map(({ name }) => `"${name}"`).join(", ")}
   FROM read_parquet('${at(output, view.name)}/day=*/*.parquet', hive_partitioning = true)`;

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await duckdb.runAndReadAll(sql)).getRowObjectsJson();
}

/** Files of a view with their times, below its days. */
function filesOf(output: string, view: View): Record<string, number> {
  const names = fs.readdirSync(at(output, view.name), { recursive: true }) as string[];
  return Object.fromEntries(
    names
      .filter((name) => name.endsWith(".parquet") && !path.basename(name).startsWith("."))
      .map((name) => [name, fs.statSync(at(output, view.name, name)).mtimeMs]),
  );
}

test("the job's own tests pass: rows that can be worked out by hand", async () => {
  const { stderr } = await runPython(1, path.join(__dirname, "../jobs/batch-features/features_test.py"));
  expect(stderr).toMatch(/Ran 13 tests in [^]*OK/);
});

describe("the batch features of two months of flights", () => {
  let reports: Record<string, unknown>[];

  beforeAll(async () => {
    reports = await runJob("features", "--from", "2013-01-01");
    console.log(reports.map((report) => JSON.stringify(report)).join("\n"));
  });

  test.each([carriers, routes])("$name: every row and value is what DuckDB computes", async (view) => {
    const [total] = await rowsOf(`SELECT count(*)::INTEGER AS rows FROM (${reference(view, "2013-01-01")})`);
    const report = reports.find((candidate) => candidate["view"] === view.name);
    expect(report).toMatchObject({ rowsWritten: total!["rows"], rowsWithoutEntityOrTime: 0 });
    const differs = view.features.map(({ name }) => {
      const [left, right] = [`job."${name}"`, `reference."${name}"`];
      return `(${left} IS NULL) <> (${right} IS NULL) OR abs(${left} - ${right}) > 1e-9 * (1 + abs(${right}))`;
    });
    const keys = [...view.entity, "as_of"];
    const wrong = await rowsOf(`SELECT * FROM (${written("features", view)}) AS job
      FULL JOIN (${reference(view, "2013-01-01")}) AS reference USING (${keys.join(", ")})
      WHERE job.day IS NULL OR ${differs.join(" OR ")} OR CAST(as_of AS DATE) <> job.day LIMIT 3`);
    expect(wrong).toEqual([]);
    expect(total!["rows"]).toBeGreaterThan(1000);
  });

  test("a second run, and one that knows of flights after its moment, change nothing, bit for bit", async () => {
    await duckdb.run(`COPY (SELECT * REPLACE (scheduled_at + INTERVAL 59 DAY AS scheduled_at, 1e6 AS arr_delay) FROM flights)
      TO '${at("curated", "flights", "future.parquet")}' (FORMAT parquet)`);
    const again = await runJob("again", "--from", "2013-01-01");
    fs.rmSync(at("curated", "flights", "future.parquet"));
    expect(again.map((report) => Number(report["rowsFromTheFuture"]) > 50_000)).toEqual([true, true]);
    for (const view of [carriers, routes]) {
      const [first, second] = [written("features", view), written("again", view)];
      expect(await rowsOf(`(${first}) EXCEPT ALL (${second})`)).toEqual([]);
      expect(await rowsOf(`(${second}) EXCEPT ALL (${first})`)).toEqual([]);
    }
  });

  test("the nightly run replaces its days, where a late delivery is felt, and leaves the others alone", async () => {
    const before = filesOf("features", carriers);
    const kept = await rowsOf(written("features", carriers));
    await duckdb.run(`COPY (SELECT * REPLACE (TIMESTAMP '2013-02-28 12:30:00' AS scheduled_at, 'ZZ' AS carrier) FROM flights LIMIT 1)
      TO '${at("curated", "flights", "late.parquet")}' (FORMAT parquet)`);
    await runJob("features", "--recompute-days", "2");
    const after = filesOf("features", carriers);
    const untouched = (files: Record<string, number>) =>
      Object.entries(files).filter(([name]) => name < "day=2013-02-28");
    expect(untouched(after)).toEqual(untouched(before));
    expect(untouched(after).length).toBeGreaterThan(50);
    const rows = await rowsOf(written("features", carriers));
    const late = rows.filter((row) => row["carrier"] === "ZZ");
    expect(rows.filter((row) => row["carrier"] !== "ZZ")).toHaveLength(kept.length);
    expect(late.map((row) => row["as_of"]).sort()[0]).toBe("2013-02-28 13:00:00");
    expect(late.map((row) => row["count_rows_1"])).toEqual(["1", ...Array<string>(11).fill("0")]);
  });

  test("a view of a column that the data does not have stops the job with one sentence", async () => {
    fs.writeFileSync(at("views.json"), JSON.stringify([{ ...carriers, entity: ["airline"] }]));
    const failure: CommandResult = await runJob("nowhere").then(
      () => {
        throw new Error("The job succeeded.");
      },
      (error: CommandError) => error.result,
    );
    expect(failure.status).toBe(1);
    expect(failure.stderr).toContain(
      "View carriers: the data set flights has no column airline; it has scheduled_at, carrier, origin,",
    );
    expect(fs.existsSync(at("nowhere"))).toBe(false);
  });
});
