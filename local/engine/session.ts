/** The local stack from the first daemon to its resources, in steps that a command or a test can run one by one. */
import * as path from "node:path";
import type { OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { type EmulatorOptions, type Emulators, emulatorStatus, startEmulators } from "../emulators";
import { type Sandbox, SandboxError } from "../sandbox";
import { withFileLock } from "../toolchain/file-lock";
import { type Progress, noProgress } from "../toolchain/progress";
import { stateOf } from "./deployment";
import type { OperationMarker } from "./interruption";
import { forgetMemoryLoss, memoryLoss, noteMemoryLoss, resetState } from "./memory-loss";
import { type OperationResult, refresh, up } from "./operations";
import { recover, type Recovery, settleInterrupted } from "./recovery";
import { selectStack } from "./stack";
import { type ResourceSummary, sandboxReasons, summarize } from "./summary";

/** The environment that is deployed to the emulators. */
export const localEnvironment = "local";

/** Emulators that run, and what happened before. */
export interface StartedSandbox {
  sandbox: Sandbox;
  emulators: Emulators;
  /** Those that have come up empty since the state was last looked at. */
  forgetful: string[];
  /** The operation that was killed, if the last one was. */
  interrupted?: OperationMarker;
}

export interface Deployment extends OperationResult {
  /** Plain values of the stack's outputs. */
  outputs: Record<string, unknown>;
  summary: ResourceSummary;
}

/** One command at a time works on the engine of a sandbox; a second one waits. */
export function withEngine<T>(sandbox: Sandbox, progress: Progress, action: () => Promise<T>): Promise<T> {
  const lock = path.join(path.dirname(sandbox.paths.pulumiHome), "engine.lock");
  return withFileLock(lock, action, {
    onWait: (pid) => progress(`Waiting for process ${pid ?? "?"}, which works on sandbox "${sandbox.name}"`),
  });
}

/** Starts the emulators, after a killed operation has come to its end. */
export async function startSandbox(
  sandbox: Sandbox,
  options: EmulatorOptions = {},
  progress: Progress = noProgress,
): Promise<StartedSandbox> {
  const interrupted = await settleInterrupted(sandbox, progress);
  const emulators = await startEmulators(sandbox, options, progress);
  return { sandbox, emulators, interrupted, forgetful: noteMemoryLoss(sandbox, emulators.startedEmpty) };
}

/** Opens the local stack; its state agrees with the emulators afterwards, whatever happened before. */
export async function openLocalStack(
  { sandbox, emulators, interrupted, forgetful }: StartedSandbox,
  options: { program?: PulumiFn; progress?: Progress } = {},
): Promise<{ stack: Stack; recovery?: Recovery }> {
  const { program, progress = noProgress } = options;
  const { debugProviders } = emulators;
  const loss = memoryLoss(forgetful);
  if (loss === "all") resetState(sandbox, progress);
  const stack = await selectStack(sandbox, localEnvironment, { debugProviders, program, progress });
  const recovery =
    interrupted && loss !== "all"
      ? await recover(sandbox, stack, debugProviders, interrupted, progress)
      : undefined;
  if (loss === "some") {
    progress(
      `${forgetful.join(" and ")} started afresh and empty: looking what is left of the last deployment`,
    );
    await refresh({ stack, progress, sandbox });
  }
  forgetMemoryLoss(sandbox);
  return { stack, recovery };
}

/** Runs `up` on the local stack and counts what it consists of. */
export async function deployLocal(
  sandbox: Sandbox,
  stack: Stack,
  options: { policyPacks?: string[]; progress?: Progress } = {},
): Promise<Deployment> {
  const { policyPacks, progress = noProgress } = options;
  const { outputs, ...result } = await up({ stack, progress, policyPacks, sandbox });
  const state = stateOf(await stack.exportStack());
  return { ...result, outputs: plainOutputs(outputs), summary: summarize(state, await sandboxReasons()) };
}

/** Outputs without the engine's wrapping. */
export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
}

/** @throws SandboxError unless the emulators run. */
export function requireRunning(sandbox: Sandbox | undefined, name: string): asserts sandbox is Sandbox {
  const needed = ["gateway", "ministack", "moto", "kube-apiserver"];
  const down =
    sandbox &&
    emulatorStatus(sandbox).filter(({ name: daemon, running }) => !running && needed.includes(daemon));
  if (down?.length === 0) return;
  throw new SandboxError(
    `The sandbox "${name}" is not running. Start it with: npm run local -- up --name ${name}`,
  );
}
