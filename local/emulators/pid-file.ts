/** What is known of a daemon after the command that started it has ended. */
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { isRunning } from "../toolchain/process-identity";

const pidFile = z.strictObject({
  pid: z.number().int().positive(),
  startedAt: z.string(),
  /** Hash of command line and settings: a daemon started otherwise is not reused. */
  fingerprint: z.string(),
  /** The port a daemon chose itself. */
  announcedPort: z.number().int().optional(),
});

export type PidFile = z.infer<typeof pidFile>;

export function readPidFile(folder: string, daemon: string): PidFile | undefined {
  try {
    return pidFile.parse(JSON.parse(fs.readFileSync(fileOf(folder, daemon), "utf8")));
  } catch {
    return undefined;
  }
}

export function writePidFile(folder: string, daemon: string, content: PidFile): void {
  const file = fileOf(folder, daemon);
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(content)}\n`);
  fs.renameSync(`${file}.new`, file);
}

export function removePidFile(folder: string, daemon: string): void {
  fs.rmSync(fileOf(folder, daemon), { force: true });
}

/** The record of the daemon if its process runs. */
export function runningProcess(folder: string, daemon: string): PidFile | undefined {
  const recorded = readPidFile(folder, daemon);
  return recorded && isRunning(recorded) ? recorded : undefined;
}

export function anyRunning(folder: string): boolean {
  if (!fs.existsSync(folder)) return false;
  const daemons = fs.readdirSync(folder).filter((file) => file.endsWith(".json"));
  return daemons.some((file) => runningProcess(folder, path.basename(file, ".json")) !== undefined);
}

function fileOf(folder: string, daemon: string): string {
  return path.join(folder, `${daemon}.json`);
}
