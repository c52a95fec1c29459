/**
 * Measures the data validator against pandas, pandera and Great Expectations on the same files.
 *
 *   npm run bench:data-quality -- [--sizes 0.1,1,10] [--formats csv,parquet] [--contenders validator,pandas,…]
 *                                 [--minutes 10] [--megabytes 16000] [--output bench/data-quality/results]
 *
 * Sizes are millions of rows. The limits are those of one run; a contender that runs into one "did not finish", and is not
 * tried on more rows of that format.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Command } from "commander";

import { flightsDataset } from "../../local/toolchain/dataset";
import { formatDuration } from "../../local/toolchain/progress";
import { renderChart } from "./chart";
import { type Contender, type Measurement, type RunLimits, contenders, explain, measure } from "./contenders";
import { bundleValidator, describeMachine, ensureContenders } from "./environment";
import { type BenchFile, BenchFormat, contract, makeFiles } from "./flights";
import { type BenchResults, millions, renderMarkdown } from "./report";

export interface BenchOptions {
  sizes: number[];
  formats: BenchFormat[];
  contenders: Contender[];
  limits: RunLimits;
  /** Folder of the results. */
  output: string;
  /** Folder for files, results of checks and the bundle; the files are kept for the next time. */
  scratch: string;
  progress: (line: string) => void;
}

/** Runs every contender on every file and writes results.json, README.md and chart.svg. */
export async function runBench(options: BenchOptions): Promise<BenchResults> {
  const { progress, scratch, limits } = options;
  fs.mkdirSync(scratch, { recursive: true });
  const tables = await flightsDataset(progress);
  const python = await ensureContenders(progress);
  const place = {
    python,
    validator: await bundleValidator(scratch),
    contract: path.join(scratch, "contract.json"),
    folder: scratch,
  };
  fs.writeFileSync(place.contract, JSON.stringify(contract));
  const results: BenchResults = { machine: await describeMachine(python), limits, measurements: [] };
  for (const size of options.sizes) {
    progress(`Making the files of ${millions(size)} rows`);
    for (const file of await makeFiles(tables, size, options.formats, scratch)) {
      await measureAll(file, options, place, results);
    }
  }
  writeResults(options.output, results);
  progress(`Results are in ${options.output}`);
  return results;
}

async function measureAll(
  file: BenchFile,
  options: BenchOptions,
  place: Parameters<typeof measure>[2],
  results: BenchResults,
): Promise<void> {
  for (const contender of options.contenders) {
    const before = `${millions(file.rows)} rows, ${file.format}, ${contender.title}:`;
    const gaveUp = results.measurements.find(
      (one) => one.contender === contender.id && one.format === file.format && one.unfinished !== undefined,
    );
    if (gaveUp !== undefined) {
      options.progress(`${before} left out, it did not finish fewer rows`);
      continue;
    }
    const measurement = await measure(contender, file, place, options.limits).catch((error: unknown) => {
      throw new Error(`${before} ${explain(error)}`);
    });
    results.measurements.push(measurement);
    options.progress(`${before} ${summary(measurement)}`);
    // Kept after each run: a long evening is not lost.
    writeResults(options.output, results);
  }
}

function summary({ unfinished, rowsPerSecond, workSeconds, peakMegabytes }: Measurement): string {
  if (unfinished !== undefined) return unfinished;
  const speed = `${rowsPerSecond!.toLocaleString("en-US")} rows a second`;
  return `${formatDuration(1000 * workSeconds!)}, ${speed}, ${Math.round(peakMegabytes)} MB`;
}

function writeResults(folder: string, results: BenchResults): void {
  fs.mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string): void => fs.writeFileSync(path.join(folder, name), content);
  write("results.json", `${JSON.stringify(results, undefined, 2)}\n`);
  write("README.md", renderMarkdown(results));
  write("chart.svg", renderChart(results.measurements));
}

/** @throws Error naming the option that is wrong and what is allowed. */
export function readOptions(values: Record<string, string>): Omit<BenchOptions, "scratch" | "progress"> {
  const list = (name: string): string[] => (values[name] ?? "").split(",").filter((word) => word !== "");
  const choose = <T>(name: string, allowed: Record<string, T>): T[] =>
    list(name).map((word) => {
      const found = allowed[word];
      if (found === undefined) {
        throw new Error(`--${name}: ${word} was given; allowed are ${Object.keys(allowed).join(", ")}.`);
      }
      return found;
    });
  const positive = (name: string, text: string): number => {
    const value = Number(text);
    if (!(value > 0)) throw new Error(`--${name}: "${text}" was given; a number above 0 is needed.`);
    return value;
  };
  return {
    sizes: list("sizes").map((size) => Math.round(1e6 * positive("sizes", size))),
    formats: choose("formats", { csv: BenchFormat.Csv, parquet: BenchFormat.Parquet }),
    contenders: choose("contenders", Object.fromEntries(contenders.map((one) => [one.id, one]))),
    limits: {
      seconds: 60 * positive("minutes", values["minutes"] ?? ""),
      megabytes: positive("megabytes", values["megabytes"] ?? ""),
    },
    output: path.resolve(values["output"] ?? ""),
  };
}

async function main(): Promise<void> {
  const memory = Math.floor((0.65 * os.totalmem()) / 1e6);
  const command = new Command()
    .option("--sizes <millions>", "millions of rows", "0.1,1,10")
    .option("--formats <names>", "file formats", "csv,parquet")
    .option("--contenders <ids>", "who is measured", contenders.map(({ id }) => id).join(","))
    .option("--minutes <number>", "limit of one run", "10")
    .option("--megabytes <number>", "memory limit of one run", String(memory))
    .option("--output <folder>", "where results go", path.join(__dirname, "results"))
    .parse();
  await runBench({
    ...readOptions(command.opts()),
    scratch: path.join(__dirname, "../../.local/bench/data-quality"),
    progress: (line) => process.stdout.write(`${line}\n`),
  });
}

if (require.main === module) {
  main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
