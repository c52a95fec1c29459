import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { RetrainingTrigger } from "../contracts/retraining";
import { CommonArgs } from "../shared/common-args";
import { createEventTrigger, createSchedule } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { checkSchedule } from "../shared/schedule-check";
import { ArgumentChecker } from "../shared/validation";
import { createDecisionsTable } from "./decisions-table";

/** Arguments of {@link RetrainingController}. */
export interface RetrainingControllerArgs extends CommonArgs {
  /** Model name. */
  modelName: string;
  /** State machine that trains the model, from `TrainingPipeline`. */
  stateMachineArn: pulumi.Input<string>;
  /** S3 prefix of the training data, for example `s3://curated/flights/`; the slash keeps out what only begins alike. */
  dataUri: pulumi.Input<string>;
  /** Alarm whose going off asks for a retraining, from `ModelMonitor`. */
  driftAlarmArn: pulumi.Input<string>;
  /** When the model is trained in any case, in UTC. @default cron(0 3 ? * SUN *) */
  scheduleExpression?: pulumi.Input<string>;
  /** Seconds after a started run in which no other is started, 0 to 2592000. @default 21600 */
  coolDownSeconds?: number;
  /** Runs that may be started in 24 hours, 1 to 96. @default 3 */
  dailyCap?: number;
  /** Whether the decisions may be deleted with the stack. @default false */
  forceDestroy?: boolean;
  /** Topic told when a request could not be decided. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Decides when a model is trained again. Every trigger goes through it: the schedule, the drift alarm, and people, who
 * call the function with a `RetrainingRequest`. It starts at most one run at a time, none within the cool-down, no more
 * than the daily cap, none for an alarm without data, and none twice for the same request; the table keeps every
 * decision with its reason for 400 days.
 */
export class RetrainingController extends pulumi.ComponentResource {
  /** ARN of the deciding function. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the deciding function. */
  public readonly functionName: pulumi.Output<string>;
  /** Table of decisions. */
  public readonly tableName: pulumi.Output<string>;
  /** Rule that listens to the drift alarm. */
  public readonly driftRuleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: RetrainingControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:RetrainingController", name, args, opts);
    const table = createDecisionsTable(`${name}-retraining`, args.forceDestroy, args, this);
    const parts = createFunction(`${name}-retraining`, args, table, this);
    const rule = createEventTrigger(
      `${name}-retraining`,
      {
        description: `The drift alarm of ${args.modelName} asks for a retraining.`,
        pattern: {
          source: ["aws.cloudwatch"],
          "detail-type": ["CloudWatch Alarm State Change"],
          resources: [args.driftAlarmArn],
          detail: { state: { value: ["ALARM"] } },
        },
      },
      parts,
      args,
      this,
    );
    createSchedule(
      `${name}-retraining`,
      {
        description: `Trains the model ${args.modelName} regularly.`,
        expression: args.scheduleExpression ?? "cron(0 3 ? * SUN *)",
        input: {
          trigger: RetrainingTrigger.Schedule,
          // The scheduler fills in the time that the call was due, so that a repeated call is the same request.
          idempotencyKey: "schedule <aws.scheduler.scheduled-time>",
          reason: "The regular schedule is due.",
        },
      },
      parts,
      args,
      this,
    );
    this.functionArn = parts.function.arn;
    this.functionName = parts.function.name;
    this.tableName = table.name;
    this.driftRuleArn = rule.arn;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      tableName: this.tableName,
      driftRuleArn: this.driftRuleArn,
    });
  }
}

function checkArguments(args: RetrainingControllerArgs): void {
  const checker = new ArgumentChecker()
    .require(args.modelName !== "", "modelName", "an empty name was given; a name is needed")
    .range(args.coolDownSeconds, "coolDownSeconds", 0, 2_592_000)
    .range(args.dailyCap, "dailyCap", 1, 96);
  if (typeof args.dataUri === "string") {
    checker.require(
      /^s3:\/\/[^/]+\/.+/.test(args.dataUri),
      "dataUri",
      `"${args.dataUri}" was given; an S3 prefix such as s3://curated/flights/ is needed`,
    );
  }
  checkSchedule(checker, args.scheduleExpression, "scheduleExpression");
  checker.done("RetrainingController");
}

function createFunction(
  name: string,
  args: RetrainingControllerArgs,
  table: aws.dynamodb.Table,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  return createLambdaFunction(
    name,
    {
      bundle: "retraining-controller",
      description: `Decides when the model ${args.modelName} is trained again.`,
      environment: {
        MODEL_NAME: args.modelName,
        STATE_MACHINE_ARN: args.stateMachineArn,
        DECISIONS_TABLE: table.name,
        DATA_URI: args.dataUri,
        COOL_DOWN_SECONDS: String(args.coolDownSeconds ?? 21_600),
        DAILY_CAP: String(args.dailyCap ?? 3),
      },
      statements: [
        {
          sid: "StartRuns",
          actions: ["states:StartExecution", "states:ListExecutions"],
          resources: [args.stateMachineArn],
        },
        {
          sid: "Decisions",
          actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
          resources: [table.arn],
        },
      ],
      timeoutSeconds: 60,
      memoryMegabytes: 256,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
}
