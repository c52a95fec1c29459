/** Processes of the engine that a killed command has left behind. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../sandbox";
import { identify, isRunning } from "../toolchain/process-identity";
import { lockFiles } from "./interruption";

/** Pids of engines that hold the lock of a stack; our own lock says that none of them has a living command. */
export function engineProcesses(sandbox: Sandbox): number[] {
  return lockFiles(sandbox)
    .map(lockHolder)
    .filter((pid) => pid !== undefined);
}

/** Waits until the engine has ended, and ends it when it takes too long; any other process is left alone. */
export async function endEngine(pid: number, milliseconds: number): Promise<void> {
  const engine = identify(pid);
  if (!engine || !isPulumi(pid)) return;
  const deadline = Date.now() + milliseconds;
  while (isRunning(engine) && Date.now() < deadline) await sleep(200);
  if (isRunning(engine)) process.kill(pid, "SIGKILL");
}

/** A pid may belong to something else since: only an engine is ended. */
export function isPulumi(pid: number, platform = process.platform): boolean {
  try {
    return /(^|\/)pulumi$/.test(platform === "linux" ? commandOnLinux(pid) : commandFromPs(pid));
  } catch {
    // Nobody has the pid any more, or it cannot be told who: better a process too many than a stranger killed.
    return false;
  }
}

function commandOnLinux(pid: number): string {
  return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]!;
}

function commandFromPs(pid: number): string {
  return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

/** Undefined for a lock that a crash or a full disk cut off: it still locks, but does not say for whom. */
function lockHolder(file: string): number | undefined {
  try {
    const { pid } = JSON.parse(fs.readFileSync(file, "utf8")) as { pid?: unknown };
    // Zero and negative numbers would mean whole groups of processes.
    return Number.isInteger(pid) && (pid as number) > 0 ? (pid as number) : undefined;
  } catch {
    return undefined;
  }
}
