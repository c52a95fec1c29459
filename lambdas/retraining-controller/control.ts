import { createHash } from "node:crypto";

import {
  ExecutionAlreadyExists,
  ExecutionStatus,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";

import type { RetrainingDecision, TrainingRequest } from "../../components/contracts/retraining";
import { decide, Outcome, RetrainingLimits } from "./decide";
import type { DecisionsTable } from "./decisions-table";
import type { ControllerRequest } from "./request";

/** What the controller of one model drives. */
export interface ControllerTarget {
  model: string;
  stateMachineArn: string;
  dataUri: string;
  limits: RetrainingLimits;
}

/** Longer than the function may run, so that a lease never ends under a live holder. */
const leaseMilliseconds = 120_000;

/** Thrown when another decision of the model is under way; the event is tried again. */
export class DecisionUnderWay extends Error {}

/**
 * Name of the execution for a request. Step Functions refuses a second execution of a name for 90 days, which makes
 * the start itself idempotent.
 */
export function executionName({ trigger, idempotencyKey }: ControllerRequest): string {
  return `${trigger}-${createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 12)}`;
}

/** Decides on a request, starts the run if it may, and keeps the decision. One decision of a model at a time. */
export async function control(
  request: ControllerRequest,
  target: ControllerTarget,
  table: DecisionsTable,
  stepFunctions: SFNClient,
  now: Date,
): Promise<RetrainingDecision> {
  const owner = `${request.idempotencyKey} ${now.getTime()} ${Math.random()}`;
  const recentStarts = await table.lock(owner, now, leaseMilliseconds);
  if (recentStarts === undefined) {
    throw new DecisionUnderWay(`Another retraining decision of ${target.model} is under way; try again.`);
  }
  try {
    return await decideAndStart(request, target, recentStarts, table, stepFunctions, now);
  } finally {
    await table.unlock(owner);
  }
}

async function decideAndStart(
  request: ControllerRequest,
  target: ControllerTarget,
  recentStarts: Date[],
  table: DecisionsTable,
  stepFunctions: SFNClient,
  now: Date,
): Promise<RetrainingDecision> {
  const name = executionName(request);
  const running = await runningExecutions(stepFunctions, target.stateMachineArn);
  const isDuplicate = await table.isDecided(request.idempotencyKey);
  // Our own execution without a decision: an earlier attempt ended between the start and the record.
  const others = running.filter((other) => other !== name);
  const { outcome, reason } = decide(
    request,
    { now, isDuplicate, runningExecutions: others, recentStarts },
    target.limits,
  );
  const started = outcome === Outcome.Started;
  const decision: RetrainingDecision = {
    model: target.model,
    requestedAt: now.toISOString(),
    trigger: request.trigger,
    idempotencyKey: request.idempotencyKey,
    started,
    outcome,
    reason,
    ...(started ? { executionArn: await start(stepFunctions, name, request, target) } : {}),
  };
  if (outcome === Outcome.Duplicate) await table.countDuplicate(request.idempotencyKey);
  else await table.record(decision, recentStarts, now);
  return decision;
}

async function runningExecutions(stepFunctions: SFNClient, stateMachineArn: string): Promise<string[]> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: ExecutionStatus.RUNNING }),
  );
  return executions.map(({ name = "" }) => name);
}

async function start(
  stepFunctions: SFNClient,
  name: string,
  { trigger }: ControllerRequest,
  { stateMachineArn, dataUri }: ControllerTarget,
): Promise<string> {
  const input: TrainingRequest = { trigger, dataUri };
  try {
    const { executionArn = "" } = await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
    return executionArn;
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    return `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
  }
}
