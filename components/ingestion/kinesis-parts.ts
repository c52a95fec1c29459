import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { columnNames } from "./kinesis-columns";
import type { KinesisSourceArgs } from "./kinesis-args";
import { SourceArgs, sourceCommon } from "./source-args";
import { sourceFolder } from "./source-parts";

/** First part of the keys of a source's objects in the raw zone. */
export function lakePrefix(name: string, { dataset }: SourceArgs): pulumi.Output<string> {
  return pulumi.interpolate`${dataset}/${sourceFolder(name)}/`;
}

/** First part of the keys of what Firehose could not convert. */
export function deadLetterPrefix(name: string, args: SourceArgs): pulumi.Output<string> {
  return pulumi.interpolate`dead-letters/${lakePrefix(name, args)}`;
}

/** Creates the table that tells Firehose the columns of the Parquet files; each is text. */
export function createTable(
  name: string,
  args: KinesisSourceArgs,
  parent: pulumi.Resource,
): aws.glue.CatalogTable {
  const columns = pulumi
    .output(args.contract)
    .apply((contract) => columnNames(contract).map((column) => ({ name: column, type: "string" })));
  return new aws.glue.CatalogTable(
    name,
    {
      databaseName: args.databaseName,
      description: pulumi.interpolate`Raw records of the data set ${args.dataset} as they were streamed, every column as text. Owner: ${args.owner}.`,
      tableType: "EXTERNAL_TABLE",
      parameters: { classification: "parquet" },
      partitionKeys: ["year", "month", "day", "hour"].map((key) => ({ name: key, type: "string" })),
      storageDescriptor: {
        location: pulumi.interpolate`s3://${args.rawBucketName}/${lakePrefix(name, args)}`,
        inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
        columns,
      },
    },
    { parent },
  );
}

/** Creates the function that puts what Firehose could not convert back on the stream. */
export function createReplayer(
  name: string,
  streamArn: pulumi.Output<string>,
  args: SourceArgs,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const waiting = deadLetterPrefix(name, args);
  const replayed = pulumi.interpolate`dead-letters-replayed/${lakePrefix(name, args)}`;
  return createLambdaFunction(
    `${name}-replayer`,
    {
      bundle: "firehose-replayer",
      description: `Puts refused records of the source ${name} back on its stream.`,
      environment: {
        DATASET: args.dataset,
        RAW_BUCKET: args.rawBucketName,
        DEAD_LETTER_PREFIX: waiting,
        REPLAYED_PREFIX: replayed,
        STREAM_ARN: streamArn,
      },
      statements: [
        {
          sid: "FindDeadRecords",
          actions: ["s3:ListBucket"],
          resources: [args.rawBucketArn],
          conditions: { StringLike: { "s3:prefix": pulumi.interpolate`${waiting}*` } },
        },
        {
          sid: "MoveDeadRecords",
          actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
          resources: [pulumi.interpolate`${args.rawBucketArn}/${waiting}*`],
        },
        {
          sid: "KeepReplayedRecords",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${args.rawBucketArn}/${replayed}*`],
        },
        { sid: "PutBack", actions: ["kinesis:PutRecords"], resources: [streamArn] },
      ],
      timeoutSeconds: 900,
      memoryMegabytes: 1024,
      // Two replays at once would put the same records on the stream.
      reservedConcurrency: 1,
      alarmTopicArn: args.alarmTopicArn,
    },
    sourceCommon(args),
    parent,
  );
}
