import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { arnPrefix } from "../shared/arn";
import { defaultLogRetentionDays } from "../shared/common-args";
import { createServiceRole, PolicyStatement, ServiceRoleParts } from "../shared/service-role";
import type { KinesisSourceArgs } from "./kinesis-args";
import { sourceCommon, sourceTags } from "./source-args";

/** What Firehose reads, how it writes it and where. */
export interface DeliverySpec {
  streamArn: pulumi.Output<string>;
  table: aws.glue.CatalogTable;
  /** First part of the keys of the files. */
  prefix: pulumi.Output<string>;
  /** First part of the keys of records that could not be converted. */
  errorPrefix: pulumi.Output<string>;
}

/** Creates the delivery stream that writes the records of a Kinesis stream to the raw zone as Parquet. */
export function createDeliveryStream(
  name: string,
  spec: DeliverySpec,
  args: KinesisSourceArgs,
  parent: pulumi.Resource,
): aws.kinesis.FirehoseDeliveryStream {
  const logGroup = createLogGroup(`${name}-delivery`, args, parent);
  const logStream = new aws.cloudwatch.LogStream(
    `${name}-delivery`,
    { name: logStreamName, logGroupName: logGroup.name },
    { parent, deleteBeforeReplace: true },
  );
  const { role, policy } = createDeliveryRole(`${name}-delivery`, spec, logGroup, args, parent);
  return new aws.kinesis.FirehoseDeliveryStream(
    name,
    {
      destination: "extended_s3",
      kinesisSourceConfiguration: { kinesisStreamArn: spec.streamArn, roleArn: role.arn },
      extendedS3Configuration: {
        roleArn: role.arn,
        bucketArn: args.rawBucketArn,
        prefix: pulumi.interpolate`${spec.prefix}${hourFolders}`,
        errorOutputPrefix: pulumi.interpolate`${spec.errorPrefix}!{firehose:error-output-type}/${hourFolders}`,
        bufferingInterval: args.bufferingSeconds ?? 300,
        bufferingSize: args.bufferingMegabytes ?? 128,
        // Parquet compresses its own pages.
        compressionFormat: "UNCOMPRESSED",
        kmsKeyArn: args.kmsKeyArn,
        cloudwatchLoggingOptions: {
          enabled: true,
          logGroupName: logGroup.name,
          logStreamName,
        },
        dataFormatConversionConfiguration: {
          enabled: true,
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: { caseInsensitive: true } } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
          schemaConfiguration: {
            databaseName: args.databaseName,
            tableName: spec.table.name,
            roleArn: role.arn,
          },
        },
      },
      tags: sourceTags(args),
    },
    { parent, dependsOn: policy === undefined ? [logStream] : [logStream, policy] },
  );
}

/** A name within the source's own log group. */
const logStreamName = "S3Delivery";

/** By the time of arrival, in UTC. */
const hourFolders = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

function createLogGroup(
  name: string,
  args: KinesisSourceArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    name,
    {
      retentionInDays: args.logRetentionDays ?? defaultLogRetentionDays,
      kmsKeyId: args.kmsKeyArn,
      tags: sourceTags(args),
    },
    { parent },
  );
}

function createDeliveryRole(
  name: string,
  spec: DeliverySpec,
  logGroup: aws.cloudwatch.LogGroup,
  args: KinesisSourceArgs,
  parent: pulumi.Resource,
): ServiceRoleParts {
  const objects = (prefix: pulumi.Output<string>): pulumi.Output<string> =>
    pulumi.interpolate`${args.rawBucketArn}/${prefix}*`;
  return createServiceRole(
    name,
    {
      service: "firehose.amazonaws.com",
      statements: [
        {
          sid: "ReadStream",
          actions: [
            "kinesis:DescribeStream",
            "kinesis:GetShardIterator",
            "kinesis:GetRecords",
            "kinesis:ListShards",
          ],
          resources: [spec.streamArn],
        },
        {
          sid: "WriteLake",
          actions: ["s3:AbortMultipartUpload", "s3:PutObject"],
          resources: [objects(spec.prefix), objects(spec.errorPrefix)],
        },
        {
          sid: "FindUploads",
          actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
          resources: [args.rawBucketArn],
        },
        readColumns(spec, args, parent),
        {
          sid: "Logs",
          actions: ["logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:log-stream:*`],
        },
        ...(args.kmsKeyArn === undefined
          ? []
          : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] }]),
      ],
    },
    sourceCommon(args),
    parent,
  );
}

/** Glue asks for the right on the catalog, the database and the table. */
function readColumns(
  { table }: DeliverySpec,
  { databaseName }: KinesisSourceArgs,
  parent: pulumi.Resource,
): PolicyStatement {
  const glue = arnPrefix("glue", parent);
  return {
    sid: "ReadColumns",
    actions: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
    resources: [
      pulumi.interpolate`${glue}:catalog`,
      pulumi.interpolate`${glue}:database/${databaseName}`,
      pulumi.interpolate`${glue}:table/${databaseName}/${table.name}`,
    ],
  };
}
