import {
  createdAt,
  isFinal,
  Job,
  JobKind,
  modifiedAt,
  Phase,
  ProcessingJob,
  startOf,
  TrainingJob,
  withoutTags,
} from "./job";

/** A describe answer in AWS's JSON protocol: times are seconds since 1970. */
export type Description = Record<string, unknown>;

interface TrainingStatus {
  status: string;
  secondary: string;
  message: string;
}

const trainingStatuses: Record<Phase, TrainingStatus> = {
  [Phase.Starting]: { status: "InProgress", secondary: "Starting", message: "Starting the training job" },
  [Phase.Downloading]: { status: "InProgress", secondary: "Downloading", message: "Downloading input data" },
  [Phase.Running]: { status: "InProgress", secondary: "Training", message: "Training in progress" },
  [Phase.Uploading]: {
    status: "InProgress",
    secondary: "Uploading",
    message: "Uploading generated training model",
  },
  [Phase.Stopping]: { status: "Stopping", secondary: "Stopping", message: "Stopping the training job" },
  [Phase.Completed]: { status: "Completed", secondary: "Completed", message: "Training job completed" },
  [Phase.Failed]: { status: "Failed", secondary: "Failed", message: "Training job failed" },
  [Phase.Stopped]: { status: "Stopped", secondary: "Stopped", message: "Training job stopped" },
  [Phase.TimedOut]: {
    status: "Stopped",
    secondary: "MaxRuntimeExceeded",
    message: "Training job runtime exceeded MaxRuntimeInSeconds provided",
  },
};

const processingStatuses: Record<Phase, string> = {
  [Phase.Starting]: "InProgress",
  [Phase.Downloading]: "InProgress",
  [Phase.Running]: "InProgress",
  [Phase.Uploading]: "InProgress",
  [Phase.Stopping]: "Stopping",
  [Phase.Completed]: "Completed",
  [Phase.Failed]: "Failed",
  [Phase.Stopped]: "Stopped",
  [Phase.TimedOut]: "Stopped",
};

/** Status of a job as its list and describe operations name it. */
export function statusOf(job: Job): string {
  return job.kind === JobKind.Training ? trainingStatuses[job.phase].status : processingStatuses[job.phase];
}

/** Everything about a job's progress that callers can see; an event is sent when it changes. */
export function shownStatus(job: Job): string {
  return job.kind === JobKind.Training
    ? trainingStatuses[job.phase].secondary
    : processingStatuses[job.phase];
}

function transitions(job: TrainingJob): Description[] {
  return job.history.map((entry, index) => ({
    Status: trainingStatuses[entry.phase].secondary,
    StartTime: entry.startedAt,
    EndTime: job.history[index + 1]?.startedAt ?? (isFinal(entry.phase) ? entry.startedAt : undefined),
    StatusMessage:
      entry.phase === Phase.Failed && job.failureReason
        ? job.failureReason
        : trainingStatuses[entry.phase].message,
  }));
}

function times(job: Job): { start?: number; end?: number } {
  return { start: startOf(job, Phase.Running), end: isFinal(job.phase) ? modifiedAt(job) : undefined };
}

function describeTraining(job: TrainingJob): Description {
  const { start, end } = times(job);
  const seconds = start !== undefined && end !== undefined ? Math.max(1, Math.round(end - start)) : undefined;
  return {
    ...withoutTags(job.request),
    TrainingJobArn: job.arn,
    TrainingJobStatus: trainingStatuses[job.phase].status,
    SecondaryStatus: trainingStatuses[job.phase].secondary,
    SecondaryStatusTransitions: transitions(job),
    FailureReason: job.failureReason,
    ModelArtifacts: job.artefact ? { S3ModelArtifacts: job.artefact } : undefined,
    FinalMetricDataList: job.metrics.map((metric) => ({
      MetricName: metric.name,
      Value: metric.value,
      Timestamp: metric.timestamp,
    })),
    CreationTime: createdAt(job),
    TrainingStartTime: start,
    TrainingEndTime: end,
    LastModifiedTime: modifiedAt(job),
    TrainingTimeInSeconds: seconds,
    BillableTimeInSeconds: seconds,
  };
}

function describeProcessing(job: ProcessingJob): Description {
  const { start, end } = times(job);
  return {
    ...withoutTags(job.request),
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: processingStatuses[job.phase],
    FailureReason: job.failureReason,
    ExitMessage: job.exitMessage,
    CreationTime: createdAt(job),
    ProcessingStartTime: start,
    ProcessingEndTime: end,
    LastModifiedTime: modifiedAt(job),
  };
}

/** The answer of DescribeTrainingJob or DescribeProcessingJob; undefined fields are left out by JSON. */
export function describe(job: Job): Description {
  return job.kind === JobKind.Training ? describeTraining(job) : describeProcessing(job);
}

/** One line of ListTrainingJobs or ListProcessingJobs. */
export function summarize(job: Job): Description {
  const { end } = times(job);
  const common = { CreationTime: createdAt(job), LastModifiedTime: modifiedAt(job) };
  return job.kind === JobKind.Training
    ? {
        ...common,
        TrainingJobName: job.name,
        TrainingJobArn: job.arn,
        TrainingJobStatus: statusOf(job),
        SecondaryStatus: trainingStatuses[job.phase].secondary,
        TrainingEndTime: end,
      }
    : {
        ...common,
        ProcessingJobName: job.name,
        ProcessingJobArn: job.arn,
        ProcessingJobStatus: statusOf(job),
        ProcessingEndTime: end,
        FailureReason: job.failureReason,
        ExitMessage: job.exitMessage,
      };
}
