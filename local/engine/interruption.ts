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

/** The operation that did not come to its end, if the last one was killed. */
export function interruptedOperation(sandbox: Sandbox): OperationMarker | undefined {
  try {
    return JSON.parse(fs.readFileSync(markerFile(sandbox), "utf8")) as OperationMarker;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // Half a marker is that of an operation killed at its very start: it made nothing yet.
    if (error instanceof SyntaxError)
      return { operation: "up", startedAt: "", journals: journalLengths(sandbox) };
    throw error;
  }
}

export function beginOperation(sandbox: Sandbox, operation: string): void {
  const marker = { operation, startedAt: new Date().toISOString(), journals: journalLengths(sandbox) };
  fs.writeFileSync(markerFile(sandbox), JSON.stringify(marker satisfies OperationMarker));
}

export function endOperation(sandbox: Sandbox): void {
  fs.rmSync(markerFile(sandbox), { force: true });
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
