import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ColumnType, DataContract } from "../contracts/data-contract";
import { contractFault } from "../data-quality/contract-check";
import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { ArgumentChecker } from "../shared/validation";
import { createTableCommit } from "./table-commit";
import { createTableMaintenance } from "./table-maintenance";

/** Arguments of {@link IcebergTable}. */
export interface IcebergTableArgs extends CommonArgs {
  /** What the files of the data set look like: a `DataContract` as JSON. Its data set is the folder whose files become the table. */
  contract: pulumi.Input<string>;
  /** Bucket of the curated zone: its files are read from `<dataset>/`, the table lies in `tables/<dataset>/`. */
  curatedBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  curatedBucketArn: pulumi.Input<string>;
  /** Database of the Glue Data Catalog that the table stands in. */
  databaseName: pulumi.Input<string>;
  /** Name of the table in queries: lower-case letters, digits and underscores. @default the data set's name, with underscores for other characters */
  tableName?: pulumi.Input<string>;
  /** When new files are committed, as a Glue cron expression in UTC. @default "cron(0 * * * ? *)", every hour */
  commitSchedule?: pulumi.Input<string>;
  /** Glue data processing units of the committing job: 0.0625 (1 GB of memory) or 1 (16 GB). @default 0.0625 */
  dataProcessingUnits?: pulumi.Input<number>;
  /** Python packages of the committing job as `name==version`, separated by commas; set it to wheels in S3 where the job has no way to PyPI. @default the versions that the job was tested with */
  pythonModules?: pulumi.Input<string>;
  /** Days that one can travel back in time: older snapshots expire. @default 30 */
  snapshotRetentionDays?: pulumi.Input<number>;
  /** Days after which a file in the table's folder that no snapshot knows is deleted. @default 7 */
  orphanFileRetentionDays?: pulumi.Input<number>;
  /** Topic told when a commit failed; it must take messages of EventBridge. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
  /** Whether the table may be deleted; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/**
 * An Iceberg table of a data set: it holds exactly the rows of the data set's curated files, and every commit is a
 * snapshot that queries can go back to (`FOR TIMESTAMP AS OF` and `FOR VERSION AS OF` in Athena).
 *
 * A Glue job commits on a schedule what is new, replaced or gone, all in one snapshot; running it again adds nothing.
 * The table keeps copies of the files, so that its history does not change with the curated zone. Glue compacts the
 * table, lets old snapshots expire and deletes files that no snapshot knows.
 */
export class IcebergTable extends pulumi.ComponentResource {
  /** Name of the table in its database. */
  public readonly tableName: pulumi.Output<string>;
  /** ARN of the table in the Glue Data Catalog. */
  public readonly tableArn: pulumi.Output<string>;
  /** S3 URI of the table's own files. */
  public readonly location: pulumi.Output<string>;
  /** Glue job that commits; start a run to commit at once. */
  public readonly commitJobName: pulumi.Output<string>;
  /** ARN of that job. */
  public readonly commitJobArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: IcebergTableArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:IcebergTable", name, args, opts);
    const contract = pulumi.output(args.contract).apply((text) => JSON.parse(text) as DataContract);
    const dataset = contract.dataset;
    const location = pulumi.interpolate`s3://${args.curatedBucketName}/tables/${dataset}`;
    const table = createTable(name, args, contract, location, this);
    const place = {
      dataset,
      location,
      bucketName: args.curatedBucketName,
      bucketArn: args.curatedBucketArn,
      databaseName: table.databaseName,
      tableName: table.name,
    };
    const job = createTableCommit(name, { ...args, ...place }, args, this);
    createTableMaintenance(
      name,
      {
        ...place,
        snapshotRetentionDays: args.snapshotRetentionDays ?? defaultSnapshotRetentionDays,
        orphanFileRetentionDays: args.orphanFileRetentionDays ?? defaultOrphanFileRetentionDays,
      },
      args,
      this,
    );
    this.tableName = table.name;
    this.tableArn = table.arn;
    this.location = location;
    this.commitJobName = job.name;
    this.commitJobArn = job.arn;
    this.registerOutputs({
      tableName: this.tableName,
      tableArn: this.tableArn,
      location: this.location,
      commitJobName: this.commitJobName,
      commitJobArn: this.commitJobArn,
    });
  }
}

const defaultSnapshotRetentionDays = 30;
const defaultOrphanFileRetentionDays = 7;
/** The two sizes of a Python shell job. */
const allowedProcessingUnits = [0.0625, 1];

function checkArguments(args: IcebergTableArgs): void {
  const { contract, tableName, commitSchedule, dataProcessingUnits } = args;
  const fault = typeof contract === "string" ? contractFault(contract) : undefined;
  const checker = new ArgumentChecker()
    .require(fault === undefined, "contract", fault ?? "")
    .range(args.snapshotRetentionDays, "snapshotRetentionDays", 1, 3650)
    .range(args.orphanFileRetentionDays, "orphanFileRetentionDays", 1, 3650);
  if (typeof tableName === "string") {
    checker.require(
      /^[a-z0-9_]{1,255}$/.test(tableName),
      "tableName",
      `"${tableName}" was given; lower-case letters, digits and underscores are allowed`,
    );
  }
  if (typeof commitSchedule === "string") {
    checker.require(
      /^cron\(.+\)$/.test(commitSchedule),
      "commitSchedule",
      `"${commitSchedule}" was given; a Glue schedule such as cron(0 * * * ? *) is needed`,
    );
  }
  if (typeof dataProcessingUnits === "number") {
    checker.require(
      allowedProcessingUnits.includes(dataProcessingUnits),
      "dataProcessingUnits",
      `${dataProcessingUnits} was given; allowed are ${allowedProcessingUnits.join(" and ")}`,
    );
  }
  checker.done("IcebergTable");
}

const hiveTypes: Record<ColumnType, string> = {
  [ColumnType.String]: "string",
  [ColumnType.Integer]: "bigint",
  [ColumnType.Number]: "double",
  [ColumnType.Boolean]: "boolean",
  [ColumnType.Timestamp]: "timestamp",
};

/**
 * The table in the catalog, with a first, empty version of its Iceberg metadata. From then on the entry belongs to
 * those who commit: it points to the current metadata, and a change from here would turn the pointer back. That is why
 * every input that could change it is ignored; new columns come with the first file that has them.
 */
function createTable(
  name: string,
  args: IcebergTableArgs,
  contract: pulumi.Output<DataContract>,
  location: pulumi.Output<string>,
  parent: pulumi.Resource,
): aws.glue.CatalogTable {
  return new aws.glue.CatalogTable(
    name,
    {
      // The name that queries use.
      name:
        args.tableName ??
        contract.dataset.apply((dataset) => dataset.toLowerCase().replace(/[^a-z0-9]/g, "_")),
      databaseName: args.databaseName,
      tableType: "EXTERNAL_TABLE",
      openTableFormatInput: { icebergInput: { metadataOperation: "CREATE", version: "2" } },
      storageDescriptor: {
        location,
        columns: contract.columns.apply((columns) =>
          columns.map((column) => ({ name: column.name, type: hiveTypes[column.type] })),
        ),
      },
    },
    {
      parent,
      deleteBeforeReplace: true,
      ignoreChanges: ["openTableFormatInput", "parameters", "storageDescriptor", "tableType"],
      ...dataProtection(args.forceDestroy),
    },
  );
}
