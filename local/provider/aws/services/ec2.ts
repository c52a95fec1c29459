import type { FunctionHandler, ResourceHandler } from "../framework/types";
import { flowLog } from "./ec2/flow-log";
import { functions as lookups } from "./ec2/functions";
import { gateways } from "./ec2/gateways";
import { launchTemplate } from "./ec2/launch-template";
import { networkAcl } from "./ec2/network-acl";
import { routing } from "./ec2/routing";
import { securityGroups } from "./ec2/security-groups";
import { securityGroupRules } from "./ec2/security-group-rules";
import { subnet } from "./ec2/subnet";
import { vpc } from "./ec2/vpc";
import { endpointAssociations } from "./ec2/vpc-endpoint-associations";
import { vpcEndpoint } from "./ec2/vpc-endpoint";

export const resources: ResourceHandler[] = [
  vpc,
  subnet,
  ...routing,
  ...gateways,
  ...securityGroups,
  ...securityGroupRules,
  vpcEndpoint,
  ...endpointAssociations,
  flowLog,
  networkAcl,
  launchTemplate,
];

export const functions: FunctionHandler[] = lookups;
