import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement, ServiceRoleParts } from "../shared/service-role";
import { imageRepositoryArn } from "./image-repository-arn";

/** What the jobs of one model work with. */
export interface JobRoleSpec {
  modelName: string;
  registryBucketArn: pulumi.Input<string>;
  /** Key prefix below which the training sources lie, with their bucket: `arn:aws:s3:::bucket/prefix`. */
  sourceArn: pulumi.Input<string>;
  curatedBucketArn: pulumi.Input<string>;
  trainingImage: pulumi.Input<string>;
  /** Whether the jobs run in subnets. */
  inVpc: boolean;
  /** ARN prefix of CloudWatch Logs in this account and region. */
  logsArnPrefix: pulumi.Input<string>;
}

/** Creates the role of a model's training and evaluation jobs. */
export function createJobRole(
  name: string,
  spec: JobRoleSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): ServiceRoleParts {
  const modelObjects = pulumi.interpolate`${spec.registryBucketArn}/${spec.modelName}/*`;
  const jobLogs = pulumi.interpolate`${spec.logsArnPrefix}:log-group:/aws/sagemaker/*`;
  const statements: PolicyStatement[] = [
    { sid: "List", actions: ["s3:ListBucket"], resources: [spec.curatedBucketArn, spec.registryBucketArn] },
    {
      sid: "Read",
      actions: ["s3:GetObject"],
      resources: [
        pulumi.interpolate`${spec.curatedBucketArn}/*`,
        pulumi.interpolate`${spec.sourceArn}/*`,
        modelObjects,
      ],
    },
    { sid: "Write", actions: ["s3:PutObject", "s3:AbortMultipartUpload"], resources: [modelObjects] },
    {
      sid: "Logs",
      actions: [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
      ],
      resources: [jobLogs],
    },
    {
      // Metrics are no resources in IAM; the namespace is what can be named.
      sid: "Metrics",
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: {
        StringEquals: {
          "cloudwatch:namespace": ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"],
        },
      },
    },
    // The token is the registry's; what can be pulled with it, the statement Image says.
    { sid: "ImageToken", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      sid: "Image",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [imageArn(spec.trainingImage, parent)],
    },
    ...(common.kmsKeyArn === undefined ? [] : [keyStatement(common.kmsKeyArn)]),
    ...(spec.inVpc ? [networkInterfaces] : []),
  ];
  return createServiceRole(name, { service: "sagemaker.amazonaws.com", statements }, common, parent);
}

function imageArn(image: pulumi.Input<string>, parent: pulumi.Resource): pulumi.Output<string> {
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  return pulumi.all([image, partition]).apply(([known, part]) => imageRepositoryArn(known, part));
}

/** The grant lets SageMaker use the key for the volumes of the instances, and for nothing else. */
function keyStatement(kmsKeyArn: pulumi.Input<string>): PolicyStatement {
  return {
    sid: "Key",
    actions: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
    resources: [kmsKeyArn],
  };
}

/** What SageMaker needs to put a job into a VPC; the interfaces have no names before they exist. */
const networkInterfaces: PolicyStatement = {
  sid: "NetworkInterfaces",
  actions: [
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
  ],
  resources: ["*"],
};
