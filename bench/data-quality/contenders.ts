/** Who is measured, how a contender is started, and when its answer is right. */
import * as fs from "node:fs";
import * as path from "node:path";

import { CommandError, runCommand } from "../../local/toolchain/run-command";
import type { BenchFile } from "./flights";

export interface Contender {
  id: string;
  title: string;
  /** What it does beyond the checks. */
  work: string;
  command: (python: string, validator: string) => string[];
  environment?: Record<string, string>;
  /** The number that it has to find in the file. */
  expected: (file: BenchFile) => number;
}

const script =
  (name: string) =>
  (python: string): string[] => [python, "-B", path.join(__dirname, "contenders", `${name}.py`)];

export const contenders: Contender[] = [
  {
    id: "validator",
    title: "Our validator",
    work: "checks, profile of every column, files of good and bad rows with reasons",
    command: (_python, validator) => [process.execPath, validator],
    expected: ({ badRows }) => badRows,
  },
  {
    id: "pandas",
    title: "pandas by hand",
    work: "checks, profile of every column, files of good and bad rows without reasons",
    command: script("pandas_checks"),
    expected: ({ badRows }) => badRows,
  },
  {
    id: "pandera",
    title: "pandera",
    work: "checks, which rows are bad; no profile, no files",
    command: script("pandera_checks"),
    expected: ({ badRows }) => badRows,
  },
  {
    id: "great-expectations",
    title: "Great Expectations",
    work: "checks with the rows that fail (result format COMPLETE), profile of every column without histograms, files of good and bad rows without reasons",
    command: script("great_expectations_checks"),
    expected: ({ badRowsWithFirstOfRepeats }) => badRowsWithFirstOfRepeats,
  },
  {
    id: "great-expectations-checks",
    title: "Great Expectations, checks only",
    work: "checks, how many rows fail each (result format BASIC); no profile, no files",
    command: script("great_expectations_checks"),
    environment: { GX_BENCH_WORK: "counts" },
    expected: ({ violations }) => violations,
  },
];

export interface RunLimits {
  seconds: number;
  megabytes: number;
}

/** One contender on one file. */
export interface Measurement {
  contender: string;
  format: string;
  rows: number;
  bytes: number;
  /** Why there are no figures. */
  unfinished?: string;
  /** From opening the file to the answer, without the start of the process. */
  workSeconds?: number;
  /** The whole process. */
  processSeconds: number;
  rowsPerSecond?: number;
  /** How long the whole process kept processors busy; other work on the machine hardly changes it. */
  processorSeconds: number;
  /** Most memory that the process held, in megabytes (10^6 bytes). */
  peakMegabytes: number;
  badRows?: number;
}

interface Measured {
  status: number | null;
  endedBy: "time" | "memory" | null;
  processSeconds: number;
  processorSeconds: number;
  peakMegabytes: number;
  answer: string;
}

/**
 * Runs a contender in a process of its own.
 * @throws Error when it ends by itself without the right number of bad rows
 */
export async function measure(
  contender: Contender,
  file: BenchFile,
  place: { python: string; validator: string; contract: string; folder: string },
  limits: RunLimits,
): Promise<Measurement> {
  const output = path.join(place.folder, `output-${contender.id}`);
  fs.rmSync(output, { recursive: true, force: true });
  const command = [...contender.command(place.python, place.validator), file.path, place.contract, output];
  const measured = await runMeasured(place.python, command, contender.environment ?? {}, limits);
  fs.rmSync(output, { recursive: true, force: true });
  const { processSeconds, processorSeconds, peakMegabytes, endedBy } = measured;
  const used = { processSeconds, processorSeconds, peakMegabytes };
  const base = { contender: contender.id, format: file.format, rows: file.rows, bytes: file.bytes, ...used };
  if (endedBy !== null) {
    const limit = endedBy === "time" ? `${limits.seconds} s` : `${limits.megabytes} MB of memory`;
    return { ...base, unfinished: `did not finish within ${limit}` };
  }
  const answer = readAnswer(contender, measured);
  const expected = contender.expected(file);
  if (answer.rows !== file.rows || answer.badRows !== expected) {
    throw new Error(
      `${contender.title} found ${answer.badRows} bad of ${answer.rows} rows in ${file.path}; right are ${expected} of ${file.rows}.`,
    );
  }
  const { workSeconds, badRows } = answer;
  const rowsPerSecond = Math.round(file.rows / workSeconds);
  return { ...base, workSeconds, rowsPerSecond, badRows };
}

async function runMeasured(
  python: string,
  command: string[],
  environment: Record<string, string>,
  { seconds, megabytes }: RunLimits,
): Promise<Measured> {
  const arguments_ = [path.join(__dirname, "measure.py"), String(seconds), String(megabytes), ...command];
  const { stdout } = await runCommand(python, arguments_, { environment });
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Measured;
}

function readAnswer(
  contender: Contender,
  measured: Measured,
): { rows: number; badRows: number; workSeconds: number } {
  if (measured.status !== 0 || measured.answer === "") {
    throw new Error(
      `${contender.title} ended with status ${measured.status} and the answer "${measured.answer}".`,
    );
  }
  return JSON.parse(measured.answer) as { rows: number; badRows: number; workSeconds: number };
}

/** The error of a contender that failed, with what it said last. */
export function explain(error: unknown): string {
  if (!(error instanceof CommandError)) return (error as Error).message;
  return `${error.message}\n${error.result.stderr.split("\n").slice(-15).join("\n")}`;
}
