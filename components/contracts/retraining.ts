/** What may ask for a retraining. */
export enum RetrainingTrigger {
  Schedule = "schedule",
  Drift = "drift",
  Performance = "performance",
  Manual = "manual",
}

/** A request to the retraining controller; alarms and schedules are turned into this shape. */
export interface RetrainingRequest {
  /** What asks. */
  trigger: RetrainingTrigger;
  /** The same key twice is one request: an event id, an alarm's transition time, a ticket. */
  idempotencyKey: string;
  /** Evidence in words: the alarm's reason, the requester's note. */
  reason: string;
}

/** What the controller decided, and why; kept in its decisions table for every request. */
export interface RetrainingDecision {
  model: string;
  requestedAt: string;
  trigger: RetrainingTrigger;
  idempotencyKey: string;
  started: boolean;
  /** `started`, or the guard that refused: `duplicate`, `in-flight`, `cool-down`, `daily-cap`, `no-data`. */
  outcome: string;
  reason: string;
  executionArn?: string;
}

/** Input of the training state machine. */
export interface TrainingRequest {
  /** Why this run was started. */
  trigger: RetrainingTrigger;
  /** S3 prefix of the training data in the curated zone. */
  dataUri: string;
}
