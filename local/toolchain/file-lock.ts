/** A lock between processes that a killed owner cannot keep. */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessIdentity, identify, isRunning } from "./process-identity";

const POLL_MILLISECONDS = 250;

export interface LockOptions {
  /** Called once when somebody else has the lock. */
  onWait?: (ownerPid: number | undefined) => void;
}

/** Runs `action` while no other process (and no other caller in this one) holds the lock of that file. */
export async function withFileLock<T>(
  file: string,
  action: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!tryLock(file)) {
    if (!told) options.onWait?.(readOwner(file)?.pid);
    told = true;
    await sleep(POLL_MILLISECONDS);
  }
  try {
    return await action();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** A link appears with its content or not at all, so a reader never sees a lock without its owner. */
function tryLock(file: string): boolean {
  const mine = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    fs.linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    removeIfAbandoned(file, mine);
    return false;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/** Renaming first makes sure that of two processes that notice the same dead owner only one removes its lock. */
function removeIfAbandoned(file: string, mine: string): void {
  const owner = readOwner(file);
  if (!owner || isRunning(owner)) return;
  const aside = `${mine}.abandoned`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readOwner(aside);
  // Between reading and renaming, another process may have removed the dead lock and taken its own: give it back.
  if (moved && isRunning(moved)) fs.linkSync(aside, file);
  fs.rmSync(aside, { force: true });
}

function readOwner(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
