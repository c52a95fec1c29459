import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { DataContract } from "../contracts/data-contract";
import { CommonArgs } from "../shared/common-args";
import { createEventTrigger } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { ArgumentChecker } from "../shared/validation";
import { contractFault } from "./contract-check";

/** Arguments of {@link DataValidator}. */
export interface DataValidatorArgs extends CommonArgs {
  /** What a delivered file must look like: a `DataContract` as JSON, at most 3,500 bytes. Its data set is the folder that is watched. */
  contract: pulumi.Input<string>;
  /** Bucket that files arrive in; it must send its events to EventBridge. */
  rawBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  rawBucketArn: pulumi.Input<string>;
  /** Bucket for rows that keep the contract. */
  curatedBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  curatedBucketArn: pulumi.Input<string>;
  /** Bucket for rows and files that break the contract, with the reasons. */
  quarantineBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  quarantineBucketArn: pulumi.Input<string>;
  /** Largest file that is checked, in megabytes, 1 to 4608; a larger one goes to quarantine. @default 512 */
  maximumFileMegabytes?: number;
  /** Topic told when a file could not be checked at all. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Checks every file of a data set on its way from the raw to the curated zone: schema, missing values, duplicates and
 * ranges.
 *
 * `raw/<dataset>/<file>` becomes `curated/<dataset>/<file>` in UTF-8 with the contract's order of columns, or stays out
 * as `quarantine/<dataset>/<file>` with `<file>.reasons.json` beside it, which gives the reason of every bad row. Up to
 * the contract's `maximumBadRowShare` the good rows go on without the bad ones. The raw file is never touched, and a
 * repeated event changes nothing.
 */
export class DataValidator extends pulumi.ComponentResource {
  /** ARN of the validating function. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the validating function. */
  public readonly functionName: pulumi.Output<string>;
  /** Rule that calls the function for each new file. */
  public readonly ruleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: DataValidatorArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:DataValidator", name, args, opts);
    const dataset = pulumi
      .output(args.contract)
      .apply((contract) => (JSON.parse(contract) as DataContract).dataset);
    const parts = createFunction(`${name}-validator`, args, dataset, this);
    const rule = createEventTrigger(
      `${name}-validator`,
      {
        description: `New files of the data set ${name} are validated.`,
        pattern: {
          source: ["aws.s3"],
          "detail-type": ["Object Created"],
          detail: {
            bucket: { name: [args.rawBucketName] },
            object: { key: [{ prefix: pulumi.interpolate`${dataset}/` }] },
          },
        },
      },
      parts,
      args,
      this,
    );
    this.functionArn = parts.function.arn;
    this.functionName = parts.function.name;
    this.ruleArn = rule.arn;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      ruleArn: this.ruleArn,
    });
  }
}

const defaultMaximumFileMegabytes = 512;
const megabyte = 1024 * 1024;
/** Lambda allows 4 KB for all variables together; the rest is for the names of buckets and of the table. */
const maximumContractBytes = 3500;

function checkArguments({ contract, maximumFileMegabytes }: DataValidatorArgs): void {
  const text = typeof contract === "string" ? contract : undefined;
  const fault = text === undefined ? undefined : contractFault(text);
  const bytes = Buffer.byteLength(text ?? "");
  new ArgumentChecker()
    .require(fault === undefined, "contract", fault ?? "")
    .require(
      bytes <= maximumContractBytes,
      "contract",
      `${bytes} bytes were given; at most ${maximumContractBytes} are allowed, because it becomes a variable of the Lambda`,
    )
    .range(maximumFileMegabytes, "maximumFileMegabytes", 1, 4608)
    .done("DataValidator");
}

function createFunction(
  name: string,
  args: DataValidatorArgs,
  dataset: pulumi.Output<string>,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const table = createIdempotencyTable(name, args, parent);
  const maximumFileMegabytes = args.maximumFileMegabytes ?? defaultMaximumFileMegabytes;
  const objects = (bucketArn: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${bucketArn}/${dataset}/*`;
  return createLambdaFunction(
    name,
    {
      bundle: "data-validator",
      description: `Validates the files of the data set ${name}.`,
      environment: {
        CONTRACT: args.contract,
        RAW_BUCKET: args.rawBucketName,
        CURATED_BUCKET: args.curatedBucketName,
        QUARANTINE_BUCKET: args.quarantineBucketName,
        IDEMPOTENCY_TABLE: table.name,
        MAXIMUM_FILE_BYTES: String(maximumFileMegabytes * megabyte),
      },
      statements: [
        {
          sid: "ReadRaw",
          actions: ["s3:GetObject", "s3:GetObjectVersion"],
          resources: [objects(args.rawBucketArn)],
        },
        {
          sid: "WriteChecked",
          actions: ["s3:PutObject"],
          resources: [objects(args.curatedBucketArn), objects(args.quarantineBucketArn)],
        },
        {
          sid: "Idempotency",
          actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
          resources: [table.arn],
        },
      ],
      timeoutSeconds: 900,
      memoryMegabytes: 1769,
      // Good rows, bad rows and their reasons lie there until the end decides where they go.
      ephemeralStorageMegabytes: 512 + 2 * maximumFileMegabytes,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
}

/** The memory of which versions were validated; losing it costs a second validation and no data. */
function createIdempotencyTable(
  name: string,
  { kmsKeyArn, tags }: CommonArgs,
  parent: pulumi.Resource,
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    `${name}-idempotency`,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiration", enabled: true },
      pointInTimeRecovery: { enabled: true },
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      tags,
    },
    { parent },
  );
}
