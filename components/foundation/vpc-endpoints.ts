import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";

/** Creates the endpoints of S3 and DynamoDB, which cost nothing and keep data off the NAT gateways. */
export function createGatewayEndpoints(
  name: string,
  vpc: awsx.ec2.Vpc,
  common: CommonArgs,
  parent: pulumi.Resource,
): void {
  const region = aws.getRegionOutput({}, { parent }).region;
  for (const service of ["s3", "dynamodb"]) {
    new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId: vpc.vpcId,
        serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: vpc.routeTables.apply((tables) => tables.map((table) => table.id)),
        tags: common.tags,
      },
      { parent },
    );
  }
}

/** Where interface endpoints are placed. */
export interface InterfaceEndpointPlace {
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
}

/** Creates an interface endpoint with private DNS for each service. */
export function createInterfaceEndpoints(
  name: string,
  services: string[],
  place: InterfaceEndpointPlace,
  common: CommonArgs,
  parent: pulumi.Resource,
): void {
  if (services.length === 0) return;
  const region = aws.getRegionOutput({}, { parent }).region;
  for (const service of services) {
    new aws.ec2.VpcEndpoint(
      `${name}-${service.replaceAll(".", "-")}`,
      {
        vpcId: place.vpcId,
        serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        subnetIds: place.subnetIds,
        securityGroupIds: [place.securityGroupId],
        privateDnsEnabled: true,
        tags: common.tags,
      },
      { parent },
    );
  }
}
