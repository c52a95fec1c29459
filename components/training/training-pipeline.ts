import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { arnPrefix } from "../shared/arn";
import { CommonArgs, defaultLogRetentionDays } from "../shared/common-args";
import { createGateFunction } from "./gate-function";
import { jobNamePrefix } from "./job-names";
import { createJobRole } from "./job-role";
import { stateMachineDefinition } from "./state-machine-definition";
import { createStateMachineRole } from "./state-machine-role";
import { checkTrainingPipeline } from "./training-pipeline-checks";

/** What a trained model must reach to be registered; larger values of the metric are better. */
export interface TrainingGate {
  /** Metric of `evaluation.json` that decides. @default accuracy */
  metric?: string;
  /** Smallest value that passes. @default 0.8 */
  threshold?: number;
  /** How much less than the champion's value still passes, 0 or more. @default 0.01 */
  maximumRegression?: number;
}

/** Arguments of {@link TrainingPipeline}. */
export interface TrainingPipelineArgs extends CommonArgs {
  /** Model name: lower-case letters, digits and hyphens, at most 30 characters. */
  modelName: string;
  /** Bucket for artefacts, evaluations and baselines, all below `<modelName>/`. */
  registryBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  registryBucketArn: pulumi.Input<string>;
  /** ARN of the bucket with the training data. */
  curatedBucketArn: pulumi.Input<string>;
  /** Model package group that versions are registered in. */
  modelPackageGroupName: pulumi.Input<string>;
  /** ARN of that group. */
  modelPackageGroupArn: pulumi.Input<string>;
  /** Image in ECR for training and evaluation, with SageMaker's training toolkit; best by digest. */
  trainingImage: pulumi.Input<string>;
  /** Image that serves the model, recorded with each version. @default the training image */
  servingImage?: pulumi.Input<string>;
  /** S3 prefix that holds `source.tar.gz` with `train.py` and `evaluate.py` at its top, without a slash at the end. */
  sourceUri: pulumi.Input<string>;
  /** Hyperparameters handed to `train.py` as `--name value`. @default none */
  hyperparameters?: Record<string, pulumi.Input<string>>;
  /** SageMaker instance type of both jobs. @default ml.m5.xlarge */
  instanceType?: pulumi.Input<string>;
  /** Instances that train. @default 1 */
  instanceCount?: number;
  /** Disk of each instance in gigabytes, 1 to 16384. @default 30 */
  volumeSizeGigabytes?: number;
  /** Time after which a job is stopped, in seconds, 60 to 432000. @default 3600 */
  maximumRuntimeSeconds?: number;
  /** Whether to train on spare capacity, which is cheaper and can be taken away; `train.py` must keep checkpoints in /opt/ml/checkpoints. @default false */
  useSpotInstances?: boolean;
  /** The gate. @default accuracy of at least 0.8, at most 0.01 below the champion */
  gate?: TrainingGate;
  /** SSM parameter that names the champion, from `ModelPromotion`. */
  championParameterName: pulumi.Input<string>;
  /** Subnets of the jobs, with a way to S3 such as a gateway endpoint. @default SageMaker's own network */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the jobs; goes with `subnetIds`. */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Topic told of new versions, refusals and failures. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
}

/**
 * Trains a model, measures it on data that it has not seen, and registers it for approval if the gate lets it pass.
 *
 * An execution takes a `TrainingRequest` (`trigger`, `dataUri`). The scripts in `source.tar.gz` are the model's own:
 *
 * - `train.py` runs in SageMaker's script mode. It finds the data in `SM_CHANNEL_TRAIN`, leaves a held-out part of it
 *   unseen, and writes the model to `SM_MODEL_DIR`.
 * - `evaluate.py --model <folder with model.tar.gz> --data <folder> --output <folder>` recomputes the same split (by a
 *   hash of the row's key, so that no list has to travel), measures the model on the held-out part, and writes
 *   `evaluation.json` (`{"metrics": {"accuracy": 0.93}, "rows": 1200}`) and `reference.jsonl`: at most 5000 training
 *   rows as `{"features": {...}}`, from which the baseline of the drift monitor is built.
 *
 * The evaluation runs without network in the image that trained, from the same archive.
 */
export class TrainingPipeline extends pulumi.ComponentResource {
  /** ARN of the state machine; start an execution with a `TrainingRequest`. */
  public readonly stateMachineArn: pulumi.Output<string>;
  /** Name of the state machine. */
  public readonly stateMachineName: pulumi.Output<string>;
  /** ARN of the role of the training and evaluation jobs. */
  public readonly trainingRoleArn: pulumi.Output<string>;
  /** Name of the function that decides at the gate. */
  public readonly gateFunctionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: TrainingPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    checkTrainingPipeline(args);
    super("mlops:index:TrainingPipeline", name, args, opts);
    const { modelName, registryBucketArn, alarmTopicArn } = args;
    const gate = createGateFunction(
      `${name}-gate`,
      {
        modelName,
        metric: args.gate?.metric ?? "accuracy",
        threshold: args.gate?.threshold ?? 0.8,
        maximumRegression: args.gate?.maximumRegression ?? 0.01,
        championParameterName: args.championParameterName,
        registryBucketArn,
        alarmTopicArn,
      },
      args,
      this,
    );
    const jobRole = createJobRole(
      `${name}-jobs`,
      {
        modelName,
        registryBucketArn,
        sourceArn: pulumi
          .all([args.sourceUri, registryBucketArn])
          .apply(([uri, arn]) => arn.replace(/:::.*$/, `:::${uri.replace("s3://", "")}`)),
        curatedBucketArn: args.curatedBucketArn,
        trainingImage: args.trainingImage,
        inVpc: args.subnetIds !== undefined,
        logsArnPrefix: arnPrefix("logs", this),
      },
      args,
      this,
    );
    const machineRole = createStateMachineRole(
      `${name}-training`,
      {
        jobNamePrefix: jobNamePrefix(modelName),
        jobRoleArn: jobRole.role.arn,
        gateFunctionArn: gate.function.arn,
        modelPackageGroupArn: args.modelPackageGroupArn,
        registryBucketArn,
        modelName,
        alarmTopicArn,
      },
      args,
      this,
    );
    const definition = definitionOf(args, jobRole.role.arn, gate.function.arn);
    const machine = createStateMachine(name, definition, machineRole, args, this);
    createFailureAlarms(name, machine, args, this);

    this.stateMachineArn = machine.arn;
    this.stateMachineName = machine.name;
    this.trainingRoleArn = jobRole.role.arn;
    this.gateFunctionName = gate.function.name;
    this.registerOutputs({
      stateMachineArn: this.stateMachineArn,
      stateMachineName: this.stateMachineName,
      trainingRoleArn: this.trainingRoleArn,
      gateFunctionName: this.gateFunctionName,
    });
  }
}

function definitionOf(
  args: TrainingPipelineArgs,
  roleArn: pulumi.Output<string>,
  gateFunctionArn: pulumi.Output<string>,
): pulumi.Output<string> {
  return pulumi
    .output({
      modelName: args.modelName,
      jobNamePrefix: jobNamePrefix(args.modelName),
      trainingImage: args.trainingImage,
      servingImage: args.servingImage ?? args.trainingImage,
      sourceUri: args.sourceUri,
      hyperparameters: args.hyperparameters ?? {},
      registryBucketName: args.registryBucketName,
      modelPackageGroupName: args.modelPackageGroupName,
      roleArn,
      gateFunctionArn,
      alarmTopicArn: args.alarmTopicArn,
      instanceType: args.instanceType ?? "ml.m5.xlarge",
      instanceCount: args.instanceCount ?? 1,
      volumeSizeGigabytes: args.volumeSizeGigabytes ?? 30,
      maximumRuntimeSeconds: args.maximumRuntimeSeconds ?? 3600,
      useSpotInstances: args.useSpotInstances ?? false,
      kmsKeyArn: args.kmsKeyArn,
      subnetIds: args.subnetIds,
      securityGroupIds: args.securityGroupIds,
    })
    .apply((spec) => JSON.stringify(stateMachineDefinition(spec)));
}

function createStateMachine(
  name: string,
  definition: pulumi.Output<string>,
  { role, policy }: ReturnType<typeof createStateMachineRole>,
  { kmsKeyArn, tags, logRetentionDays }: CommonArgs,
  parent: pulumi.Resource,
): aws.sfn.StateMachine {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-training-logs`,
    { retentionInDays: logRetentionDays ?? defaultLogRetentionDays, kmsKeyId: kmsKeyArn, tags },
    { parent },
  );
  return new aws.sfn.StateMachine(
    name,
    {
      definition,
      roleArn: role.arn,
      type: "STANDARD",
      // The data of a run can be personal; the states and their errors are enough to find a fault.
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: false,
        logDestination: pulumi.interpolate`${logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      ...(kmsKeyArn === undefined
        ? {}
        : {
            encryptionConfiguration: {
              type: "CUSTOMER_MANAGED_KMS_KEY",
              kmsKeyId: kmsKeyArn,
              kmsDataKeyReusePeriodSeconds: 300,
            },
          }),
      tags,
    },
    { parent, dependsOn: policy === undefined ? [] : [policy] },
  );
}

function createFailureAlarms(
  name: string,
  machine: aws.sfn.StateMachine,
  args: TrainingPipelineArgs,
  parent: pulumi.Resource,
): void {
  const ends = { failed: "ExecutionsFailed", "timed-out": "ExecutionsTimedOut" };
  for (const [end, metricName] of Object.entries(ends)) {
    new aws.cloudwatch.MetricAlarm(
      `${name}-training-${end}`,
      {
        alarmDescription: `A training run of ${args.modelName} ${end.replace("-", " ")}. Runbook: docs/runbooks/retraining.md`,
        namespace: "AWS/States",
        metricName,
        dimensions: { StateMachineArn: machine.arn },
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 1,
        threshold: 0,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
        alarmActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
        tags: args.tags,
      },
      { parent },
    );
  }
}
