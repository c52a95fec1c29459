/** What an operation of the engine leaves behind while it runs, so that the next command knows if it was killed. */
import * as fs from "node:fs";
import * as path from "node:path";
import { readJournal } from "../provider/shared/journal";
import type { Sandbox } from "../sandbox";

/** An operation that began. */
export interface OperationMarker {
  operation: string;
  /** ISO 8601. */
  startedAt: string;
  /** Entries that each journal had then: what follows was made by this operation. */
  journals: Record<string, number>;
}

/**
 * The operation that did not come to its end, if the last one was killed. A lock that is left over in the state says
 * so as well, for no other operation can begin before it is gone.
 */
export function interruptedOperation(sandbox: Sandbox): OperationMarker | undefined {
  try {
    return JSON.parse(fs.readFileSync(markerFile(sandbox), "utf8")) as OperationMarker;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (missing && lockFiles(sandbox).length === 0) return undefined;
    // Half a marker is that of an operation killed at its very start: it made nothing yet.
    if (missing || error instanceof SyntaxError)
      return { operation: "up", startedAt: "", journals: journalLengths(sandbox) };
    throw error;
  }
}

export function beginOperation(sandbox: Sandbox, operation: string): void {
  // On a locked stack nothing can be done: the marker of what locked it still says what there is to recover.
  if (lockFiles(sandbox).length > 0 && fs.existsSync(markerFile(sandbox))) return;
  const marker = { operation, startedAt: new Date().toISOString(), journals: journalLengths(sandbox) };
  fs.writeFileSync(markerFile(sandbox), JSON.stringify(marker satisfies OperationMarker));
}

export function endOperation(sandbox: Sandbox): void {
  fs.rmSync(markerFile(sandbox), { force: true });
}

/** Locks of stacks in the file backend; an engine that ends by itself removes its own. */
export function lockFiles(sandbox: Sandbox): string[] {
  const locks = path.join(sandbox.paths.engineState, ".pulumi", "locks");
  if (!fs.existsSync(locks)) return [];
  return fs
    .readdirSync(locks, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .map((file) => path.join(locks, file));
}

/** Files in which the providers write down what they make. */
export function journalFiles(sandbox: Sandbox): string[] {
  return [sandbox.paths.awsJournal, sandbox.paths.kubernetesJournal];
}

function journalLengths(sandbox: Sandbox): Record<string, number> {
  return Object.fromEntries(
    journalFiles(sandbox).map((file) => [path.basename(file), readJournal(file).length]),
  );
}

function markerFile(sandbox: Sandbox): string {
  return path.join(path.dirname(sandbox.paths.pulumiHome), "operation.json");
}
