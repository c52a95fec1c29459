import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { FeatureView } from "../contracts/feature-definition";
import { arnPrefix } from "../shared/arn";
import type { CommonArgs } from "../shared/common-args";
import { createSchedule } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import type { PolicyStatement } from "../shared/service-role";

/** Where and when features are materialized; the same words wherever a component does it. */
export interface MaterializationSettings extends CommonArgs {
  /** Bucket of the feature zone. */
  featuresBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  featuresBucketArn: pulumi.Input<string>;
  /** Bucket of the curated zone, which the features come from. */
  curatedBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  curatedBucketArn: pulumi.Input<string>;
  /** When new data is brought into the online store, in UTC. @default rate(1 hour) */
  scheduleExpression?: pulumi.Input<string>;
  /** Seconds between two runs, 60 to 86400, a multiple of 60; after three without a run an alarm goes off. @default 3600 */
  expectedEverySeconds?: number;
  /** Seconds that new data may wait before an alarm goes off, 60 to 604800. @default 7200 */
  maximumLagSeconds?: number;
  /** Memory of a run in megabytes, 512 to 10240. @default 2048 */
  memoryMegabytes?: number;
  /** Room for the files of a run in megabytes, 512 to 10240. @default 4096 */
  temporaryMegabytes?: number;
  /** Topic told when features are late or a run failed for good. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/** One view and the store that it goes to. */
export interface MaterializationSpec {
  /** Name of the store that no other has: a dimension of its metrics. */
  storeName: pulumi.Input<string>;
  view: FeatureView;
  viewName: string;
  /** Object with the catalog. */
  catalogObject: aws.s3.BucketObjectv2;
  /** The function's variable `STORE`. */
  store: pulumi.Input<string>;
  /** The right to write into that store. */
  storeStatement: PolicyStatement;
}

/** What {@link createMaterialization} made. */
export interface MaterializationParts {
  function: LambdaFunctionParts;
  lagAlarm: aws.cloudwatch.MetricAlarm;
  heartbeatAlarm: aws.cloudwatch.MetricAlarm;
}

const metricNamespace = "mlops/feature-store";
/** Seconds before the newest materialized file in which others may still arrive. */
const overlapSeconds = 3600;
/** Share of the memory that the database takes; the rest is for the function itself. */
const databaseShare = 0.6;

/** Creates the function that brings a view's new rows into its online store, its schedule and its alarms. */
export function createMaterialization(
  name: string,
  spec: MaterializationSpec,
  args: MaterializationSettings,
  parent: pulumi.Resource,
): MaterializationParts {
  const parts = createFunction(name, spec, args, parent);
  createSchedule(
    name,
    {
      description: `Brings new rows of the view ${spec.viewName} into its online store.`,
      expression: args.scheduleExpression ?? "rate(1 hour)",
      input: {},
    },
    parts,
    args,
    parent,
  );
  return { function: parts, ...createAlarms(name, spec, args, parent) };
}

function createFunction(
  name: string,
  { storeName, view, viewName, catalogObject, store, storeStatement }: MaterializationSpec,
  args: MaterializationSettings,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const memoryMegabytes = args.memoryMegabytes ?? 2048;
  const temporaryMegabytes = args.temporaryMegabytes ?? 4096;
  const progressKey = `materialization/${name}.json`;
  return createLambdaFunction(
    name,
    {
      bundle: "feature-materializer",
      description: `Brings new rows of the view ${viewName} into its online store.`,
      environment: {
        FEATURES_BUCKET: args.featuresBucketName,
        CATALOG_KEY: catalogObject.key,
        VIEW: viewName,
        CURATED_BUCKET: args.curatedBucketName,
        STORE: store,
        STORE_NAME: storeName,
        PROGRESS_KEY: progressKey,
        OVERLAP_SECONDS: String(overlapSeconds),
        MAXIMUM_BATCH_BYTES: String(Math.floor((temporaryMegabytes * 1_000_000) / 2)),
        MEMORY_LIMIT_MEGABYTES: String(Math.floor(memoryMegabytes * databaseShare)),
      },
      statements: [
        ...readDatasets([view.dataset], args.curatedBucketArn),
        {
          sid: "ReadCatalog",
          actions: ["s3:GetObject"],
          resources: [pulumi.interpolate`${args.featuresBucketArn}/${catalogObject.key}`],
        },
        {
          sid: "Progress",
          actions: ["s3:GetObject", "s3:PutObject"],
          resources: [pulumi.interpolate`${args.featuresBucketArn}/${progressKey}`],
        },
        {
          sid: "FindProgress",
          actions: ["s3:ListBucket"],
          resources: [args.featuresBucketArn],
          conditions: { StringEquals: { "s3:prefix": progressKey } },
        },
        storeStatement,
        {
          // Metrics are no resources in IAM; the namespace is what can be named.
          sid: "EmitMetrics",
          actions: ["cloudwatch:PutMetricData"],
          resources: ["*"],
          conditions: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
        },
        {
          sid: "TellLineage",
          actions: ["events:PutEvents"],
          resources: [pulumi.interpolate`${arnPrefix("events", parent)}:event-bus/default`],
        },
      ],
      timeoutSeconds: 900,
      memoryMegabytes,
      ephemeralStorageMegabytes: temporaryMegabytes,
      // Two runs at once would do the same work twice.
      reservedConcurrency: 1,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
}

/** The right to find and read the files of data sets in the curated zone. */
export function readDatasets(datasets: string[], curatedBucketArn: pulumi.Input<string>): PolicyStatement[] {
  return [
    {
      sid: "FindFiles",
      actions: ["s3:ListBucket"],
      resources: [curatedBucketArn],
      conditions: { StringLike: { "s3:prefix": datasets.map((dataset) => `${dataset}/*`) } },
    },
    {
      sid: "ReadFiles",
      actions: ["s3:GetObject"],
      resources: datasets.map((dataset) => pulumi.interpolate`${curatedBucketArn}/${dataset}/*`),
    },
  ];
}

function createAlarms(
  name: string,
  { storeName, viewName }: MaterializationSpec,
  args: MaterializationSettings,
  parent: pulumi.Resource,
): Pick<MaterializationParts, "lagAlarm" | "heartbeatAlarm"> {
  const maximumLagSeconds = args.maximumLagSeconds ?? 7200;
  const shared = {
    namespace: metricNamespace,
    dimensions: { Store: storeName, View: viewName },
    period: args.expectedEverySeconds ?? 3600,
    alarmActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
    tags: args.tags,
  };
  const lagAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-lag`,
    {
      ...shared,
      alarmDescription: `New data of the feature view ${viewName} waited more than ${maximumLagSeconds} seconds before it could be served.`,
      metricName: "Lag",
      statistic: "Maximum",
      evaluationPeriods: 1,
      threshold: maximumLagSeconds,
      comparisonOperator: "GreaterThanThreshold",
      // Silence is for the other alarm.
      treatMissingData: "notBreaching",
    },
    { parent },
  );
  const heartbeatAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-heartbeat`,
    {
      ...shared,
      alarmDescription: `The feature view ${viewName} is no longer brought into its online store: models are served with old values.`,
      metricName: "Lag",
      statistic: "SampleCount",
      evaluationPeriods: 3,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    },
    { parent },
  );
  return { lagAlarm, heartbeatAlarm };
}
