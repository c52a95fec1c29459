import { AwsError } from "../errors";
import { statusOf, summarize } from "./describe";
import { createdAt, Job, JobKind, modifiedAt } from "./job";

/** The filters that ListTrainingJobs and ListProcessingJobs share. */
export interface ListRequest {
  NameContains?: string;
  StatusEquals?: string;
  CreationTimeAfter?: number;
  CreationTimeBefore?: number;
  LastModifiedTimeAfter?: number;
  LastModifiedTimeBefore?: number;
  SortBy?: string;
  SortOrder?: string;
  MaxResults?: number;
  NextToken?: string;
}

function matches(job: Job, request: ListRequest): boolean {
  return (
    (request.NameContains === undefined || job.name.includes(request.NameContains)) &&
    (request.StatusEquals === undefined || statusOf(job) === request.StatusEquals) &&
    createdAt(job) > (request.CreationTimeAfter ?? -Infinity) &&
    createdAt(job) < (request.CreationTimeBefore ?? Infinity) &&
    modifiedAt(job) > (request.LastModifiedTimeAfter ?? -Infinity) &&
    modifiedAt(job) < (request.LastModifiedTimeBefore ?? Infinity)
  );
}

function compare(left: Job, right: Job, sortBy: string | undefined): number {
  if (sortBy === "Name") return left.name.localeCompare(right.name);
  if (sortBy === "Status") return statusOf(left).localeCompare(statusOf(right));
  return createdAt(left) - createdAt(right);
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const offset = Number(token);
  if (!Number.isInteger(offset) || offset < 0)
    throw new AwsError("ValidationException", "NextToken is not one of this list's.");
  return offset;
}

/** The answer of ListTrainingJobs or ListProcessingJobs. */
export function listJobs(jobs: Job[], kind: JobKind, request: ListRequest): Record<string, unknown> {
  const direction = request.SortOrder === "Ascending" ? 1 : -1;
  const found = jobs.filter((job) => matches(job, request));
  found.sort((left, right) => direction * compare(left, right, request.SortBy));
  const offset = offsetOf(request.NextToken);
  const end = offset + (request.MaxResults ?? 100);
  const field = kind === JobKind.Training ? "TrainingJobSummaries" : "ProcessingJobSummaries";
  return {
    [field]: found.slice(offset, end).map(summarize),
    NextToken: end < found.length ? String(end) : undefined,
  };
}
