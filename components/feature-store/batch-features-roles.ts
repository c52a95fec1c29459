import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { arnPrefix } from "../shared/arn";
import { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement, ServiceRoleParts } from "../shared/service-role";

/** What the job touches. */
export interface BatchFeaturesPlaces {
  curatedBucketArn: pulumi.Input<string>;
  featuresBucketArn: pulumi.Input<string>;
  /** Curated data sets that are read. */
  datasets: string[];
  /** Folder of the features bucket that is written. */
  outputFolder: string;
  /** Folder of the features bucket that holds script and views. */
  jobFolder: string;
  /** Glue database whose tables may be read. */
  databaseName?: pulumi.Input<string>;
}

/** Creates the role that the job runs with; only jobs of this application can. */
export function createJobRole(
  name: string,
  places: BatchFeaturesPlaces,
  application: aws.emrserverless.Application,
  logGroup: aws.cloudwatch.LogGroup,
  common: CommonArgs,
  parent: pulumi.Resource,
): ServiceRoleParts {
  const { curatedBucketArn, featuresBucketArn, outputFolder, jobFolder, databaseName } = places;
  const statements: PolicyStatement[] = [
    {
      // Without a prefix: where S3 may not list, it answers "forbidden" for a missing object, and Spark gives up.
      sid: "FindFiles",
      actions: ["s3:GetBucketLocation", "s3:ListBucket"],
      resources: [curatedBucketArn, featuresBucketArn],
    },
    {
      sid: "ReadDeliveries",
      actions: ["s3:GetObject"],
      resources: places.datasets.flatMap((dataset) => folderArns(curatedBucketArn, dataset)),
    },
    {
      sid: "ReadJob",
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${featuresBucketArn}/${jobFolder}/*`],
    },
    {
      // The files of a day that is computed again are deleted.
      sid: "WriteFeatures",
      actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      resources: folderArns(featuresBucketArn, outputFolder),
    },
    // Groups cannot be looked up by name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    {
      sid: "FindLogs",
      actions: ["logs:DescribeLogGroups"],
      resources: [pulumi.interpolate`${arnPrefix("logs", parent)}:log-group:*`],
    },
    {
      sid: "Logs",
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`],
    },
    ...(databaseName === undefined ? [] : [glueStatement(databaseName, parent)]),
    ...keyStatement(common),
  ];
  return createServiceRole(
    `${name}-job`,
    {
      service: "emr-serverless.amazonaws.com",
      statements,
      trustConditions: { "aws:SourceArn": application.arn },
    },
    common,
    parent,
  );
}

/** A folder as the file system of EMR sees it: its objects, itself, and the empty object that marks it as made. */
function folderArns(bucketArn: pulumi.Input<string>, folder: string): pulumi.Output<string>[] {
  return ["/*", "", "_$folder$"].map((end) => pulumi.interpolate`${bucketArn}/${folder}${end}`);
}

function glueStatement(databaseName: pulumi.Input<string>, parent: pulumi.Resource): PolicyStatement {
  const glue = arnPrefix("glue", parent);
  return {
    // Spark looks the database "default" up whenever it opens the catalog.
    sid: "ReadTables",
    actions: ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
    resources: [
      pulumi.interpolate`${glue}:catalog`,
      pulumi.interpolate`${glue}:database/default`,
      pulumi.interpolate`${glue}:database/${databaseName}`,
      pulumi.interpolate`${glue}:table/${databaseName}/*`,
    ],
  };
}

function keyStatement({ kmsKeyArn }: CommonArgs): PolicyStatement[] {
  if (kmsKeyArn === undefined) return [];
  return [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [kmsKeyArn] }];
}

/** Creates the role with which the scheduler starts runs of this application, with this job role and no other. */
export function createStarterRole(
  name: string,
  application: aws.emrserverless.Application,
  jobRole: aws.iam.Role,
  queue: aws.sqs.Queue,
  common: CommonArgs,
  parent: pulumi.Resource,
): ServiceRoleParts {
  return createServiceRole(
    `${name}-schedule`,
    {
      service: "scheduler.amazonaws.com",
      statements: [
        { sid: "Start", actions: ["emr-serverless:StartJobRun"], resources: [application.arn] },
        {
          sid: "TagRuns",
          actions: ["emr-serverless:TagResource"],
          resources: [pulumi.interpolate`${application.arn}/jobruns/*`],
        },
        {
          sid: "PassJobRole",
          actions: ["iam:PassRole"],
          resources: [jobRole.arn],
          conditions: { StringEquals: { "iam:PassedToService": "emr-serverless.amazonaws.com" } },
        },
        { sid: "Failures", actions: ["sqs:SendMessage"], resources: [queue.arn] },
        ...keyStatement(common),
      ],
    },
    common,
    parent,
  );
}
