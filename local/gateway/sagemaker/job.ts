import type { CreateProcessingJobRequest, CreateTrainingJobRequest, Tag } from "@aws-sdk/client-sagemaker";

/** The two kinds of job that the gateway runs. */
export enum JobKind {
  Training = "training",
  Processing = "processing",
}

/** Where a job is on its way. */
export enum Phase {
  Starting = "Starting",
  Downloading = "Downloading",
  Running = "Running",
  Uploading = "Uploading",
  Stopping = "Stopping",
  Completed = "Completed",
  Failed = "Failed",
  Stopped = "Stopped",
  TimedOut = "TimedOut",
}

const finalPhases: ReadonlySet<Phase> = new Set([
  Phase.Completed,
  Phase.Failed,
  Phase.Stopped,
  Phase.TimedOut,
]);

export const isFinal = (phase: Phase): boolean => finalPhases.has(phase);

/** A metric that a log line showed. */
export interface ObservedMetric {
  name: string;
  value: number;
  /** Seconds since 1970. */
  timestamp: number;
}

interface JobBase {
  name: string;
  arn: string;
  phase: Phase;
  /** Every phase with the second since 1970 at which it began. */
  history: { phase: Phase; startedAt: number }[];
  tags: Tag[];
  /** Why the job failed. */
  failureReason?: string;
  /** What a processing script left in `/opt/ml/output/message`. */
  exitMessage?: string;
  /** Leader of the job's process group while it runs, with the system's start time to tell it from a later one. */
  process?: { id: number; startedAt: string };
}

export interface TrainingJob extends JobBase {
  kind: JobKind.Training;
  request: CreateTrainingJobRequest;
  /** Last value of every metric that the request defines. */
  metrics: ObservedMetric[];
  /** S3 URI of `model.tar.gz` once it is uploaded. */
  artefact?: string;
}

export interface ProcessingJob extends JobBase {
  kind: JobKind.Processing;
  request: CreateProcessingJobRequest;
}

export type Job = TrainingJob | ProcessingJob;

/** Second since 1970 at which a phase began for the last time. */
export function startOf(job: Job, ...phases: Phase[]): number | undefined {
  return job.history.findLast((entry) => phases.includes(entry.phase))?.startedAt;
}

export const createdAt = (job: Job): number => job.history[0]?.startedAt ?? 0;

export const modifiedAt = (job: Job): number => job.history.at(-1)?.startedAt ?? 0;

/** Seconds since 1970, to the millisecond, as AWS's JSON protocol writes times. */
export const nowSeconds = (): number => Date.now() / 1000;

/** A request as describe operations repeat it: without the tags, which have operations of their own. */
export function withoutTags<T extends { Tags?: Tag[] }>(request: T): Omit<T, "Tags"> {
  const copy = { ...request };
  delete copy.Tags;
  return copy;
}
