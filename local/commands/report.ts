/** What a command prints: steps with their times and a total, for people on a terminal and for logs. */
import { Listr, PRESET_TIMER } from "listr2";
import { formatDuration, type Progress } from "../toolchain/progress";

export interface Step {
  title: string;
  /** A text that it returns is added to the title. */
  run: (progress: Progress) => Promise<string | void>;
}

/** Runs the steps in order and prints each with its time; the first that fails ends them. */
export async function runSteps(steps: Step[]): Promise<void> {
  await (isTerminal() ? onTerminal(steps) : inPlainLines(steps));
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The last line of a command that worked. */
export function sayTotal(what: string, started: number): void {
  say(`${what} in ${formatDuration(Date.now() - started)}`);
}

/** Columns of equal width, the first row being the header. */
export function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

function isTerminal(): boolean {
  return process.stdout.isTTY === true && !process.env["CI"];
}

async function onTerminal(steps: Step[]): Promise<void> {
  const list = new Listr(
    steps.map(({ title, run }) => ({
      title,
      task: async (_context: unknown, task: { output: string; title: string }) => {
        const note = await run((line) => (task.output = line));
        if (note) task.title = `${title}: ${note}`;
      },
    })),
    // Ctrl-C belongs to the step that runs: the engine finishes what it has begun.
    {
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: true, showErrorMessage: false },
    },
  );
  await list.run();
}

async function inPlainLines(steps: Step[]): Promise<void> {
  for (const [index, { title, run }] of steps.entries()) {
    const started = Date.now();
    say(`[${index + 1}/${steps.length}] ${title}`);
    const note = await run(sparingly((line) => say(`      ${line}`)));
    say(`      ${note ? `${note} · ` : ""}${formatDuration(Date.now() - started)}`);
  }
}

const quietMilliseconds = 10_000;

/** Lines of an engine come every second with little new in them: a log gets one of them in ten seconds. */
function sparingly(progress: Progress): Progress {
  let last = Date.now();
  return (line) => {
    const isTicking = line.includes(" · ");
    if (isTicking && Date.now() - last < quietMilliseconds) return;
    if (isTicking) last = Date.now();
    progress(line);
  };
}
