/** Processes of a sandbox that no pid file names: children of a daemon that crashed, or of a killed start. */
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../sandbox";

const KILL_MILLISECONDS = 2_000;

/** Every daemon gets it in its environment, and what a daemon starts inherits it. */
export const OWNER_VARIABLE = "MLOPS_SANDBOX_ROOT";

/** Ids of the sandbox's processes. Only Linux shows the environment of a process; elsewhere the pid files must do. */
export function findLeftovers(sandbox: Sandbox): number[] {
  if (process.platform !== "linux") return [];
  const mark = `${OWNER_VARIABLE}=${sandbox.paths.root}`;
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark));
}

/** Kills them and waits until they are gone. */
export async function endLeftovers(sandbox: Sandbox): Promise<void> {
  for (const pid of findLeftovers(sandbox)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  const deadline = Date.now() + KILL_MILLISECONDS;
  while (findLeftovers(sandbox).length > 0 && Date.now() < deadline) await sleep(50);
}

function environmentOf(pid: number): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It has ended, or belongs to another user.
    return [];
  }
}
