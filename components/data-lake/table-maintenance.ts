import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { arnPrefix } from "../shared/arn";
import { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement } from "../shared/service-role";
import { catalogArns, keyStatement, TablePlace } from "./table-commit";

/** How a table is kept small. */
export interface TableMaintenanceSpec extends TablePlace {
  snapshotRetentionDays: pulumi.Input<number>;
  orphanFileRetentionDays: pulumi.Input<number>;
}

/** With fewer small files than this a compaction would cost more than it saves. */
const fewestFilesToCompact = 20;

/**
 * Lets Glue compact the table, drop old snapshots with their files, and delete files that no snapshot knows. Its role
 * reaches nothing but the table's own folder: the curated files cannot be deleted by maintenance.
 */
export function createTableMaintenance(
  name: string,
  spec: TableMaintenanceSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): void {
  const { role, policy } = createServiceRole(
    `${name}-maintenance`,
    { service: "glue.amazonaws.com", statements: statements(spec, common, parent) },
    common,
    parent,
  );
  const catalogId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const optimize = (
    type: string,
    configuration: Partial<aws.types.input.glue.CatalogTableOptimizerConfiguration>,
  ): aws.glue.CatalogTableOptimizer =>
    new aws.glue.CatalogTableOptimizer(
      `${name}-${type.replaceAll("_", "-")}`,
      {
        catalogId,
        databaseName: spec.databaseName,
        tableName: spec.tableName,
        type,
        configuration: { roleArn: role.arn, enabled: true, ...configuration },
      },
      { parent, dependsOn: policy === undefined ? [] : [policy] },
    );
  optimize("compaction", {
    compactionConfiguration: {
      icebergConfiguration: { strategy: "binpack", minInputFiles: fewestFilesToCompact },
    },
  });
  optimize("retention", {
    retentionConfiguration: {
      icebergConfiguration: {
        snapshotRetentionPeriodInDays: spec.snapshotRetentionDays,
        numberOfSnapshotsToRetain: 1,
        cleanExpiredFiles: true,
      },
    },
  });
  optimize("orphan_file_deletion", {
    orphanFileDeletionConfiguration: {
      icebergConfiguration: {
        location: pulumi.interpolate`${spec.location}/`,
        orphanFileRetentionPeriodInDays: spec.orphanFileRetentionDays,
      },
    },
  });
}

function statements(
  spec: TableMaintenanceSpec,
  { kmsKeyArn }: CommonArgs,
  parent: pulumi.Resource,
): PolicyStatement[] {
  const logs = arnPrefix("logs", parent);
  return [
    {
      sid: "FindFiles",
      actions: ["s3:ListBucket"],
      resources: [spec.bucketArn],
      conditions: { StringLike: { "s3:prefix": [pulumi.interpolate`tables/${spec.dataset}/*`] } },
    },
    {
      sid: "RewriteTable",
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      resources: [pulumi.interpolate`${spec.bucketArn}/tables/${spec.dataset}/*`],
    },
    {
      sid: "MoveTable",
      actions: ["glue:GetTable", "glue:UpdateTable"],
      resources: catalogArns(spec, parent),
    },
    {
      sid: "Logs",
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: ["compaction", "retention", "orphan-file-deletion"].map(
        (task) => pulumi.interpolate`${logs}:log-group:/aws-glue/iceberg-${task}/logs:*`,
      ),
    },
    ...keyStatement(kmsKeyArn),
  ];
}
