/** Turns the failures of tools into one sentence with a way out. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SandboxError } from "../sandbox-error";
import { CommandError, lastWords } from "./run-command";

const GIGABYTE = 1e9;

export interface Step {
  /** "Building etcd 3.6.16" */
  title: string;
  /** Folder that grows, for the message about a full disk. */
  folder: string;
  /** What the step needs there at most, bytes. */
  bytesNeeded: number;
  /** How the folder is moved elsewhere: "set MLOPS_CACHE to a folder on a larger disk". */
  otherWayOut: string;
}

/** Free bytes on the disk that holds the folder, which need not exist yet. */
export function freeBytes(folder: string): number {
  let existing = path.resolve(folder);
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = fs.statfsSync(existing);
  return bavail * bsize;
}

export function gigabytes(bytes: number): string {
  return `${(bytes / GIGABYTE).toFixed(1)} GB`;
}

/** @throws SandboxError before the step starts when it cannot end well. */
export function requireDiskSpace(step: Step, free: number = freeBytes(step.folder)): void {
  if (free < step.bytesNeeded) throw diskFull(step, free);
}

/** The error that a user should see when a step failed with `error`. */
export function explainFailure(step: Step, error: unknown): Error {
  if (error instanceof SandboxError) return error;
  if (isDiskFull(error)) return diskFull(step, freeBytes(step.folder));
  if (error instanceof CommandError) {
    const words = lastWords(error.result);
    const cause = error.result.timedOut ? `it took too long; the last it said was: ${words}` : words;
    return new SandboxError(
      `${step.title} failed: ${sentence(cause)} Run the command again: what was finished is kept.`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isDiskFull(error: unknown): boolean {
  if (error instanceof CommandError) {
    return /no space left on device|ENOSPC|disk quota exceeded/i.test(
      error.result.stderr + error.result.stdout,
    );
  }
  return (error as NodeJS.ErrnoException | undefined)?.code === "ENOSPC";
}

function diskFull(step: Step, free: number): SandboxError {
  return new SandboxError(
    `${step.title} needs ${gigabytes(step.bytesNeeded)} in ${step.folder}, but only ${gigabytes(free)} are free. ` +
      `Free some space there, or ${step.otherWayOut}, and run the command again.`,
  );
}
