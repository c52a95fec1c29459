import * as pulumi from "@pulumi/pulumi";

import type { DataContract } from "../contracts/data-contract";
import { CommonArgs } from "../shared/common-args";
import { createEventTrigger } from "../shared/event-trigger";
import { ArgumentChecker } from "../shared/validation";
import { parseContract } from "./contract-check";
import { createValidatorAlarms } from "./validator-alarms";
import { createValidatorFunction } from "./validator-function";
import { createValidatorTables } from "./validator-tables";

/** Arguments of {@link DataValidator}. */
export interface DataValidatorArgs extends CommonArgs {
  /** What a delivered file must look like: a `DataContract` as JSON. Its data set is the folder that is watched. */
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
  /**
   * Days in which a record that is delivered again in another file counts as a duplicate and is not written again; the
   * contract needs a primary key. Each record then costs one write to DynamoDB.
   * @default records are unique within a file only
   */
  recordDeduplicationDays?: number;
  /** Memory of the function in megabytes, 1024 to 10240; half of it is the query engine's, which spills the rest to disk. @default 3008 */
  memoryMegabytes?: number;
  /** Topic told when a file goes to quarantine, is unlike earlier ones, or could not be checked at all. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Checks every file of a data set on its way from the raw to the curated zone: schema, missing values, duplicates,
 * ranges, references and, against the profile of earlier deliveries, volume and distribution.
 *
 * `raw/<dataset>/<file>` (CSV, JSON Lines or Parquet) becomes `curated/<dataset>/<file>.parquet` with the contract's order
 * of columns, or stays out as `quarantine/<dataset>/<file>` with `<file>.reasons.json` beside it, which gives the reason
 * of every bad row. Up to the contract's `maximumBadRowShare` the good rows go on without the bad ones. Every delivery has
 * a report, `quarantine/reports/<dataset>/<file>.html` and `.json`. The raw file is never touched, and a repeated event
 * changes nothing. What could not be checked waits in a dead-letter queue, from which the function takes it back when it
 * is called with a `ReplayRequest`.
 */
export class DataValidator extends pulumi.ComponentResource {
  /** ARN of the validating function. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the validating function. */
  public readonly functionName: pulumi.Output<string>;
  /** Rule that calls the function for each new file. */
  public readonly ruleArn: pulumi.Output<string>;
  /** Function that takes dead letters back: the validating one, called with a `ReplayRequest`. */
  public readonly replayFunctionName: pulumi.Output<string>;
  /** Queue of the events that could not be processed. */
  public readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** Alarm on files that went to quarantine. */
  public readonly quarantineAlarmArn: pulumi.Output<string>;
  /** Alarm on deliveries that are unlike the ones before. */
  public readonly anomalyAlarmArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: DataValidatorArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:DataValidator", name, args, opts);
    const contract = pulumi.output(args.contract).apply((text) => JSON.parse(text) as DataContract);
    const tables = createValidatorTables(
      `${name}-validator`,
      args.recordDeduplicationDays !== undefined,
      args,
      this,
    );
    const parts = createValidatorFunction(
      `${name}-validator`,
      {
        ...args,
        maximumFileMegabytes: args.maximumFileMegabytes ?? defaultMaximumFileMegabytes,
        memoryMegabytes: args.memoryMegabytes ?? defaultMemoryMegabytes,
      },
      contract,
      tables,
      this,
    );
    const alarms = createValidatorAlarms(`${name}-validator`, contract, args, this);
    const rule = createEventTrigger(
      `${name}-validator`,
      {
        description: `New files of the data set ${name} are validated.`,
        pattern: {
          source: ["aws.s3"],
          "detail-type": ["Object Created"],
          detail: {
            bucket: { name: [args.rawBucketName] },
            object: { key: [{ prefix: pulumi.interpolate`${contract.dataset}/` }] },
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
    this.replayFunctionName = parts.function.name;
    this.deadLetterQueueUrl = parts.deadLetterQueue.url;
    this.quarantineAlarmArn = alarms.quarantine.arn;
    this.anomalyAlarmArn = alarms.anomalies.arn;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      ruleArn: this.ruleArn,
      replayFunctionName: this.replayFunctionName,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      quarantineAlarmArn: this.quarantineAlarmArn,
      anomalyAlarmArn: this.anomalyAlarmArn,
    });
  }
}

const defaultMaximumFileMegabytes = 512;
/** What every account may have; some must ask for more. */
const defaultMemoryMegabytes = 3008;

function checkArguments(args: DataValidatorArgs): void {
  const parsed = typeof args.contract === "string" ? parseContract(args.contract) : undefined;
  const contract = parsed !== undefined && "contract" in parsed ? parsed.contract : undefined;
  const fault = parsed !== undefined && "fault" in parsed ? parsed.fault : undefined;
  new ArgumentChecker()
    .require(fault === undefined, "contract", fault ?? "")
    .range(args.maximumFileMegabytes, "maximumFileMegabytes", 1, 4608)
    .range(args.memoryMegabytes, "memoryMegabytes", 1024, 10_240)
    .range(args.recordDeduplicationDays, "recordDeduplicationDays", 1, 3650)
    .require(
      args.recordDeduplicationDays === undefined ||
        contract === undefined ||
        contract.primaryKey !== undefined,
      "recordDeduplicationDays",
      `${args.recordDeduplicationDays} was given; records are recognised by the contract's primaryKey, and it has none`,
    )
    .done("DataValidator");
}
