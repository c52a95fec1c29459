/** Up, preview, refresh and destroy with live progress and errors that say what happened. */
import type { EngineEvent, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { type Sandbox, SandboxError } from "../sandbox";
import { formatDuration, type Progress } from "../toolchain/progress";
import { Activity, type Counts, type PolicyViolation } from "./activity";
import { beginOperation, endOperation, lockFiles } from "./interruption";

export interface OperationResult {
  counts: Counts;
  milliseconds: number;
  /** Policies that only advise; mandatory ones fail the operation. */
  violations: PolicyViolation[];
}

export interface OperationContext {
  stack: Stack;
  progress: Progress;
  /** Folders of policy packs. @default none */
  policyPacks?: string[];
  /** Marks the operation in the sandbox, so that a kill is noticed. @default it is not marked */
  sandbox?: Sandbox;
}

const progressMilliseconds = 1_000;

type Run<Answer> = (options: {
  onEvent(event: EngineEvent): void;
  signal: AbortSignal;
  color: "never";
}) => Promise<Answer>;

/** Brings the stack to what the program says. @throws SandboxError that names every resource that failed. */
export async function up(context: OperationContext): Promise<OperationResult & { outputs: OutputMap }> {
  const { answer, result } = await operate(context, "up", (options) =>
    context.stack.up({ ...options, policyPacks: context.policyPacks, suppressProgress: true }),
  );
  return { ...result, outputs: answer.outputs };
}

/** Says what `up` would do; nothing is made. */
export async function preview(context: OperationContext): Promise<OperationResult> {
  const { result } = await operate(context, "preview", (options) =>
    context.stack.preview({ ...options, policyPacks: context.policyPacks }),
  );
  return result;
}

/** Takes changes that were made behind the engine's back into its state. */
export async function refresh(context: OperationContext): Promise<OperationResult> {
  return (await operate(context, "refresh", (options) => context.stack.refresh(options))).result;
}

/** Deletes everything of the stack. */
export async function destroy(context: OperationContext): Promise<OperationResult> {
  return (await operate(context, "destroy", (options) => context.stack.destroy(options))).result;
}

async function operate<Answer>(context: OperationContext, operation: string, run: Run<Answer>) {
  const activity = new Activity();
  const ticker = setInterval(() => context.progress(activity.line()), progressMilliseconds);
  const abort = new AbortController();
  const stopListening = onInterrupt(abort, context.progress);
  if (context.sandbox) beginOperation(context.sandbox, operation);
  try {
    const answer = await run({
      onEvent: (event) => activity.add(event),
      signal: abort.signal,
      color: "never",
    });
    const { counts, milliseconds, violations } = activity;
    return { answer, result: { counts, milliseconds, violations } };
  } catch (error) {
    throw explain(operation, activity, error, abort.signal.aborted);
  } finally {
    clearInterval(ticker);
    stopListening();
    // An engine that has ended by itself has a complete state, whatever it says. One that was killed alone, as by a
    // lack of memory, leaves its lock: the next command has to recover.
    if (context.sandbox && lockFiles(context.sandbox).length === 0) endOperation(context.sandbox);
  }
}

/** The first Ctrl-C lets the engine finish what it has begun; a second one ends everything at once. */
function onInterrupt(abort: AbortController, progress: Progress): () => void {
  const handle = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    progress("Interrupted: finishing what has begun (again to end at once)");
    abort.abort();
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return () => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
}

function explain(operation: string, activity: Activity, error: unknown, interrupted: boolean): Error {
  if (interrupted) {
    return new SandboxError(
      `${operation} was interrupted after ${formatDuration(activity.milliseconds)}. Run it again to go on.`,
    );
  }
  const broken = activity.violations.filter((violation) => violation.mandatory);
  const lines = [
    ...broken.map(
      ({ policy, pack, resource, message }) => `policy ${pack}/${policy} on ${resource}: ${message}`,
    ),
    ...activity.causes.map(({ resource, message }) => (resource ? `${resource}: ${message}` : message)),
  ];
  if (lines.length === 0) return error instanceof Error ? error : new Error(String(error));
  const faults = lines.length === 1 ? "1 fault" : `${lines.length} faults`;
  return new SandboxError(
    `${operation} failed after ${formatDuration(activity.milliseconds)} with ${faults}:\n` +
      lines.map((line) => `  - ${line.replaceAll("\n", "\n    ")}`).join("\n"),
    { cause: error },
  );
}
