import * as fs from "node:fs";
import * as path from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { arnPrefix } from "../shared/arn";
import { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement } from "../shared/service-role";
import { createWatchedQueue, keepEvents } from "../shared/watched-queue";

/** Where a table stands and what it is made from. */
export interface TablePlace {
  /** Folder of the curated files. */
  dataset: pulumi.Output<string>;
  /** S3 URI of the table's own files. */
  location: pulumi.Output<string>;
  bucketName: pulumi.Input<string>;
  bucketArn: pulumi.Input<string>;
  databaseName: pulumi.Output<string>;
  tableName: pulumi.Output<string>;
}

/** The job that commits curated files to a table. */
export interface TableCommitSpec extends TablePlace {
  commitSchedule?: pulumi.Input<string>;
  dataProcessingUnits?: pulumi.Input<number>;
  pythonModules?: pulumi.Input<string>;
  snapshotRetentionDays?: pulumi.Input<number>;
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * The last versions that run on Python 3.9, which is what Glue's Python shell has. PyIceberg imports the types of Glue's
 * client at run time.
 */
export const defaultPythonModules = "pyiceberg==0.9.1,pyarrow==21.0.0,mypy-boto3-glue==1.43.118";
const everyHour = "cron(0 * * * ? *)";
const smallestProcessingUnits = 0.0625;
const timeoutMinutes = 60;

/** Found from the sources and from the compiled package alike. */
function scriptFile(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, "jobs", "table-committer", "commit.py");
    if (fs.existsSync(candidate)) return candidate;
  }
  throw new Error("The script jobs/table-committer/commit.py of the package is missing.");
}

/** Creates the job with its schedule, its role and the notice of failed runs. */
export function createTableCommit(
  name: string,
  spec: TableCommitSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.glue.Job {
  const script = new aws.s3.BucketObjectv2(
    `${name}-committer`,
    {
      bucket: spec.bucketName,
      key: pulumi.interpolate`jobs/table-committer/${spec.dataset}/commit.py`,
      source: new pulumi.asset.FileAsset(scriptFile()),
      contentType: "text/x-python",
      tags: common.tags,
    },
    { parent },
  );
  const { role, policy } = createServiceRole(
    `${name}-committer`,
    { service: "glue.amazonaws.com", statements: statements(spec, script, common, parent) },
    common,
    parent,
  );
  const job = createJob(name, spec, script, role, common, { parent, dependsOn: policy && [policy] });
  new aws.glue.Trigger(
    `${name}-committer`,
    {
      description: "Commits new curated files to an Iceberg table.",
      type: "SCHEDULED",
      schedule: spec.commitSchedule ?? everyHour,
      actions: [{ jobName: job.name }],
      tags: common.tags,
    },
    { parent },
  );
  keepFailures(name, job, spec.alarmTopicArn, common, parent);
  return job;
}

function createJob(
  name: string,
  spec: TableCommitSpec,
  script: aws.s3.BucketObjectv2,
  role: aws.iam.Role,
  common: CommonArgs,
  opts: pulumi.CustomResourceOptions,
): aws.glue.Job {
  return new aws.glue.Job(
    `${name}-committer`,
    {
      description: "Commits the curated files of a data set to its Iceberg table.",
      roleArn: role.arn,
      // Python 3.9 of the Python shell comes with this version.
      glueVersion: "3.0",
      command: {
        name: "pythonshell",
        pythonVersion: "3.9",
        scriptLocation: pulumi.interpolate`s3://${script.bucket}/${script.key}`,
      },
      maxCapacity: spec.dataProcessingUnits ?? smallestProcessingUnits,
      timeout: timeoutMinutes,
      maxRetries: 1,
      // A second run at the same time would only lose the race for the commit.
      executionProperty: { maxConcurrentRuns: 1 },
      defaultArguments: {
        "--additional-python-modules": spec.pythonModules ?? defaultPythonModules,
        "--library-set": "none",
        "--BUCKET": spec.bucketName,
        "--DATASET": spec.dataset,
        "--DATABASE": spec.databaseName,
        "--TABLE": spec.tableName,
        "--LOCATION": spec.location,
        "--EXPIRE_SNAPSHOTS_AFTER_DAYS": pulumi.interpolate`${spec.snapshotRetentionDays ?? 0}`,
      },
      tags: common.tags,
    },
    opts,
  );
}

function statements(
  spec: TableCommitSpec,
  script: aws.s3.BucketObjectv2,
  { kmsKeyArn }: CommonArgs,
  parent: pulumi.Resource,
): PolicyStatement[] {
  const { dataset, bucketArn } = spec;
  const below = (folder: string): pulumi.Output<string> =>
    pulumi.interpolate`${bucketArn}/${folder}${dataset}/*`;
  const own = [below("tables/"), below("table-commits/")];
  return [
    {
      sid: "FindFiles",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: {
        StringLike: {
          "s3:prefix": [pulumi.interpolate`${dataset}/*`, pulumi.interpolate`tables/${dataset}/*`],
        },
      },
    },
    {
      sid: "ReadFiles",
      actions: ["s3:GetObject"],
      resources: [below(""), ...own, pulumi.interpolate`${bucketArn}/${script.key}`],
    },
    { sid: "WriteTable", actions: ["s3:PutObject"], resources: own },
    {
      sid: "MoveTable",
      actions: ["glue:GetTable", "glue:UpdateTable"],
      resources: catalogArns(spec, parent),
    },
    {
      sid: "Logs",
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${arnPrefix("logs", parent)}:log-group:/aws-glue/python-jobs/*`],
    },
    ...keyStatement(kmsKeyArn),
  ];
}

/** What Glue checks for a call on one table. */
export function catalogArns(
  { databaseName, tableName }: TablePlace,
  parent: pulumi.Resource,
): pulumi.Output<string>[] {
  const glue = arnPrefix("glue", parent);
  return [
    pulumi.interpolate`${glue}:catalog`,
    pulumi.interpolate`${glue}:database/${databaseName}`,
    pulumi.interpolate`${glue}:table/${databaseName}/${tableName}`,
  ];
}

/** Reading and writing what the caller's key encrypts. */
export function keyStatement(kmsKeyArn: CommonArgs["kmsKeyArn"]): PolicyStatement[] {
  return kmsKeyArn === undefined
    ? []
    : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [kmsKeyArn] }];
}

/** Keeps the events of runs that failed, and tells the topic; Glue itself has no metric of them. */
function keepFailures(
  name: string,
  job: aws.glue.Job,
  alarmTopicArn: pulumi.Input<string> | undefined,
  common: CommonArgs,
  parent: pulumi.Resource,
): void {
  const queue = createWatchedQueue(
    `${name}-commit-failures`,
    {
      alarmDescription: `Curated files of ${name} could not be committed to its table; the queue says which runs failed and why.`,
      alarmTopicArn,
    },
    common,
    parent,
  );
  keepEvents(
    `${name}-commit-failures`,
    {
      description: "Failed commits of curated files to an Iceberg table.",
      pattern: {
        source: ["aws.glue"],
        "detail-type": ["Glue Job State Change"],
        detail: { jobName: [job.name], state: ["FAILED", "TIMEOUT", "ERROR"] },
      },
    },
    queue,
    common,
    parent,
  );
}
