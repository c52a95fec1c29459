import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { modelMetrics, ModelMetrics } from "../contracts/metric-ref";
import { parameterArn } from "../shared/arn";
import { CommonArgs } from "../shared/common-args";
import { createSchedule } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { physicalName } from "../shared/physical-name";
import { checkSchedule } from "../shared/schedule-check";
import { ArgumentChecker } from "../shared/validation";
import { createModelAlarms } from "./model-alarms";
import { dashboardBody } from "./dashboard-body";

/** Arguments of {@link ModelMonitor}. */
export interface ModelMonitorArgs extends CommonArgs {
  /** Environment name; a dimension of every metric. */
  environment: string;
  /** Model name; a dimension of every metric, and the folder of its records in the captures bucket. */
  modelName: string;
  /** SSM parameter that names the champion, from `ModelPromotion`. */
  championParameterName: pulumi.Input<string>;
  /** Bucket with captured predictions: `<model>/year=…/month=…/day=…/hour=…/*.jsonl`. Reports go to `<model>/reports/`. */
  capturesBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  capturesBucketArn: pulumi.Input<string>;
  /** Bucket with the baselines, from `ModelRegistry`. */
  registryBucketArn: pulumi.Input<string>;
  /** When the monitor runs, in UTC. @default rate(1 hour) */
  scheduleExpression?: pulumi.Input<string>;
  /** Hours of predictions that a run looks at, 1 to 744. @default 24 */
  windowHours?: number;
  /** Fewest records that are compared; with fewer, chance alone moves the index by more than 0.1. @default 100 */
  minimumRecords?: number;
  /** Population stability index above which the alarm goes off. @default 0.2 */
  driftThreshold?: number;
  /** Period of the alarms in seconds: 10, 30 or a multiple of 60, not shorter than the schedule. @default 3600 */
  evaluationPeriodSeconds?: number;
  /** Who is asked when an alarm goes off; stands in its description. @default the platform team */
  owner?: string;
  /** Topic that the alarms report to. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Watches a model in production: compares what it predicts on with what it was trained on, feature by feature
 * (population stability index), and raises alarms on drift and on its own silence. Until a version is promoted and
 * predictions come in, drift is unknown, and the drift alarm says so by going off without data.
 */
export class ModelMonitor extends pulumi.ComponentResource {
  /** ARN of the measuring function; call it with `{ windowStart?, windowEnd? }` to look at another window. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the measuring function. */
  public readonly functionName: pulumi.Output<string>;
  /** ARN of the alarm on drift; what `RetrainingController` listens to. */
  public readonly driftAlarmArn: pulumi.Output<string>;
  /** Name of the alarm on drift. */
  public readonly driftAlarmName: pulumi.Output<string>;
  /** ARN of the alarm that goes off with every measurement above the threshold, for `RetrainingController`. */
  public readonly retrainingAlarmArn: pulumi.Output<string>;
  /** Name of that alarm. */
  public readonly retrainingAlarmName: pulumi.Output<string>;
  /** ARN of the alarm on the monitor's silence. */
  public readonly heartbeatAlarmArn: pulumi.Output<string>;
  /** Name of the dashboard. */
  public readonly dashboardName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: ModelMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:ModelMonitor", name, args, opts);
    const metrics = modelMetrics(args.environment, args.modelName);
    const driftThreshold = args.driftThreshold ?? defaultDriftThreshold;
    const evaluationPeriodSeconds = args.evaluationPeriodSeconds ?? defaultPeriodSeconds;

    const parts = createFunction(`${name}-monitor`, args, metrics, driftThreshold, this);
    createSchedule(
      `${name}-monitor`,
      {
        description: `Measures the drift of the model ${args.modelName}.`,
        expression: args.scheduleExpression ?? "rate(1 hour)",
        input: {},
      },
      parts,
      args,
      this,
    );
    const alarms = createModelAlarms(
      name,
      {
        modelName: args.modelName,
        owner: args.owner ?? "the platform team",
        metrics,
        driftThreshold,
        evaluationPeriodSeconds,
        alarmTopicArn: args.alarmTopicArn,
      },
      args,
      this,
    );
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: physicalName(`${args.modelName}-monitor`, 255, "modelName"),
        dashboardBody: pulumi
          .all([aws.getRegionOutput({}, { parent: this }).region, alarms.drift.arn, alarms.heartbeat.arn])
          .apply(([region, ...alarmArns]) =>
            dashboardBody({
              modelName: args.modelName,
              region,
              metrics,
              driftThreshold,
              evaluationPeriodSeconds,
              alarmArns,
            }),
          ),
      },
      { parent: this },
    );

    this.functionArn = parts.function.arn;
    this.functionName = parts.function.name;
    this.driftAlarmArn = alarms.drift.arn;
    this.driftAlarmName = alarms.drift.name;
    this.retrainingAlarmArn = alarms.retraining.arn;
    this.retrainingAlarmName = alarms.retraining.name;
    this.heartbeatAlarmArn = alarms.heartbeat.arn;
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      driftAlarmArn: this.driftAlarmArn,
      driftAlarmName: this.driftAlarmName,
      retrainingAlarmArn: this.retrainingAlarmArn,
      retrainingAlarmName: this.retrainingAlarmName,
      heartbeatAlarmArn: this.heartbeatAlarmArn,
      dashboardName: this.dashboardName,
    });
  }
}

const defaultDriftThreshold = 0.2;
const defaultPeriodSeconds = 3600;

function checkArguments(args: ModelMonitorArgs): void {
  const period = args.evaluationPeriodSeconds ?? defaultPeriodSeconds;
  const checker = new ArgumentChecker()
    .require(args.environment !== "", "environment", "an empty name was given; a name is needed")
    .require(
      /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/.test(args.modelName),
      "modelName",
      `"${args.modelName}" was given; lower-case letters, digits and hyphens are allowed, at most 30`,
    )
    .require(
      period === 10 || period === 30 || (period > 0 && period % 60 === 0 && period <= 86_400),
      "evaluationPeriodSeconds",
      `${period} was given; allowed are 10, 30 and multiples of 60 up to 86400`,
    )
    .require(
      args.driftThreshold === undefined || args.driftThreshold > 0,
      "driftThreshold",
      `${args.driftThreshold} was given; a number above 0 is needed`,
    )
    .range(args.windowHours, "windowHours", 1, 744)
    .range(args.minimumRecords, "minimumRecords", 1, 1_000_000);
  checkSchedule(checker, args.scheduleExpression, "scheduleExpression");
  checker.done("ModelMonitor");
}

function createFunction(
  name: string,
  args: ModelMonitorArgs,
  metrics: ModelMetrics,
  driftThreshold: number,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const { modelName, capturesBucketArn } = args;
  const namespaces = [...new Set(Object.values(metrics).map(({ namespace }) => namespace as string))];
  return createLambdaFunction(
    name,
    {
      bundle: "drift-detector",
      description: `Measures the drift of the model ${modelName}.`,
      environment: {
        MODEL_NAME: modelName,
        METRICS: JSON.stringify(metrics),
        CHAMPION_PARAMETER: args.championParameterName,
        CAPTURES_BUCKET: args.capturesBucketName,
        WINDOW_HOURS: String(args.windowHours ?? 24),
        DRIFT_THRESHOLD: String(driftThreshold),
        MINIMUM_RECORDS: String(args.minimumRecords ?? 100),
      },
      statements: [
        {
          sid: "ListCaptures",
          actions: ["s3:ListBucket"],
          resources: [capturesBucketArn],
          conditions: { StringLike: { "s3:prefix": `${modelName}/*` } },
        },
        {
          sid: "ReadCaptures",
          actions: ["s3:GetObject"],
          resources: [pulumi.interpolate`${capturesBucketArn}/${modelName}/year=*`],
        },
        {
          sid: "WriteReports",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${capturesBucketArn}/${modelName}/reports/*`],
        },
        {
          sid: "ReadBaseline",
          actions: ["s3:GetObject"],
          resources: [pulumi.interpolate`${args.registryBucketArn}/${modelName}/*`],
        },
        {
          sid: "ReadChampion",
          actions: ["ssm:GetParameter"],
          resources: [parameterArn(args.championParameterName, parent)],
        },
        {
          // Metrics are no resources in IAM; the namespace is what can be named.
          sid: "EmitMetrics",
          actions: ["cloudwatch:PutMetricData"],
          resources: ["*"],
          conditions: { StringEquals: { "cloudwatch:namespace": namespaces } },
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
