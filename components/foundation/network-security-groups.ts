import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";

/** The two security groups of a network. */
export interface NetworkSecurityGroups {
  endpoints: aws.ec2.SecurityGroup;
  workloads: aws.ec2.SecurityGroup;
}

/** Creates the group of the interface endpoints and the group of the workloads that call them. */
export function createSecurityGroups(
  name: string,
  vpcId: pulumi.Input<string>,
  endpointClientCidrBlocks: string[],
  common: CommonArgs,
  parent: pulumi.Resource,
): NetworkSecurityGroups {
  const workloads = new aws.ec2.SecurityGroup(
    `${name}-workloads`,
    {
      description: "Training jobs and functions: nothing in, HTTPS out",
      vpcId,
      ingress: [
        // Instances of one distributed training job talk to each other on any port.
        { description: "Same group", protocol: "-1", fromPort: 0, toPort: 0, self: true },
      ],
      egress: [
        { description: "Same group", protocol: "-1", fromPort: 0, toPort: 0, self: true },
        { description: "HTTPS", protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] },
      ],
      tags: common.tags,
    },
    { parent },
  );
  const endpoints = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      description: "Interface endpoints: HTTPS from the workloads",
      vpcId,
      ingress: [
        {
          description: "HTTPS",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          securityGroups: [workloads.id],
          ...(endpointClientCidrBlocks.length === 0 ? {} : { cidrBlocks: endpointClientCidrBlocks }),
        },
      ],
      tags: common.tags,
    },
    { parent },
  );
  return { endpoints, workloads };
}
