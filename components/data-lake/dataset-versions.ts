import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { DataContract } from "../contracts/data-contract";
import { contractFault } from "../data-quality/contract-check";
import { arnPrefix } from "../shared/arn";
import { CommonArgs } from "../shared/common-args";
import { createSchedule } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { checkSchedule } from "../shared/schedule-check";
import { ArgumentChecker } from "../shared/validation";

/** Arguments of {@link DatasetVersions}. */
export interface DatasetVersionsArgs extends CommonArgs {
  /** What the files of the data set look like: a `DataContract` as JSON. Its data set is the folder that becomes a version. */
  contract: pulumi.Input<string>;
  /** Bucket of the curated zone; the versions lie in its folder `manifests/<dataset>/`. */
  curatedBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  curatedBucketArn: pulumi.Input<string>;
  /** When a version is published, `rate(1 day)` or `cron(0 3 * * ? *)`, in UTC. @default only when the function is called */
  schedule?: pulumi.Input<string>;
  /** Topic told when a version could not be published. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Immutable versions of a data set: manifests that name every curated file with its hash, rows and bytes, the columns
 * and the validations that the files came from. The id of a version is a hash of its content, so the same files are the
 * same version and a training run that names it names its exact data.
 *
 * Call the function to publish; it answers `{ id, uri, sageMakerManifestUri, rows, files, published }`. Give
 * `sageMakerManifestUri` to a training channel of the type `ManifestFile`. `{ "compare": [id, id] }` answers how two
 * versions differ.
 */
export class DatasetVersions extends pulumi.ComponentResource {
  /** ARN of the publishing function. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the publishing function. */
  public readonly functionName: pulumi.Output<string>;
  /** S3 URI of the folder of manifests. */
  public readonly manifestsUri: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: DatasetVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:DatasetVersions", name, args, opts);
    const contract = pulumi.output(args.contract).apply((text) => JSON.parse(text) as DataContract);
    const dataset = contract.dataset;
    const schema = createSchemaObject(name, args, contract, this);
    const parts = createFunction(`${name}-publisher`, args, dataset, schema, this);
    if (args.schedule !== undefined) {
      createSchedule(
        `${name}-publisher`,
        {
          description: `Publishes versions of the data set ${name}.`,
          expression: args.schedule,
          input: { action: "publish" },
        },
        parts,
        args,
        this,
      );
    }
    this.functionArn = parts.function.arn;
    this.functionName = parts.function.name;
    this.manifestsUri = pulumi.interpolate`s3://${args.curatedBucketName}/manifests/${dataset}/`;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      manifestsUri: this.manifestsUri,
    });
  }
}

function checkArguments({ contract, schedule }: DatasetVersionsArgs): void {
  const fault = typeof contract === "string" ? contractFault(contract) : undefined;
  const checker = new ArgumentChecker().require(fault === undefined, "contract", fault ?? "");
  checkSchedule(checker, schedule, "schedule");
  checker.done("DatasetVersions");
}

/** The columns as an object: a contract may have more of them than a function's environment has room for. */
function createSchemaObject(
  name: string,
  { curatedBucketName, tags }: DatasetVersionsArgs,
  contract: pulumi.Output<DataContract>,
  parent: pulumi.Resource,
): aws.s3.BucketObjectv2 {
  return new aws.s3.BucketObjectv2(
    `${name}-schema`,
    {
      bucket: curatedBucketName,
      key: pulumi.interpolate`manifests/${contract.dataset}/schema.json`,
      content: pulumi.jsonStringify(
        contract.columns.apply((columns) =>
          columns.map((column) => ({ name: column.name, type: column.type })),
        ),
      ),
      contentType: "application/json",
      tags,
    },
    { parent },
  );
}

function createFunction(
  name: string,
  args: DatasetVersionsArgs,
  dataset: pulumi.Output<string>,
  schema: aws.s3.BucketObjectv2,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const { curatedBucketArn } = args;
  const manifests = pulumi.interpolate`${curatedBucketArn}/manifests/${dataset}/*`;
  return createLambdaFunction(
    name,
    {
      bundle: "dataset-publisher",
      description: "Publishes immutable versions of a data set.",
      environment: { DATASET: dataset, CURATED_BUCKET: args.curatedBucketName, SCHEMA_KEY: schema.key },
      statements: [
        {
          sid: "FindFiles",
          actions: ["s3:ListBucket"],
          resources: [curatedBucketArn],
          conditions: { StringLike: { "s3:prefix": [pulumi.interpolate`${dataset}/*`] } },
        },
        {
          sid: "ReadFiles",
          actions: ["s3:GetObject"],
          resources: [pulumi.interpolate`${curatedBucketArn}/${dataset}/*`, manifests],
        },
        { sid: "WriteVersions", actions: ["s3:PutObject"], resources: [manifests] },
        {
          sid: "Lineage",
          actions: ["events:PutEvents"],
          resources: [pulumi.interpolate`${arnPrefix("events", parent)}:event-bus/default`],
        },
      ],
      timeoutSeconds: 900,
      memoryMegabytes: 1024,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
}
