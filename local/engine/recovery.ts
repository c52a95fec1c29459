/** Puts a stack in order after its engine was killed, so that the next `up` converges and nothing is left over. */
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { stopDaemon } from "../emulators/daemon";
import { providerDaemonName, providerNames } from "../emulators/providers";
import { type JournalEntry, readJournal } from "../provider/shared/journal";
import { type Sandbox, SandboxError } from "../sandbox";
import type { Progress } from "../toolchain/progress";
import { type DeploymentState, managedResources, stateOf } from "./deployment";
import { endEngine, engineProcesses } from "./engine-process";
import { endOperation, interruptedOperation, journalFiles, type OperationMarker } from "./interruption";
import { ProviderClients } from "./provider-client";

/** An engine whose program was killed notices it within seconds, and then finishes the calls it has begun. */
const engineMilliseconds = 60_000;
const providerMilliseconds = 60_000;

export interface Recovery {
  /** Operations that the state had as unfinished. */
  pendingOperations: number;
  /** Physical resources that the state did not know; all of them are deleted. */
  orphans: JournalEntry[];
}

/**
 * Call it before the emulators are started: waits for the killed engine and for the calls of the providers that are
 * still running, so that afterwards the journals are complete.
 */
export async function settleInterrupted(
  sandbox: Sandbox,
  progress: Progress,
): Promise<OperationMarker | undefined> {
  const interrupted = interruptedOperation(sandbox);
  if (!interrupted) return undefined;
  progress(`The last ${interrupted.operation} was killed: waiting for what it had begun`);
  for (const pid of engineProcesses(sandbox)) await endEngine(pid, engineMilliseconds);
  for (const name of providerNames) await stopDaemon(sandbox, providerDaemonName(name), providerMilliseconds);
  return interrupted;
}

/** Call it with running emulators: unlocks the stack, deletes orphans and forgets unfinished operations. */
export async function recover(
  sandbox: Sandbox,
  stack: Stack,
  debugProviders: string,
  interrupted: OperationMarker,
  progress: Progress,
): Promise<Recovery> {
  await stack.cancel();
  const deployment = await stack.exportStack();
  const state = stateOf(deployment);
  const pending = state.pending_operations ?? [];
  const orphans = findOrphans(journalSince(sandbox, interrupted), state);
  if (orphans.length > 0) {
    progress(
      `Deleting ${orphans.length} resources that the killed ${interrupted.operation} made and did not record`,
    );
    await deleteAll(orphans, debugProviders);
  }
  if (pending.length > 0) {
    await stack.importStack({
      ...deployment,
      deployment: { ...deployment.deployment, pending_operations: [] },
    });
  }
  endOperation(sandbox);
  return { pendingOperations: pending.length, orphans };
}

/** Resources that the journal saw made and not deleted, and that the state does not hold; the newest first. */
export function findOrphans(journal: JournalEntry[], state: DeploymentState): JournalEntry[] {
  const key = ({ type, id }: { type: string; id?: string }) => `${type} ${id}`;
  const known = new Set(managedResources(state).map(key));
  const last = new Map<string, JournalEntry>();
  for (const entry of journal) {
    // Deleted first, so that the map is in the order of the last events.
    last.delete(key(entry));
    last.set(key(entry), entry);
  }
  return [...last.values()].filter((entry) => entry.event === "created" && !known.has(key(entry))).reverse();
}

/** Some resources cannot go before others, and nobody knows which: those that fail are tried again after the rest. */
async function deleteAll(orphans: JournalEntry[], debugProviders: string): Promise<void> {
  const clients = new ProviderClients(debugProviders);
  try {
    let left = orphans;
    while (left.length > 0) {
      const failed: { orphan: JournalEntry; error: Error }[] = [];
      for (const orphan of left)
        await clients.delete(orphan).catch((error: Error) => failed.push({ orphan, error }));
      if (failed.length === left.length) throw undeletable(failed);
      left = failed.map(({ orphan }) => orphan);
    }
  } finally {
    clients.close();
  }
}

function undeletable(failed: { orphan: JournalEntry; error: Error }[]): SandboxError {
  const lines = failed.map(({ orphan, error }) => `\n  - ${orphan.type} ${orphan.id}: ${error.message}`);
  return new SandboxError(
    `${failed.length} resources of a killed run cannot be deleted. Start afresh with: npm run local -- reset${lines.join("")}`,
  );
}

function journalSince(sandbox: Sandbox, { journals }: OperationMarker): JournalEntry[] {
  return journalFiles(sandbox).flatMap((file) => readJournal(file).slice(journals[path.basename(file)] ?? 0));
}
