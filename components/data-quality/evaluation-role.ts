import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { referencedDatasets } from "../contracts/contract-references";
import type { DataContract } from "../contracts/data-contract";
import { arnPrefix } from "../shared/arn";
import type { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement } from "../shared/service-role";
import { tableAlias } from "./data-quality-rules";

/** The table that is checked, and where its data lies. */
export interface EvaluationRoleSpec extends CommonArgs {
  databaseName: pulumi.Input<string>;
  tableName: pulumi.Input<string>;
  dataBucketArn: pulumi.Input<string>;
  dataPrefixes: pulumi.Input<string>[];
}

/**
 * Role of Glue's checks of one table: reads the table, those that it refers to and their data, and publishes results.
 * https://docs.aws.amazon.com/glue/latest/dg/data-quality-authorization.html
 */
export function createEvaluationRole(
  name: string,
  rulesetArn: pulumi.Output<string>,
  contract: pulumi.Output<DataContract>,
  args: EvaluationRoleSpec,
  parent: pulumi.Resource,
): aws.iam.Role {
  return createServiceRole(
    `${name}-evaluation`,
    {
      service: "glue.amazonaws.com",
      statements: [
        ...catalogStatements(contract, args, parent),
        ...dataStatements(args),
        ...resultStatements(rulesetArn, parent),
      ],
    },
    args,
    parent,
  ).role;
}

function catalogStatements(
  contract: pulumi.Output<DataContract>,
  { databaseName, tableName }: EvaluationRoleSpec,
  parent: pulumi.Resource,
): PolicyStatement[] {
  const glue = arnPrefix("glue", parent);
  const tables = pulumi
    .all([contract, glue, databaseName, tableName])
    .apply(([known, prefix, database, table]) => [
      `${prefix}:catalog`,
      `${prefix}:database/${database}`,
      ...[table, ...referencedDatasets(known).map(tableAlias)].map(
        (each) => `${prefix}:table/${database}/${each}`,
      ),
    ]);
  return [
    {
      sid: "Catalog",
      actions: ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitions"],
      resources: tables,
    },
  ];
}

function dataStatements({ dataBucketArn, dataPrefixes, kmsKeyArn }: EvaluationRoleSpec): PolicyStatement[] {
  return [
    {
      sid: "Data",
      actions: ["s3:GetObject"],
      resources: dataPrefixes.map((prefix) => pulumi.interpolate`${dataBucketArn}/${prefix}/*`),
    },
    {
      sid: "DataListing",
      actions: ["s3:ListBucket"],
      resources: [dataBucketArn],
      conditions: {
        StringLike: { "s3:prefix": dataPrefixes.map((prefix) => pulumi.interpolate`${prefix}/*`) },
      },
    },
    ...(kmsKeyArn === undefined ? [] : [{ sid: "Key", actions: ["kms:Decrypt"], resources: [kmsKeyArn] }]),
  ];
}

function resultStatements(rulesetArn: pulumi.Output<string>, parent: pulumi.Resource): PolicyStatement[] {
  const { partition } = aws.getPartitionOutput({}, { parent });
  const { region } = aws.getRegionOutput({}, { parent });
  return [
    {
      sid: "Ruleset",
      actions: ["glue:GetDataQualityRuleset", "glue:PublishDataQuality"],
      resources: [rulesetArn],
    },
    {
      // The code of the checks, which AWS keeps in a bucket of its own in every region.
      sid: "Program",
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`arn:${partition}:s3:::aws-glue-ml-data-quality-assets-${region}/*`],
    },
    {
      sid: "Logs",
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${arnPrefix("logs", parent)}:log-group:/aws-glue/data-quality/*`],
    },
    {
      // CloudWatch knows metrics as no resources; the namespace is what can be limited.
      sid: "Metrics",
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": "Glue Data Quality" } },
    },
  ];
}
