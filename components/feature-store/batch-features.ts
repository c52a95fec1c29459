import * as fs from "node:fs";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs, defaultLogRetentionDays } from "../shared/common-args";
import { checkSchedule } from "../shared/schedule-check";
import { ArgumentChecker } from "../shared/validation";
import { createWatchedQueue, keepEvents } from "../shared/watched-queue";
import { createJobObjects, jobRunInput, ownScript } from "./batch-features-job";
import { createJobRole, createStarterRole } from "./batch-features-roles";
import { BatchFeatureView, checkDataset, checkViews } from "./batch-features-views";

/** The most that all runs of an application may use at once. */
export interface BatchCapacity {
  /** Virtual CPUs, 2 to 4000. @default 32 */
  virtualCpus?: number;
  /** Memory in gigabytes, 8 to 30000. @default 128 */
  memoryGigabytes?: number;
  /** Disk in gigabytes, 40 to 100000. @default 640 */
  diskGigabytes?: number;
}

/** Arguments of {@link BatchFeatures}. */
export interface BatchFeaturesArgs extends CommonArgs {
  /** The features to compute; may be empty for a script of the caller's own. */
  views: BatchFeatureView[];
  /** Bucket of the curated data sets. */
  curatedBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  curatedBucketArn: pulumi.Input<string>;
  /** Bucket that the features go to; script and views lie there too, below `jobs/`. */
  featuresBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  featuresBucketArn: pulumi.Input<string>;
  /** Folder of that bucket for the features: letters, digits, hyphens and underscores. @default the component's name */
  outputFolder?: string;
  /** When features are computed, in UTC. @default cron(30 1 * * ? *), every night at half past one */
  scheduleExpression?: pulumi.Input<string>;
  /** Days that each run computes again, today among them, so that late deliveries count, 1 to 366. @default 3 */
  recomputeDays?: number;
  /**
   * PySpark script of the caller's own, a file on this machine; it gets the arguments `--views`, `--curated`, `--output`,
   * `--as-of` and `--recompute-days`.
   * @default the library's script, which computes the views
   */
  scriptPath?: string;
  /** Further curated data sets that the caller's own script may read. @default none */
  datasets?: string[];
  /** Glue database whose tables the caller's own script may read. @default none */
  databaseName?: pulumi.Input<string>;
  /** Settings for `spark-submit`, for example `--conf spark.executor.cores=2`. @default those of EMR Serverless */
  sparkParameters?: pulumi.Input<string>;
  /** Release of EMR; the script is written for EMR 7. @default emr-7.10.0 */
  releaseLabel?: string;
  /** The most that runs may use at once. @default 32 virtual CPUs, 128 GB of memory, 640 GB of disk */
  maximumCapacity?: BatchCapacity;
  /** Minutes without a run after which the workers are given back, 1 to 10080. @default 5 */
  idleMinutes?: number;
  /** Minutes after which a run is cancelled, 5 to 10080. @default 120 */
  timeoutMinutes?: number;
  /** Attempts of a run before it counts as failed, 1 to 10. @default 2 */
  maximumAttempts?: number;
  /** Subnets that the workers run in. @default outside of any VPC of the caller's */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the workers; goes with `subnetIds`. */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Topic told when a run failed or could not be started. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Computes features over time windows from curated data sets with Spark on EMR Serverless, on a schedule.
 *
 * For every entity and every full hour or day, each feature is an aggregate of the events before that moment, as Parquet in
 * `<features bucket>/<output folder>/<view>/day=<day>/`. No row sees the future. A run replaces the days that it computes
 * and may be repeated; runs never overlap. The first days of an existing data set are computed by a run with the further
 * argument `--from <day>`. The caller's key encrypts logs and objects; the workers' own disks have a key of AWS.
 */
export class BatchFeatures extends pulumi.ComponentResource {
  /** Id of the EMR Serverless application. */
  public readonly applicationId: pulumi.Output<string>;
  /** ARN of the EMR Serverless application. */
  public readonly applicationArn: pulumi.Output<string>;
  /** Role that runs have. */
  public readonly jobRoleArn: pulumi.Output<string>;
  /** S3 URI of the script. */
  public readonly scriptUri: pulumi.Output<string>;
  /** S3 URI of the views file. */
  public readonly viewsUri: pulumi.Output<string>;
  /** S3 URI below which each view has its folder. */
  public readonly featuresUri: pulumi.Output<string>;
  /** Schedule that starts the runs. */
  public readonly scheduleArn: pulumi.Output<string>;
  /** Queue with the events of failed runs and the starts that were not possible. */
  public readonly failureQueueUrl: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: BatchFeaturesArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputFolder = args.outputFolder ?? name;
    checkArguments(args, outputFolder);
    super("mlops:index:BatchFeatures", name, args, opts);
    const jobFolder = `jobs/${name}`;
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        retentionInDays: args.logRetentionDays ?? defaultLogRetentionDays,
        kmsKeyId: args.kmsKeyArn,
        tags: args.tags,
      },
      { parent: this },
    );
    const application = createApplication(name, args, logGroup, this);
    const places = {
      curatedBucketArn: args.curatedBucketArn,
      featuresBucketArn: args.featuresBucketArn,
      datasets: [...new Set([...args.views.map(({ dataset }) => dataset), ...(args.datasets ?? [])])].sort(),
      outputFolder,
      jobFolder,
      databaseName: args.databaseName,
    };
    const job = createJobRole(name, places, application, logGroup, args, this);
    const objects = createJobObjects(
      name,
      {
        script: args.scriptPath ?? ownScript(),
        views: args.views,
        bucketName: args.featuresBucketName,
        folder: jobFolder,
      },
      args,
      this,
    );
    const queue = keepFailures(name, application, args, this);
    this.applicationId = application.id;
    this.applicationArn = application.arn;
    this.jobRoleArn = job.role.arn;
    this.scriptUri = objects.scriptUri;
    this.viewsUri = objects.viewsUri;
    this.featuresUri = pulumi.interpolate`s3://${args.featuresBucketName}/${outputFolder}`;
    this.failureQueueUrl = queue.url;
    const input = jobRunInput(
      name,
      {
        ...objects,
        applicationId: application.id,
        jobRoleArn: job.role.arn,
        curatedBucketName: args.curatedBucketName,
        featuresUri: this.featuresUri,
        recomputeDays: args.recomputeDays ?? 3,
        sparkParameters: args.sparkParameters,
        catalog: args.databaseName !== undefined,
        timeoutMinutes: args.timeoutMinutes ?? 120,
        maximumAttempts: args.maximumAttempts ?? 2,
      },
      args,
    );
    const starter = createStarterRole(name, application, job.role, queue, args, this);
    const before = [job.policy, starter.policy].filter((policy) => policy !== undefined);
    this.scheduleArn = createSchedule(name, args, { input, role: starter.role, queue, before }, this).arn;
    this.registerOutputs({
      applicationId: this.applicationId,
      applicationArn: this.applicationArn,
      jobRoleArn: this.jobRoleArn,
      scriptUri: this.scriptUri,
      viewsUri: this.viewsUri,
      featuresUri: this.featuresUri,
      scheduleArn: this.scheduleArn,
      failureQueueUrl: this.failureQueueUrl,
    });
  }
}

/** The queue of starts that were not possible and of runs that failed; EMR Serverless cancels a run that takes too long. */
function keepFailures(
  name: string,
  application: aws.emrserverless.Application,
  args: BatchFeaturesArgs,
  parent: pulumi.Resource,
): aws.sqs.Queue {
  const queue = createWatchedQueue(
    `${name}-failures`,
    {
      alarmDescription: `Batch features of ${name} could not be computed; the queue says which runs failed or could not start.`,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
  keepEvents(
    `${name}-failures`,
    {
      description: `Runs of the batch features ${name} that failed or were cancelled.`,
      pattern: {
        source: ["aws.emr-serverless"],
        "detail-type": ["EMR Serverless Job Run State Change"],
        detail: { applicationId: [application.id], state: ["FAILED", "CANCELLED"] },
      },
    },
    queue,
    args,
    parent,
  );
  return queue;
}

function checkArguments(args: BatchFeaturesArgs, outputFolder: string): void {
  const checker = new ArgumentChecker();
  const datasets = args.datasets ?? [];
  checker
    .require(
      args.views.length > 0 || args.scriptPath !== undefined,
      "views",
      "an empty list was given; a view is needed, or a script of your own in scriptPath",
    )
    .require(
      args.views.length > 0 || datasets.length > 0 || args.scriptPath === undefined,
      "datasets",
      "nothing was given; a script of your own without views needs the data sets that it reads",
    )
    .require(
      args.scriptPath === undefined || fs.existsSync(args.scriptPath),
      "scriptPath",
      `"${args.scriptPath}" was given; there is no such file`,
    )
    .require(
      args.releaseLabel === undefined || /^emr-7\.\d+\.\d+$/.test(args.releaseLabel),
      "releaseLabel",
      `"${args.releaseLabel}" was given; a release of EMR 7 such as emr-7.10.0 is needed`,
    )
    .require(
      (args.subnetIds === undefined) === (args.securityGroupIds === undefined),
      "subnetIds",
      "subnetIds and securityGroupIds go together; give both or neither",
    )
    .range(args.recomputeDays, "recomputeDays", 1, 366)
    .range(args.idleMinutes, "idleMinutes", 1, 10_080)
    .range(args.timeoutMinutes, "timeoutMinutes", 5, 10_080)
    .range(args.maximumAttempts, "maximumAttempts", 1, 10)
    .range(args.maximumCapacity?.virtualCpus, "maximumCapacity.virtualCpus", 2, 4000)
    .range(args.maximumCapacity?.memoryGigabytes, "maximumCapacity.memoryGigabytes", 8, 30_000)
    .range(args.maximumCapacity?.diskGigabytes, "maximumCapacity.diskGigabytes", 40, 100_000);
  checkDataset(checker, outputFolder, "outputFolder");
  checker.require(outputFolder !== "jobs", "outputFolder", '"jobs" was given; script and views lie there');
  datasets.forEach((dataset, i) => checkDataset(checker, dataset, `datasets[${i}]`));
  checkViews(args.views, checker);
  checkSchedule(checker, args.scheduleExpression, "scheduleExpression");
  checker.done("BatchFeatures");
}

function createApplication(
  name: string,
  args: BatchFeaturesArgs,
  logGroup: aws.cloudwatch.LogGroup,
  parent: pulumi.Resource,
): aws.emrserverless.Application {
  const { virtualCpus = 32, memoryGigabytes = 128, diskGigabytes = 640 } = args.maximumCapacity ?? {};
  return new aws.emrserverless.Application(
    name,
    {
      type: "spark",
      releaseLabel: args.releaseLabel ?? "emr-7.10.0",
      architecture: "ARM64",
      autoStartConfiguration: { enabled: true },
      autoStopConfiguration: { enabled: true, idleTimeoutMinutes: args.idleMinutes ?? 5 },
      maximumCapacity: {
        cpu: `${virtualCpus} vCPU`,
        memory: `${memoryGigabytes} GB`,
        disk: `${diskGigabytes} GB`,
      },
      // Two runs that replace the same days would delete each other's files.
      schedulerConfiguration: { maxConcurrentRuns: 1, queueTimeoutMinutes: 360 },
      monitoringConfiguration: {
        cloudwatchLoggingConfiguration: {
          enabled: true,
          logGroupName: logGroup.name,
          encryptionKeyArn: args.kmsKeyArn,
        },
        managedPersistenceMonitoringConfiguration: { enabled: true, encryptionKeyArn: args.kmsKeyArn },
      },
      ...(args.subnetIds === undefined
        ? {}
        : {
            networkConfiguration: { subnetIds: args.subnetIds, securityGroupIds: args.securityGroupIds },
          }),
      tags: args.tags,
    },
    { parent },
  );
}

interface Start {
  input: pulumi.Output<string>;
  role: aws.iam.Role;
  queue: aws.sqs.Queue;
  before: pulumi.Resource[];
}

function createSchedule(
  name: string,
  args: BatchFeaturesArgs,
  { input, role, queue, before }: Start,
  parent: pulumi.Resource,
): aws.scheduler.Schedule {
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  return new aws.scheduler.Schedule(
    name,
    {
      description: `Computes the batch features ${name}.`,
      scheduleExpression: args.scheduleExpression ?? "cron(30 1 * * ? *)",
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: args.kmsKeyArn,
      target: {
        arn: pulumi.interpolate`arn:${partition}:scheduler:::aws-sdk:emrserverless:startJobRun`,
        roleArn: role.arn,
        input,
        retryPolicy: { maximumEventAgeInSeconds: 6 * 3600, maximumRetryAttempts: 20 },
        deadLetterConfig: { arn: queue.arn },
      },
    },
    { parent, dependsOn: before },
  );
}
