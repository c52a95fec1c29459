import * as path from "node:path";

import { cachedPySpark, ensurePySpark } from "../../toolchain/pyspark";
import type { ServiceEvent } from "../events";
import { log, reasonOf } from "../log";
import { baseEnvironment } from "../sagemaker/job-environment";
import { JobProcess, startTimeOf } from "../sagemaker/job-process";
import type { JobServices } from "../sagemaker/job-services";
import { nowSeconds } from "../sagemaker/job";
import { LogShipper } from "../sagemaker/log-shipper";
import { BucketFolders } from "./bucket-folders";
import { placesOf, SparkSubmit, submitArguments } from "./spark-submit";

/** States of a job run, as EMR Serverless names them. */
export enum RunState {
  Submitted = "SUBMITTED",
  Pending = "PENDING",
  Scheduled = "SCHEDULED",
  Running = "RUNNING",
  Success = "SUCCESS",
  Failed = "FAILED",
  Cancelling = "CANCELLING",
  Cancelled = "CANCELLED",
}

const finalStates: ReadonlySet<RunState> = new Set([RunState.Success, RunState.Failed, RunState.Cancelled]);

export const isEnded = (state: RunState): boolean => finalStates.has(state);

/** EMR's own default of twelve hours. */
const defaultTimeoutMinutes = 720;
const defaultLogGroup = "/aws/emr-serverless";
const longestDetails = 1024;
/** Node's timers hold no longer time. */
const longestTimerMilliseconds = 2 ** 31 - 1;

/** A job run as it is kept. */
export interface SparkRun {
  id: string;
  applicationId: string;
  arn: string;
  state: RunState;
  stateDetails: string;
  /** Seconds since 1970. */
  createdAt: number;
  updatedAt: number;
  /** Second since 1970 at which Spark began. */
  startedAt?: number;
  clientToken?: string;
  request: {
    name?: string;
    executionRoleArn?: string;
    executionTimeoutMinutes?: number;
    jobDriver?: { sparkSubmit?: SparkSubmit };
    configurationOverrides?: {
      monitoringConfiguration?: { cloudWatchLoggingConfiguration?: { logGroupName?: string } };
    };
  };
  /** Leader of the run's process group while it runs. */
  process?: { id: number; startedAt: string };
}

function stateEvent(run: SparkRun, previousState: RunState): ServiceEvent {
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
  return {
    source: "aws.emr-serverless",
    detailType: "EMR Serverless Job Run State Change",
    resources: [run.arn],
    detail: {
      jobRunId: run.id,
      jobRunName: run.request.name,
      applicationId: run.applicationId,
      arn: run.arn,
      state: run.state,
      previousState,
      createdAt: time(run.createdAt),
      updatedAt: time(run.updatedAt),
    },
  };
}

/** One Spark job from its submission to its end, as a process of this machine. */
export class SparkExecution {
  private process?: JobProcess;
  private cancelled = false;
  private timedOut = false;
  private abandoned = false;
  private readonly shipper: LogShipper;

  /** `folder` is the run's own; `save` keeps the run after every change. */
  constructor(
    private readonly run: SparkRun,
    private readonly folder: string,
    private readonly services: JobServices,
    private readonly save: () => void,
  ) {
    const logging =
      run.request.configurationOverrides?.monitoringConfiguration?.cloudWatchLoggingConfiguration;
    this.shipper = new LogShipper(
      services.logs,
      logging?.logGroupName ?? defaultLogGroup,
      `applications/${run.applicationId}/jobs/${run.id}/SPARK_DRIVER/stdout`,
    );
  }

  /** Runs the job; never rejects, because every fault becomes the run's own failure. */
  async execute(): Promise<void> {
    try {
      const submit = this.run.request.jobDriver?.sparkSubmit;
      if (!submit?.entryPoint) throw new Error("only jobs with a sparkSubmit driver run in the sandbox");
      await this.enter(RunState.Pending);
      const spark = (await cachedPySpark()) ?? (await ensurePySpark((line) => log("emr-serverless", line)));
      await this.enter(RunState.Scheduled);
      const folders = new BucketFolders(this.services.s3, path.join(this.folder, "s3"));
      await folders.fetch(placesOf(submit));
      if (this.cancelled) return await this.enter(RunState.Cancelled);
      const end = await this.submit(spark, submit);
      if (this.abandoned) return;
      if (this.cancelled) return await this.enter(RunState.Cancelled);
      if (this.timedOut) throw new Error("the run took longer than its timeout");
      if (end.exitCode !== 0) throw new Error(`${end.lastLine}; exit code ${end.exitCode}`);
      const { written, removed } = await folders.push();
      await this.enter(RunState.Success, `${written} objects written, ${removed} removed`);
    } catch (error) {
      await this.enter(RunState.Failed, reasonOf(error));
    } finally {
      await this.shipper.close();
    }
  }

  /** Asks the run to end, as CancelJobRun does. */
  async cancel(): Promise<void> {
    if (isEnded(this.run.state) || this.cancelled) return;
    this.cancelled = true;
    await this.enter(RunState.Cancelling);
    this.process?.stop(this.services.stopGraceMilliseconds);
  }

  /** Ends the run because the gateway ends. */
  async abandon(): Promise<void> {
    this.abandoned = true;
    this.process?.kill();
    await this.enter(RunState.Failed, "the sandbox was stopped while the job ran");
  }

  private async submit(spark: Awaited<ReturnType<typeof ensurePySpark>>, submit: SparkSubmit) {
    if (this.abandoned) throw new Error("the sandbox was stopped");
    const command = {
      program: spark.sparkSubmit,
      arguments: submitArguments(submit, path.join(this.folder, "s3")),
      environment: { ...baseEnvironment(this.services), ...spark.environment },
      directory: this.folder,
    };
    this.process = new JobProcess(command, path.join(this.folder, "job.log"), (line) =>
      this.shipper.add(line),
    );
    const { id } = this.process;
    const startedAt = id === undefined ? undefined : await startTimeOf(id);
    if (id !== undefined && startedAt !== undefined) this.run.process = { id, startedAt };
    this.run.startedAt = nowSeconds();
    await this.enter(RunState.Running);
    const timer = this.startClock(this.process);
    return await this.process.ended.finally(() => clearTimeout(timer));
  }

  private startClock(process: JobProcess): NodeJS.Timeout {
    const minutes = this.run.request.executionTimeoutMinutes ?? defaultTimeoutMinutes;
    return setTimeout(
      () => {
        this.timedOut = true;
        process.stop(this.services.stopGraceMilliseconds);
      },
      Math.min(minutes * 60_000, longestTimerMilliseconds),
    );
  }

  private async enter(state: RunState, details = ""): Promise<void> {
    if (isEnded(this.run.state) || (this.cancelled && state === RunState.Running)) return;
    const before = this.run.state;
    this.run.state = state;
    this.run.stateDetails = details.slice(0, longestDetails);
    this.run.updatedAt = nowSeconds();
    if (isEnded(state)) this.run.process = undefined;
    this.save();
    log("emr-serverless", `run ${this.run.id}: ${state}${details ? ` (${details})` : ""}`);
    await this.services.events.publish(stateEvent(this.run, before));
  }
}
