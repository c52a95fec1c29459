import { describe as describeJob, summarize } from "../../../../local/gateway/sagemaker/describe";
import { Job, JobKind, Phase, TrainingJob } from "../../../../local/gateway/sagemaker/job";
import { jobEvent } from "../../../../local/gateway/sagemaker/job-events";
import { listJobs } from "../../../../local/gateway/sagemaker/listing";

const training = (name: string, phases: Phase[], changes: Partial<TrainingJob> = {}): TrainingJob => ({
  kind: JobKind.Training,
  name,
  arn: `arn:aws:sagemaker:us-east-1:123456789012:training-job/${name}`,
  phase: phases.at(-1) ?? Phase.Starting,
  history: phases.map((phase, index) => ({ phase, startedAt: 1000 + 10 * index })),
  tags: [{ Key: "team", Value: "a" }],
  request: { TrainingJobName: name, Tags: [{ Key: "team", Value: "a" }] } as TrainingJob["request"],
  metrics: [],
  ...changes,
});
const done = [Phase.Starting, Phase.Downloading, Phase.Running, Phase.Uploading, Phase.Completed];

describe("a finished training job", () => {
  const job = training("one", done, {
    artefact: "s3://b/model.tar.gz",
    metrics: [{ name: "accuracy", value: 0.9, timestamp: 1025 }],
  });

  it("is described with seconds since 1970 and without its tags", () => {
    expect(describeJob(job)).toMatchObject({
      TrainingJobName: "one",
      TrainingJobStatus: "Completed",
      SecondaryStatus: "Completed",
      CreationTime: 1000,
      TrainingStartTime: 1020,
      TrainingEndTime: 1040,
      LastModifiedTime: 1040,
      TrainingTimeInSeconds: 20,
      ModelArtifacts: { S3ModelArtifacts: "s3://b/model.tar.gz" },
      FinalMetricDataList: [{ MetricName: "accuracy", Value: 0.9, Timestamp: 1025 }],
    });
    expect(describeJob(job)).not.toHaveProperty("Tags");
  });

  it("shows each transition with its end", () => {
    expect(describeJob(job).SecondaryStatusTransitions).toMatchObject([
      { Status: "Starting", StartTime: 1000, EndTime: 1010 },
      { Status: "Downloading", StartTime: 1010, EndTime: 1020 },
      { Status: "Training", StartTime: 1020, EndTime: 1030 },
      { Status: "Uploading", StartTime: 1030, EndTime: 1040 },
      { Status: "Completed", StartTime: 1040, EndTime: 1040 },
    ]);
  });

  it("is told to the bus in milliseconds, with its tags by name", () => {
    expect(jobEvent(job)).toMatchObject({
      source: "aws.sagemaker",
      detailType: "SageMaker Training Job State Change",
      resources: [job.arn],
      detail: {
        CreationTime: 1_000_000,
        TrainingTimeInSeconds: 20,
        Tags: { team: "a" },
        SecondaryStatusTransitions: expect.arrayContaining([
          expect.objectContaining({ Status: "Training", StartTime: 1_020_000 }) as unknown,
        ]) as unknown,
      },
    });
  });
});

test.each([
  [Phase.Running, "InProgress", "Training"],
  [Phase.Stopping, "Stopping", "Stopping"],
  [Phase.Stopped, "Stopped", "Stopped"],
  [Phase.TimedOut, "Stopped", "MaxRuntimeExceeded"],
  [Phase.Failed, "Failed", "Failed"],
])("a training job that is %s", (phase, status, secondary) => {
  expect(describeJob(training("one", [Phase.Starting, phase]))).toMatchObject({
    TrainingJobStatus: status,
    SecondaryStatus: secondary,
  });
});

it("the failure's reason is the last transition's message", () => {
  const job = training("one", [Phase.Starting, Phase.Failed], {
    failureReason: "AlgorithmError: no data, exit code: 1",
  });
  expect(describeJob(job)).toMatchObject({ FailureReason: "AlgorithmError: no data, exit code: 1" });
  expect((describeJob(job).SecondaryStatusTransitions as { StatusMessage: string }[])[1]?.StatusMessage).toBe(
    "AlgorithmError: no data, exit code: 1",
  );
});

it("a processing job is described in its own words", () => {
  const job = {
    ...training("one", done),
    kind: JobKind.Processing,
    request: {},
    exitMessage: "fine",
  } as unknown as Job;
  expect(describeJob(job)).toMatchObject({
    ProcessingJobStatus: "Completed",
    ProcessingStartTime: 1020,
    ProcessingEndTime: 1040,
    ExitMessage: "fine",
  });
  expect(jobEvent(job).detailType).toBe("SageMaker Processing Job State Change");
});

describe("listJobs", () => {
  const jobs = [
    training("alpha", [Phase.Starting, Phase.Failed]),
    training("beta", done, { history: [{ phase: Phase.Completed, startedAt: 3000 }] }),
    training("gamma", [Phase.Starting], { history: [{ phase: Phase.Starting, startedAt: 2000 }] }),
  ];
  const names = (request: object): unknown =>
    (listJobs(jobs, JobKind.Training, request).TrainingJobSummaries as { TrainingJobName: string }[]).map(
      (summary) => summary.TrainingJobName,
    );

  test.each([
    ["newest first", {}, ["beta", "gamma", "alpha"]],
    ["by name", { SortBy: "Name", SortOrder: "Ascending" }, ["alpha", "beta", "gamma"]],
    ["by status", { StatusEquals: "Failed" }, ["alpha"]],
    ["by a part of the name", { NameContains: "am" }, ["gamma"]],
    ["after a time", { CreationTimeAfter: 2000 }, ["beta"]],
  ])("lists %s", (_case, request, expected) => {
    expect(names(request)).toEqual(expected);
  });

  it("pages", () => {
    const first = listJobs(jobs, JobKind.Training, { MaxResults: 2 });
    expect(first.TrainingJobSummaries).toEqual([jobs[1], jobs[2]].map((job) => summarize(job as Job)));
    expect(names({ MaxResults: 2, NextToken: first.NextToken })).toEqual(["alpha"]);
    expect(() => names({ NextToken: "x" })).toThrow(/NextToken/);
  });
});
