import type { Tag } from "@aws-sdk/client-sagemaker";

import { AwsError, BufferedResponse, jsonResponse } from "../errors";
import { Forward, Interceptor, parseJson } from "../interceptor";
import { log } from "../log";
import type { Call } from "../routing";
import { describe, statusOf } from "./describe";
import { isFinal, Job, JobKind, nowSeconds, Phase } from "./job";
import { endLeftGroup } from "./job-process";
import { JobRun } from "./job-run";
import type { JobServices } from "./job-services";
import type { JobStore } from "./job-store";
import { ListRequest, listJobs } from "./listing";
import { checkProcessingRequest, checkTrainingRequest } from "./validation";

type Operation = (request: Record<string, unknown>) => Promise<unknown> | unknown;

const jobOperation = /^(Create|Describe|List|Stop)(Training|Processing)Jobs?$/;
const jobArn = /^arn:aws[a-z-]*:sagemaker:[^:]+:\d{12}:(training|processing)-job\//;
const tagOperations: ReadonlySet<string> = new Set(["AddTags", "ListTags", "DeleteTags"]);

/** SageMaker's training and processing jobs, run as processes of this machine. */
export class SageMakerJobs implements Interceptor {
  private readonly runs = new Map<Job, { run: JobRun; done: Promise<void> }>();

  constructor(
    private readonly store: JobStore,
    private readonly services: JobServices,
  ) {}

  handles(call: Call): boolean {
    return (
      call.service === "sagemaker" && (jobOperation.test(call.operation) || tagOperations.has(call.operation))
    );
  }

  async handle(call: Call, body: Buffer, forward: Forward): Promise<BufferedResponse> {
    const request = parseJson(body);
    const operation = this.operation(call.operation, request);
    if (!operation) return await forward();
    return jsonResponse(200, (await operation(request)) ?? {}, "application/x-amz-json-1.1");
  }

  /** Fails the jobs whose processes died with an earlier gateway, and ends what it left running. */
  async recover(): Promise<void> {
    const left = [...this.store.list(JobKind.Training), ...this.store.list(JobKind.Processing)];
    for (const job of left.filter((candidate) => !isFinal(candidate.phase))) {
      if (job.process) await endLeftGroup(job.process);
      job.process = undefined;
      job.failureReason = "InternalServerError: the sandbox's gateway ended while the job ran.";
      job.phase = Phase.Failed;
      job.history.push({ phase: Phase.Failed, startedAt: nowSeconds() });
      this.store.save(job);
      log("sagemaker", `${job.kind} job ${job.name}: ${job.failureReason}`);
    }
  }

  /** Ends every running job because the gateway ends. */
  async close(): Promise<void> {
    const running = [...this.runs.values()];
    await Promise.all(running.map(({ run }) => run.abandon()));
    await Promise.all(running.map(({ done }) => done));
  }

  /** Every job with its status, newest first, for the gateway's status page. */
  overview(): { kind: JobKind; name: string; status: string; failureReason?: string; folder: string }[] {
    return [...this.store.list(JobKind.Training), ...this.store.list(JobKind.Processing)].map((job) => ({
      kind: job.kind,
      name: job.name,
      status: statusOf(job),
      failureReason: job.failureReason,
      folder: this.store.folder(job.kind, job.name),
    }));
  }

  private operation(name: string, request: Record<string, unknown>): Operation | undefined {
    if (tagOperations.has(name)) return this.tagOperation(name, request);
    const [, verb, noun] = jobOperation.exec(name) ?? [];
    const kind = noun === "Training" ? JobKind.Training : JobKind.Processing;
    const nameField = `${noun}JobName`;
    const operations: Record<string, Operation> = {
      Create: (input) => this.create(kind, input),
      Describe: (input) => describe(this.find(kind, input[nameField])),
      List: (input) => listJobs(this.store.list(kind), kind, input as ListRequest),
      Stop: (input) => this.stop(this.find(kind, input[nameField])),
    };
    return verb === undefined ? undefined : operations[verb];
  }

  private find(kind: JobKind, name: unknown): Job {
    const job = typeof name === "string" ? this.store.get(kind, name) : undefined;
    if (!job) throw new AwsError("ValidationException", "Requested resource not found.");
    return job;
  }

  private create(kind: JobKind, input: Record<string, unknown>): Record<string, unknown> {
    const job = kind === JobKind.Training ? this.newTrainingJob(input) : this.newProcessingJob(input);
    if (this.store.get(kind, job.name)) {
      throw new AwsError(
        "ResourceInUse",
        `Job name must be unique within an AWS account and region, and a ${kind} job with this name already exists (${job.arn})`,
      );
    }
    this.store.save(job);
    this.start(job);
    return { [kind === JobKind.Training ? "TrainingJobArn" : "ProcessingJobArn"]: job.arn };
  }

  private newTrainingJob(input: Record<string, unknown>): Job {
    const request = checkTrainingRequest(input);
    const name = request.TrainingJobName ?? "";
    return {
      ...this.newJob(name, "training-job", request.Tags),
      kind: JobKind.Training,
      request,
      metrics: [],
    };
  }

  private newProcessingJob(input: Record<string, unknown>): Job {
    const request = checkProcessingRequest(input);
    const name = request.ProcessingJobName ?? "";
    return { ...this.newJob(name, "processing-job", request.Tags), kind: JobKind.Processing, request };
  }

  private newJob(name: string, type: string, tags: Tag[] | undefined) {
    return {
      name,
      arn: `arn:aws:sagemaker:${this.services.region}:${this.services.accountId}:${type}/${name.toLowerCase()}`,
      phase: Phase.Starting,
      history: [{ phase: Phase.Starting, startedAt: nowSeconds() }],
      tags: tags ?? [],
    };
  }

  private start(job: Job): void {
    const run = new JobRun(job, this.store, this.services);
    const done = run.run().finally(() => this.runs.delete(job));
    this.runs.set(job, { run, done });
  }

  private async stop(job: Job): Promise<void> {
    if (isFinal(job.phase)) {
      throw new AwsError(
        "ValidationException",
        `The request was rejected because the job is in status ${statusOf(job)}.`,
      );
    }
    await this.runs.get(job)?.run.stop();
  }

  private tagOperation(name: string, request: Record<string, unknown>): Operation | undefined {
    const arn = String(request.ResourceArn ?? "");
    if (!jobArn.test(arn)) return undefined;
    const job = this.store.byArn(arn);
    if (!job) throw new AwsError("ValidationException", "Requested resource not found.");
    const keep = (tags: Tag[]): { Tags: Tag[] } => {
      job.tags = tags;
      this.store.save(job);
      return { Tags: tags };
    };
    const without = (keys: unknown[]): Tag[] => job.tags.filter((tag) => !keys.includes(tag.Key));
    const operations: Record<string, Operation> = {
      ListTags: () => ({ Tags: job.tags }),
      AddTags: ({ Tags }) => keep([...without((Tags as Tag[]).map((tag) => tag.Key)), ...(Tags as Tag[])]),
      DeleteTags: ({ TagKeys }) => void keep(without(TagKeys as unknown[])),
    };
    return operations[name];
  }
}
