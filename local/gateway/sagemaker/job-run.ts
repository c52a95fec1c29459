import * as fsp from "node:fs/promises";
import * as path from "node:path";

import { log, reasonOf } from "../log";
import { shownStatus } from "./describe";
import { jobEvent } from "./job-events";
import { isFinal, Job, JobKind, nowSeconds, Phase } from "./job";
import { JobProcess, ProcessEnd, startTimeOf } from "./job-process";
import type { JobServices } from "./job-services";
import type { JobStore } from "./job-store";
import { LogShipper } from "./log-shipper";
import { MetricReader } from "./metrics";
import { localRoot } from "./paths";
import { prepareProcessing, uploadProcessing } from "./processing";
import { ClientError } from "./s3-transfer";
import { prepareTraining, uploadTraining } from "./training";

/** SageMaker's own default of one day. */
const defaultRuntimeSeconds = 86_400;
/** Node's timers hold no longer time. */
const longestTimerMilliseconds = 2 ** 31 - 1;
/** SageMaker cuts failure reasons and exit messages here. */
const longestReason = 1024;

async function readTail(file: string): Promise<string> {
  return (await fsp.readFile(file, "utf8").catch(() => "")).trim().slice(0, longestReason);
}

/** One job from its start to its end: data in, process, artefacts out, with every phase kept and announced. */
export class JobRun {
  private process?: JobProcess;
  private ending?: Phase.Stopped | Phase.TimedOut;
  /** Why the run is given up without a result: the gateway itself is stopping. */
  private abandoned = false;
  private readonly root: string;
  private readonly shipper: LogShipper;
  private readonly metrics: MetricReader;

  constructor(
    private readonly job: Job,
    private readonly store: JobStore,
    private readonly services: JobServices,
  ) {
    this.root = store.folder(job.kind, job.name);
    const group =
      job.kind === JobKind.Training ? "/aws/sagemaker/TrainingJobs" : "/aws/sagemaker/ProcessingJobs";
    this.shipper = new LogShipper(services.logs, group, `${job.name}/algo-1-${Math.floor(nowSeconds())}`);
    const definitions =
      job.kind === JobKind.Training ? job.request.AlgorithmSpecification?.MetricDefinitions : [];
    this.metrics = new MetricReader(definitions ?? []);
  }

  /** Runs the job; never rejects, because every fault becomes the job's own failure. */
  async run(): Promise<void> {
    try {
      await this.services.events.publish(jobEvent(this.job));
      await this.enter(Phase.Downloading);
      const command = await this.prepare();
      if (this.ending) return await this.enter(this.ending);
      const end = await this.execute(command);
      await this.finish(end);
    } catch (error) {
      await this.fail(
        error instanceof ClientError
          ? `ClientError: ${error.message}`
          : `InternalServerError: ${reasonOf(error)}`,
      );
    } finally {
      await this.shipper.close();
    }
  }

  /** Asks the job to stop, as StopTrainingJob does. */
  async stop(): Promise<void> {
    if (this.ending || isFinal(this.job.phase)) return;
    this.ending = Phase.Stopped;
    await this.enter(Phase.Stopping);
    this.process?.stop(this.services.stopGraceMilliseconds);
  }

  /** Ends the job's process because the gateway ends; the job fails. */
  async abandon(): Promise<void> {
    this.abandoned = true;
    this.process?.kill();
    await this.fail("InternalServerError: the sandbox was stopped while the job ran.");
  }

  private prepare() {
    return this.job.kind === JobKind.Training
      ? prepareTraining(this.job, this.root, this.services)
      : prepareProcessing(this.job, this.root, this.services);
  }

  private async execute(command: Awaited<ReturnType<JobRun["prepare"]>>): Promise<ProcessEnd> {
    if (this.abandoned) throw new Error("the sandbox was stopped");
    this.process = new JobProcess(command, path.join(this.root, "job.log"), (line) => {
      this.shipper.add(line);
      this.metrics.read(line);
    });
    const id = this.process.id;
    const startedAt = id === undefined ? undefined : await startTimeOf(id);
    if (id !== undefined && startedAt !== undefined) this.job.process = { id, startedAt };
    if (!this.ending) await this.enter(Phase.Running);
    else this.process.stop(this.services.stopGraceMilliseconds);
    const timer = this.startClock(this.process);
    const end = await this.process.ended.finally(() => clearTimeout(timer));
    this.job.process = undefined;
    return end;
  }

  private startClock(process: JobProcess): NodeJS.Timeout {
    const seconds = this.job.request.StoppingCondition?.MaxRuntimeInSeconds ?? defaultRuntimeSeconds;
    return setTimeout(
      () => {
        this.ending ??= Phase.TimedOut;
        process.stop(this.services.stopGraceMilliseconds);
      },
      Math.min(seconds * 1000, longestTimerMilliseconds),
    );
  }

  private async finish(end: ProcessEnd): Promise<void> {
    if (this.abandoned) return;
    if (this.job.kind === JobKind.Training) this.job.metrics = this.metrics.values();
    else
      this.job.exitMessage =
        (await readTail(path.join(localRoot(this.root), "output", "message"))) || undefined;
    if (!this.ending && end.exitCode !== 0) {
      const written = await readTail(path.join(localRoot(this.root), "output", "failure"));
      const reason = `AlgorithmError: ${written || end.lastLine}`.slice(0, longestReason);
      await this.fail(`${reason}, exit code: ${end.exitCode}`);
      return;
    }
    if (!this.ending) await this.enter(Phase.Uploading);
    await this.upload();
    await this.enter(this.ending ?? Phase.Completed);
  }

  private async upload(): Promise<void> {
    if (this.job.kind === JobKind.Training) {
      this.job.artefact = await uploadTraining(this.job, this.root, this.services);
    } else {
      await uploadProcessing(this.job, this.root, this.services);
    }
  }

  private async fail(reason: string): Promise<void> {
    if (isFinal(this.job.phase)) return;
    this.job.failureReason = reason;
    await this.enter(Phase.Failed);
  }

  private async enter(phase: Phase): Promise<void> {
    if (isFinal(this.job.phase)) return;
    const before = shownStatus(this.job);
    this.job.phase = phase;
    this.job.history.push({ phase, startedAt: nowSeconds() });
    if (isFinal(phase)) this.job.process = undefined;
    this.store.save(this.job);
    log(
      "sagemaker",
      `${this.job.kind} job ${this.job.name}: ${phase}${this.job.failureReason ? ` (${this.job.failureReason})` : ""}`,
    );
    if (shownStatus(this.job) !== before) await this.services.events.publish(jobEvent(this.job));
  }
}
