import * as pulumi from "@pulumi/pulumi";

import { arnPrefix } from "../shared/arn";
import { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement, ServiceRoleParts } from "../shared/service-role";

/** What the state machine of one model drives. */
export interface StateMachineRoleSpec {
  jobNamePrefix: string;
  jobRoleArn: pulumi.Input<string>;
  gateFunctionArn: pulumi.Input<string>;
  modelPackageGroupArn: pulumi.Input<string>;
  registryBucketArn: pulumi.Input<string>;
  modelName: string;
  alarmTopicArn?: pulumi.Input<string>;
}

/** Creates the role of the training pipeline itself. It starts jobs and registers models; it cannot approve any. */
export function createStateMachineRole(
  name: string,
  spec: StateMachineRoleSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): ServiceRoleParts {
  const sageMaker = arnPrefix("sagemaker", parent);
  const jobs = (kind: string): pulumi.Output<string> =>
    pulumi.interpolate`${sageMaker}:${kind}/${spec.jobNamePrefix}-*`;
  const statements: PolicyStatement[] = [
    {
      sid: "Train",
      actions: ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
      resources: [jobs("training-job")],
    },
    {
      sid: "Evaluate",
      actions: [
        "sagemaker:CreateProcessingJob",
        "sagemaker:DescribeProcessingJob",
        "sagemaker:StopProcessingJob",
      ],
      resources: [jobs("processing-job")],
    },
    // The .sync states add a tag of their own to every job.
    {
      sid: "TagJobs",
      actions: ["sagemaker:AddTags"],
      resources: [jobs("training-job"), jobs("processing-job")],
    },
    {
      sid: "LendRoleToJobs",
      actions: ["iam:PassRole"],
      resources: [spec.jobRoleArn],
      conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    },
    {
      sid: "AwaitJobs",
      actions: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
      resources: ["Training", "Processing"].map(
        (kind) =>
          pulumi.interpolate`${arnPrefix("events", parent)}:rule/StepFunctionsGetEventsForSageMaker${kind}JobsRule`,
      ),
    },
    {
      sid: "Register",
      actions: ["sagemaker:CreateModelPackage"],
      resources: [spec.modelPackageGroupArn, packageArns(spec.modelPackageGroupArn)],
    },
    {
      // SageMaker reads the artefact of a model package with the rights of who registers it.
      sid: "ReadArtefacts",
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${spec.registryBucketArn}/${spec.modelName}/*`],
    },
    { sid: "Gate", actions: ["lambda:InvokeFunction"], resources: [spec.gateFunctionArn] },
    ...(spec.alarmTopicArn === undefined
      ? []
      : [{ sid: "Tell", actions: ["sns:Publish"], resources: [spec.alarmTopicArn] }]),
    ...(common.kmsKeyArn === undefined
      ? []
      : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [common.kmsKeyArn] }]),
    ...unscopedStatements,
  ];
  return createServiceRole(name, { service: "states.amazonaws.com", statements }, common, parent);
}

/** ARNs of all versions in a model package group. */
export function packageArns(groupArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi
    .output(groupArn)
    .apply((arn) => `${arn.replace(":model-package-group/", ":model-package/")}/*`);
}

/** Log delivery and tracing know no resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const unscopedStatements: PolicyStatement[] = [
  {
    sid: "LogDelivery",
    actions: [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    resources: ["*"],
  },
  {
    sid: "Traces",
    actions: [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ],
    resources: ["*"],
  },
];
