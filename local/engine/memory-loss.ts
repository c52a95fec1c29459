/** Emulators keep everything in memory: what the engine's state says of a restarted one is no longer true. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Sandbox } from "../sandbox";
import type { Progress } from "../toolchain/progress";
import { endOperation, journalFiles } from "./interruption";
import { engineFolders } from "./stack";

const memories = ["ministack", "moto", "etcd"];

/** Stands for those that a note named which cannot be read any more. */
const unknownMemory = "an emulator";

export type MemoryLoss = "none" | "some" | "all";

/**
 * Notes which emulators came up empty, until the state has been put right: the command that starts them need not be
 * the one that looks at the state next.
 */
export function noteMemoryLoss(sandbox: Sandbox, startedEmpty: string[]): string[] {
  const noted = [...new Set([...notedMemoryLoss(sandbox), ...startedEmpty])];
  if (noted.length > 0) fs.writeFileSync(noteFile(sandbox), JSON.stringify(noted));
  return noted;
}

/** Emulators whose loss of memory the state does not know of yet. */
function notedMemoryLoss(sandbox: Sandbox): string[] {
  const file = noteFile(sandbox);
  if (!fs.existsSync(file)) return [];
  try {
    const noted: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
    if (Array.isArray(noted)) return noted as string[];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // A full disk may have cut it off. A note is only made of a loss, so the state has to be looked at.
  return [unknownMemory];
}

/** The state agrees with the emulators again. */
export function forgetMemoryLoss(sandbox: Sandbox): void {
  fs.rmSync(noteFile(sandbox), { force: true });
}

function noteFile(sandbox: Sandbox): string {
  return path.join(path.dirname(sandbox.paths.pulumiHome), "started-empty.json");
}

/** How much of what was deployed the emulators have forgotten. */
export function memoryLoss(startedEmpty: string[]): MemoryLoss {
  const lost = memories.filter((name) => startedEmpty.includes(name)).length;
  if (lost === memories.length) return "all";
  return lost > 0 || startedEmpty.includes(unknownMemory) ? "some" : "none";
}

/** Forgets what was deployed, when no emulator holds it any more. */
export function resetState(sandbox: Sandbox, progress: Progress): void {
  const { state, project } = engineFolders(sandbox);
  const known = fs.existsSync(state) && fs.readdirSync(state).length > 0;
  for (const folder of [state, project]) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  for (const file of journalFiles(sandbox)) fs.rmSync(file, { force: true });
  endOperation(sandbox);
  if (known)
    progress(
      "The emulators were started afresh and are empty: the state of the last deployment is forgotten",
    );
}
