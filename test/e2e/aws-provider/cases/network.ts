import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkAclEntryCommand,
  CreateTagsCommand,
  DeleteFlowLogsCommand,
  DeleteRouteCommand,
  DescribeAddressesCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ModifyVpcEndpointCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import * as aws from "@pulumi/aws";
import type { ServiceCase } from "../service-case";
import { KnownIds } from "./known-ids";

const ids = new KnownIds();

interface Place {
  vpc: aws.ec2.Vpc;
  publicSubnet: aws.ec2.Subnet;
  privateSubnet: aws.ec2.Subnet;
}

function place(changed: boolean): Place {
  const vpc = new aws.ec2.Vpc("vpc", {
    cidrBlock: "10.20.0.0/16",
    enableDnsHostnames: true,
    tags: { use: changed ? "b" : "a" },
  });
  ids.remember("vpc", vpc.id);
  const publicSubnet = new aws.ec2.Subnet("public", {
    vpcId: vpc.id,
    cidrBlock: "10.20.0.0/24",
    availabilityZone: "us-east-1a",
    mapPublicIpOnLaunch: !changed,
  });
  const privateSubnet = new aws.ec2.Subnet("private", {
    vpcId: vpc.id,
    cidrBlock: "10.20.1.0/24",
    availabilityZone: "us-east-1b",
    tags: { tier: "private" },
  });
  ids.remember("subnet", publicSubnet.id);
  new aws.ec2.Subnet("moved", { vpcId: vpc.id, cidrBlock: changed ? "10.20.3.0/24" : "10.20.2.0/24" });
  return { vpc, publicSubnet, privateSubnet };
}

function routes(changed: boolean, { vpc, publicSubnet, privateSubnet }: Place): aws.ec2.RouteTable {
  const internet = new aws.ec2.InternetGateway("internet", {
    vpcId: vpc.id,
    tags: { use: changed ? "b" : "a" },
  });
  ids.remember("internet", internet.id);
  const address = new aws.ec2.Eip("address", { domain: "vpc", tags: { use: changed ? "b" : "a" } });
  ids.remember("address", address.allocationId);
  const nat = new aws.ec2.NatGateway("nat", {
    allocationId: address.allocationId,
    subnetId: publicSubnet.id,
    tags: { use: changed ? "b" : "a" },
  });
  new aws.ec2.RouteTable("public", {
    vpcId: vpc.id,
    routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: internet.id }],
    tags: { use: changed ? "b" : "a" },
  });
  const table = new aws.ec2.RouteTable("private", { vpcId: vpc.id });
  ids.remember("table", table.id);
  new aws.ec2.Route("out", {
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    ...(changed ? { gatewayId: internet.id } : { natGatewayId: nat.id }),
  });
  new aws.ec2.RouteTableAssociation("private", { routeTableId: table.id, subnetId: privateSubnet.id });
  return table;
}

function groups(changed: boolean, { vpc }: Place): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup("inline", {
    vpcId: vpc.id,
    description: "Inline rules",
    ingress: [
      {
        protocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrBlocks: changed ? ["10.20.0.0/16"] : ["10.0.0.0/8"],
      },
      { protocol: "tcp", fromPort: 8080, toPort: 8080, self: true },
    ],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    tags: { use: "inline" },
  });
  ids.remember("group", group.id);
  const separate = new aws.ec2.SecurityGroup("separate", { vpcId: vpc.id });
  ids.remember("separate", separate.id);
  const ingress = new aws.vpc.SecurityGroupIngressRule("in", {
    securityGroupId: separate.id,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    referencedSecurityGroupId: group.id,
    tags: { use: changed ? "b" : "a" },
  });
  ids.remember("ingress", ingress.id);
  new aws.vpc.SecurityGroupEgressRule("out", {
    securityGroupId: separate.id,
    ipProtocol: "tcp",
    fromPort: changed ? 80 : 443,
    toPort: 443,
    cidrIpv4: "10.20.0.0/16",
  });
  new aws.ec2.SecurityGroupRule("legacy", {
    type: "ingress",
    securityGroupId: separate.id,
    protocol: "tcp",
    fromPort: 22,
    toPort: 22,
    cidrBlocks: changed ? ["10.20.1.0/24"] : ["10.20.0.0/24"],
  });
  new aws.ec2.DefaultSecurityGroup("default", { vpcId: vpc.id, tags: { use: changed ? "b" : "a" } });
  return group;
}

function endpoints(
  changed: boolean,
  where: Place,
  table: aws.ec2.RouteTable,
  group: aws.ec2.SecurityGroup,
): void {
  const everything = (effect: string) =>
    JSON.stringify({ Statement: [{ Effect: effect, Principal: "*", Action: "s3:*", Resource: "*" }] });
  const gateway = new aws.ec2.VpcEndpoint("s3", {
    vpcId: where.vpc.id,
    serviceName: "com.amazonaws.us-east-1.s3",
    vpcEndpointType: "Gateway",
    policy: everything(changed ? "Deny" : "Allow"),
    routeTableIds: [table.id],
    tags: { use: changed ? "b" : "a" },
  });
  ids.remember("gateway", gateway.id);
  new aws.ec2.VpcEndpoint("logs", {
    vpcId: where.vpc.id,
    serviceName: "com.amazonaws.us-east-1.logs",
    vpcEndpointType: "Interface",
    subnetIds: changed ? [where.privateSubnet.id, where.publicSubnet.id] : [where.privateSubnet.id],
    securityGroupIds: [group.id],
    privateDnsEnabled: true,
  });
  const open = new aws.ec2.VpcEndpoint("dynamodb", {
    vpcId: where.vpc.id,
    serviceName: "com.amazonaws.us-east-1.dynamodb",
    vpcEndpointType: "Gateway",
  });
  new aws.ec2.VpcEndpointRouteTableAssociation("dynamodb", {
    vpcEndpointId: open.id,
    routeTableId: table.id,
  });
  new aws.ec2.VpcEndpointPolicy("dynamodb", {
    vpcEndpointId: open.id,
    policy: everything(changed ? "Deny" : "Allow"),
  });
}

function rest(changed: boolean, { vpc, privateSubnet }: Place): void {
  const group = new aws.cloudwatch.LogGroup("flow");
  const flow = new aws.ec2.FlowLog("flow", {
    vpcId: vpc.id,
    trafficType: changed ? "REJECT" : "ALL",
    logDestination: group.arn,
    iamRoleArn: "arn:aws:iam::123456789012:role/flow",
    maxAggregationInterval: 60,
  });
  ids.remember("flow", flow.id);
  const rule = { protocol: "tcp", action: "allow", cidrBlock: "10.20.0.0/16" };
  const acl = new aws.ec2.NetworkAcl("acl", {
    vpcId: vpc.id,
    subnetIds: [privateSubnet.id],
    ingress: [{ ...rule, ruleNo: 100, fromPort: changed ? 80 : 443, toPort: 443 }],
    egress: [{ ...rule, ruleNo: 100, protocol: "-1", fromPort: 0, toPort: 0 }],
  });
  ids.remember("acl", acl.id);
  new aws.ec2.LaunchTemplate("nodes", {
    instanceType: changed ? "m6i.large" : "m5.large",
    metadataOptions: { httpTokens: "required", httpEndpoint: "enabled" },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 50, encrypted: "true" } }],
    tags: { use: "nodes" },
  });
}

export const network: ServiceCase = {
  service: "ec2",
  program(changed) {
    const where = place(changed);
    const table = routes(changed, where);
    const group = groups(changed, where);
    endpoints(changed, where, table, group);
    rest(changed, where);
  },
  updated: [
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup default",
    "aws:ec2/eip:Eip address",
    "aws:ec2/internetGateway:InternetGateway internet",
    "aws:ec2/launchTemplate:LaunchTemplate nodes",
    "aws:ec2/natGateway:NatGateway nat",
    "aws:ec2/networkAcl:NetworkAcl acl",
    "aws:ec2/route:Route out",
    "aws:ec2/routeTable:RouteTable public",
    "aws:ec2/securityGroup:SecurityGroup inline",
    "aws:ec2/subnet:Subnet public",
    "aws:ec2/vpc:Vpc vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint logs",
    "aws:ec2/vpcEndpoint:VpcEndpoint s3",
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy dynamodb",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule in",
  ],
  replaced: [
    "aws:ec2/flowLog:FlowLog flow",
    "aws:ec2/securityGroupRule:SecurityGroupRule legacy",
    "aws:ec2/subnet:Subnet moved",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule out",
  ],
  async tamper({ aws: settings }) {
    const client = new EC2Client(settings);
    const everyone = [{ CidrIp: "0.0.0.0/0" }];
    const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: everyone };
    await client.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: ids.get("group"), IpPermissions: [ssh] }),
    );
    await client.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: ids.get("separate"),
        SecurityGroupRuleIds: [ids.get("ingress")],
      }),
    );
    await client.send(
      new ModifyVpcAttributeCommand({ VpcId: ids.get("vpc"), EnableDnsHostnames: { Value: false } }),
    );
    await client.send(
      new ModifySubnetAttributeCommand({ SubnetId: ids.get("subnet"), MapPublicIpOnLaunch: { Value: true } }),
    );
    await client.send(
      new CreateTagsCommand({ Resources: [ids.get("internet")], Tags: [{ Key: "use", Value: "other" }] }),
    );
    await client.send(
      new DeleteRouteCommand({ RouteTableId: ids.get("table"), DestinationCidrBlock: "0.0.0.0/0" }),
    );
    await client.send(
      new ModifyVpcEndpointCommand({
        VpcEndpointId: ids.get("gateway"),
        RemoveRouteTableIds: [ids.get("table")],
      }),
    );
    await client.send(new DeleteFlowLogsCommand({ FlowLogIds: [ids.get("flow")] }));
    await client.send(
      new CreateNetworkAclEntryCommand({
        NetworkAclId: ids.get("acl"),
        Egress: false,
        RuleNumber: 50,
        Protocol: "-1",
        RuleAction: "allow",
        CidrBlock: "0.0.0.0/0",
      }),
    );
  },
  repaired: [
    "aws:ec2/internetGateway:InternetGateway internet",
    "aws:ec2/networkAcl:NetworkAcl acl",
    "aws:ec2/securityGroup:SecurityGroup inline",
    "aws:ec2/subnet:Subnet public",
    "aws:ec2/vpc:Vpc vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint s3",
  ],
  recreated: [
    "aws:ec2/flowLog:FlowLog flow",
    "aws:ec2/route:Route out",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule in",
  ],
  async leftovers({ aws: settings }) {
    const client = new EC2Client(settings);
    const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({}));
    const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
    return [
      ...Vpcs.filter(({ VpcId }) => VpcId === ids.get("vpc")),
      ...Addresses.filter(({ AllocationId }) => AllocationId === ids.get("address")),
    ];
  },
};
