import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { referencedDatasets } from "../contracts/contract-references";
import type { DataContract } from "../contracts/data-contract";
import { CommonArgs } from "../shared/common-args";
import { checkSchedule } from "../shared/schedule-check";
import { createServiceRole } from "../shared/service-role";
import { ArgumentChecker } from "../shared/validation";
import { createWatchedQueue, keepEvents } from "../shared/watched-queue";
import { parseContract } from "./contract-check";
import { dataQualityRules, rulesFault, tableAlias } from "./data-quality-rules";
import { createEvaluationRole } from "./evaluation-role";

/** Arguments of {@link GlueDataQuality}. */
export interface GlueDataQualityArgs extends CommonArgs {
  /** What the rows of the table must look like: a `DataContract` as JSON. */
  contract: pulumi.Input<string>;
  /** Glue database of the table. */
  databaseName: pulumi.Input<string>;
  /** Table that is checked. Tables of referenced data sets lie in the same database under the name of their data set, hyphens as underscores. */
  tableName: pulumi.Input<string>;
  /** ARN of the bucket that holds the tables' data. */
  dataBucketArn: pulumi.Input<string>;
  /** Folders of that bucket that hold the tables' data, those of referenced data sets too; without a slash at the end. */
  dataPrefixes: pulumi.Input<string>[];
  /** When the table is checked: `rate(1 day)` or `cron(0 3 * * ? *)`, in UTC. @default rate(1 day) */
  schedule?: pulumi.Input<string>;
  /** Workers of a check, 2 to 100; each has 4 processors. @default 2 */
  workerCount?: number;
  /** Minutes after which a check is ended, 1 to 2880. @default 60 */
  timeoutMinutes?: number;
  /** Topic told when a rule is broken or a check could not start. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Checks a table of the Glue catalog by a ruleset made from its contract, for those who prefer Glue over
 * `DataValidator`: nothing to operate, at the price of minutes and of finding bad rows only once they are in the table.
 *
 * The result of every check is in the console, in CloudWatch metrics and on the event bus; a failed one goes to a topic.
 */
export class GlueDataQuality extends pulumi.ComponentResource {
  /** Name of the ruleset. */
  public readonly rulesetName: pulumi.Output<string>;
  /** The ruleset in DQDL. */
  public readonly ruleset: pulumi.Output<string>;
  /** ARN of the role that the checks run with. */
  public readonly roleArn: pulumi.Output<string>;
  /** Rule on the event bus that matches failed checks. */
  public readonly ruleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: GlueDataQualityArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:GlueDataQuality", name, args, opts);
    const contract = pulumi.output(args.contract).apply((text) => JSON.parse(text) as DataContract);
    this.ruleset = contract.apply(dataQualityRules);
    const { databaseName, tableName, tags } = args;
    const ruleset = new aws.glue.DataQualityRuleset(
      name,
      {
        description: pulumi.interpolate`Made from version ${contract.version} of the contract of ${contract.dataset}.`,
        ruleset: this.ruleset,
        targetTable: { databaseName, tableName },
        tags,
      },
      { parent: this },
    );
    const role = createEvaluationRole(name, ruleset.arn, contract, args, this);
    const queue = createWatchedQueue(
      name,
      {
        alarmDescription: pulumi.interpolate`Rows of the table ${tableName} break its contract, or a check could not start; the queue says which.`,
        alarmTopicArn: args.alarmTopicArn,
      },
      args,
      this,
    );
    createEvaluationSchedule(name, { ruleset, role, contract, queue }, args, this);
    const rule = keepFailures(name, ruleset.name, queue, args, this);
    this.rulesetName = ruleset.name;
    this.roleArn = role.arn;
    this.ruleArn = rule.arn;
    this.registerOutputs({
      rulesetName: this.rulesetName,
      ruleset: this.ruleset,
      roleArn: this.roleArn,
      ruleArn: this.ruleArn,
    });
  }
}

const defaultSchedule = "rate(1 day)";
/** The fewest that Glue takes. */
const defaultWorkerCount = 2;
const defaultTimeoutMinutes = 60;

function checkArguments(args: GlueDataQualityArgs): void {
  const parsed = typeof args.contract === "string" ? parseContract(args.contract) : undefined;
  const fault =
    parsed === undefined ? undefined : "fault" in parsed ? parsed.fault : rulesFault(parsed.contract);
  const checker = new ArgumentChecker()
    .require(fault === undefined, "contract", fault ?? "")
    .require(args.dataPrefixes.length > 0, "dataPrefixes", "no folder was given; at least one is needed")
    .range(args.workerCount, "workerCount", 2, 100)
    .range(args.timeoutMinutes, "timeoutMinutes", 1, 2880);
  args.dataPrefixes.forEach((prefix, index) =>
    checker.require(
      typeof prefix !== "string" || /^[^/*?].*[^/]$|^[^/*?]$/.test(prefix),
      `dataPrefixes[${index}]`,
      `"${String(prefix)}" was given; a folder such as flights is needed, without a slash at either end`,
    ),
  );
  checkSchedule(checker, args.schedule, "schedule");
  checker.done("GlueDataQuality");
}

interface Evaluation {
  ruleset: aws.glue.DataQualityRuleset;
  role: aws.iam.Role;
  contract: pulumi.Output<DataContract>;
  queue: aws.sqs.Queue;
}

/** EventBridge Scheduler starts the check itself: no function lies between. */
function createEvaluationSchedule(
  name: string,
  { ruleset, role, contract, queue }: Evaluation,
  args: GlueDataQualityArgs,
  parent: pulumi.Resource,
): void {
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  const caller = createServiceRole(
    `${name}-schedule`,
    {
      service: "scheduler.amazonaws.com",
      statements: [
        {
          sid: "Start",
          actions: ["glue:StartDataQualityRulesetEvaluationRun"],
          resources: [ruleset.arn],
        },
        {
          sid: "HandOver",
          actions: ["iam:PassRole"],
          resources: [role.arn],
          conditions: { StringEquals: { "iam:PassedToService": "glue.amazonaws.com" } },
        },
        { sid: "DeadLetters", actions: ["sqs:SendMessage"], resources: [queue.arn] },
        ...(args.kmsKeyArn === undefined
          ? []
          : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] }]),
      ],
    },
    args,
    parent,
  );
  const table = (tableName: pulumi.Input<string>): object => ({
    GlueTable: { DatabaseName: args.databaseName, TableName: tableName },
  });
  const references = contract.apply((known) =>
    Object.fromEntries(
      referencedDatasets(known).map((dataset) => [tableAlias(dataset), table(tableAlias(dataset))]),
    ),
  );
  new aws.scheduler.Schedule(
    name,
    {
      description: pulumi.interpolate`Checks the quality of the table ${args.tableName}.`,
      scheduleExpression: args.schedule ?? defaultSchedule,
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: args.kmsKeyArn,
      target: {
        arn: pulumi.interpolate`arn:${partition}:scheduler:::aws-sdk:glue:startDataQualityRulesetEvaluationRun`,
        roleArn: caller.role.arn,
        input: pulumi.jsonStringify({
          DataSource: table(args.tableName),
          AdditionalDataSources: references,
          Role: role.arn,
          RulesetNames: [ruleset.name],
          NumberOfWorkers: args.workerCount ?? defaultWorkerCount,
          Timeout: args.timeoutMinutes ?? defaultTimeoutMinutes,
          // A repeated call of the scheduler starts no second check.
          ClientToken: "<aws.scheduler.execution-id>",
          AdditionalRunOptions: { CloudWatchMetricsEnabled: true },
        }),
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
        deadLetterConfig: { arn: queue.arn },
      },
    },
    { parent, dependsOn: caller.policy === undefined ? [] : [caller.policy] },
  );
}

/** Keeps the results that break a rule, and the checks that could not be started, in the queue. */
function keepFailures(
  name: string,
  rulesetName: pulumi.Output<string>,
  queue: aws.sqs.Queue,
  args: GlueDataQualityArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  const { databaseName, tableName } = args;
  return keepEvents(
    name,
    {
      description: pulumi.interpolate`Rows of the table ${tableName} break its contract.`,
      pattern: {
        source: ["aws.glue-dataquality"],
        "detail-type": ["Data Quality Evaluation Results Available"],
        detail: {
          context: {
            contextType: ["GLUE_DATA_CATALOG"],
            databaseName: [databaseName],
            tableName: [tableName],
          },
          rulesetNames: [rulesetName],
          state: ["FAILED"],
        },
      },
    },
    queue,
    args,
    parent,
  );
}
