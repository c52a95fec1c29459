import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs, defaultLogRetentionDays } from "../shared/common-args";
import { createServiceRole } from "../shared/service-role";

/** Records accepted and rejected traffic of a VPC in a log group. */
export function createFlowLog(
  name: string,
  vpcId: pulumi.Input<string>,
  common: CommonArgs,
  parent: pulumi.Resource,
): void {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-flow-logs`,
    {
      retentionInDays: common.logRetentionDays ?? defaultLogRetentionDays,
      kmsKeyId: common.kmsKeyArn,
      tags: common.tags,
    },
    { parent },
  );
  const { role, policy } = createServiceRole(
    `${name}-flow-logs`,
    {
      service: "vpc-flow-logs.amazonaws.com",
      statements: [
        {
          sid: "Logs",
          actions: [
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
          ],
          resources: [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`],
        },
      ],
    },
    common,
    parent,
  );
  new aws.ec2.FlowLog(
    name,
    {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: common.tags,
    },
    { parent, dependsOn: policy === undefined ? [] : [policy] },
  );
}
