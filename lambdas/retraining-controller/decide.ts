import type { ControllerRequest } from "./request";

/** How often a model may be trained again. */
export interface RetrainingLimits {
  /** Seconds after a started run in which no other is started. */
  coolDownSeconds: number;
  /** Runs that may be started in 24 hours. */
  dailyCap: number;
}

/** What the controller knows when it decides. */
export interface RetrainingSituation {
  now: Date;
  /** Whether this request was decided before. */
  isDuplicate: boolean;
  /** Executions of the pipeline that are running. */
  runningExecutions: string[];
  /** Times at which the controller started runs. */
  recentStarts: Date[];
}

/** The guard that refused, or that a run starts. */
export enum Outcome {
  Started = "started",
  Duplicate = "duplicate",
  NoData = "no-data",
  InFlight = "in-flight",
  CoolDown = "cool-down",
  DailyCap = "daily-cap",
}

/** A decision with the sentence behind it. */
export interface Decision {
  outcome: Outcome;
  reason: string;
}

/** Length of the span that the daily cap counts in, in milliseconds. */
export const capSpan = 24 * 3_600_000;

/** Decides whether a request starts a run. The guards are asked in the order of what an operator wants to know first. */
export function decide(
  request: ControllerRequest,
  situation: RetrainingSituation,
  limits: RetrainingLimits,
): Decision {
  const { now, isDuplicate, runningExecutions, recentStarts } = situation;
  const refuse = (outcome: Outcome, reason: string): Decision => ({ outcome, reason });
  if (isDuplicate)
    return refuse(Outcome.Duplicate, `The request ${request.idempotencyKey} was decided before.`);
  if (!request.hasData) {
    return refuse(
      Outcome.NoData,
      `There is no data behind the request, and silence teaches nothing: ${request.reason}`,
    );
  }
  const [running] = runningExecutions;
  if (running !== undefined) return refuse(Outcome.InFlight, `The run ${running} has not ended yet.`);
  const newest = Math.max(...recentStarts.map((start) => start.getTime()));
  const coolUntil = newest + limits.coolDownSeconds * 1000;
  if (now.getTime() < coolUntil) {
    return refuse(
      Outcome.CoolDown,
      `The last run was started at ${new Date(newest).toISOString()}; the next may start at ${new Date(coolUntil).toISOString()}.`,
    );
  }
  const counted = recentStarts.filter((start) => start.getTime() > now.getTime() - capSpan).length;
  if (counted >= limits.dailyCap) {
    return refuse(
      Outcome.DailyCap,
      `${counted} runs were started in the last 24 hours; ${limits.dailyCap} are allowed.`,
    );
  }
  return { outcome: Outcome.Started, reason: request.reason };
}
