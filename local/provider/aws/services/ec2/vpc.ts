import {
  CreateVpcCommand,
  DeleteVpcCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  type Tenancy,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type HandlerContext } from "../../framework/types";
import { ec2Arn, tagSpecifications, updateEc2Tags } from "./support";

async function setDns(ec2: EC2Client, VpcId: string, olds: DnsInputs, news: DnsInputs): Promise<void> {
  const support = news.enableDnsSupport ?? true;
  if (support !== (olds.enableDnsSupport ?? true)) {
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value: support } }));
  }
  const hostnames = news.enableDnsHostnames ?? false;
  if (hostnames !== (olds.enableDnsHostnames ?? false)) {
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: hostnames } }));
  }
}

interface DnsInputs {
  enableDnsSupport?: boolean;
  enableDnsHostnames?: boolean;
}

async function dns(ec2: EC2Client, VpcId: string): Promise<DnsInputs> {
  const [support, hostnames] = await Promise.all([
    ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsSupport" })),
    ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsHostnames" })),
  ]);
  return {
    enableDnsSupport: support.EnableDnsSupport?.Value ?? true,
    enableDnsHostnames: hostnames.EnableDnsHostnames?.Value ?? false,
  };
}

/** What AWS makes together with a VPC. */
async function companions(id: string, context: HandlerContext) {
  const ec2 = context.client(EC2Client);
  const inVpc = { Name: "vpc-id", Values: [id] };
  const [tables, acls, groups] = await Promise.all([
    ec2.send(
      new DescribeRouteTablesCommand({ Filters: [inVpc, { Name: "association.main", Values: ["true"] }] }),
    ),
    ec2.send(new DescribeNetworkAclsCommand({ Filters: [inVpc, { Name: "default", Values: ["true"] }] })),
    ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [inVpc, { Name: "group-name", Values: ["default"] }] }),
    ),
  ]);
  const mainRouteTableId = tables.RouteTables?.[0]?.RouteTableId;
  return {
    mainRouteTableId,
    defaultRouteTableId: mainRouteTableId,
    defaultNetworkAclId: acls.NetworkAcls?.[0]?.NetworkAclId,
    defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId,
  };
}

export const vpc = defineResource<aws.ec2.VpcArgs>({
  type: "aws:ec2/vpc:Vpc",
  check: (inputs) =>
    inputs.cidrBlock === undefined && inputs.ipv4IpamPoolId === undefined
      ? [{ property: "cidrBlock", reason: "a VPC needs cidrBlock (or ipv4IpamPoolId); none was given" }]
      : [],
  taggable: true,
  replaceOn: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "assignGeneratedIpv6CidrBlock"],
  computed: [
    "arn",
    "ownerId",
    "dhcpOptionsId",
    "instanceTenancy",
    "mainRouteTableId",
    "defaultRouteTableId",
    "defaultNetworkAclId",
    "defaultSecurityGroupId",
  ],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const answer = await ec2.send(
      new CreateVpcCommand({
        CidrBlock: inputs.cidrBlock,
        InstanceTenancy: inputs.instanceTenancy as Tenancy | undefined,
        TagSpecifications: tagSpecifications("vpc", inputs.tags),
      }),
    );
    const id = answer.Vpc!.VpcId!;
    context.created(id);
    await setDns(ec2, id, {}, inputs);
    return { id };
  },
  async read(id, _properties, context) {
    const ec2 = context.client(EC2Client);
    const answer = await orGone(ec2.send(new DescribeVpcsCommand({ VpcIds: [id] })));
    const found = answer?.Vpcs?.[0];
    if (!found) return undefined;
    return {
      arn: await ec2Arn(`vpc/${id}`, found.OwnerId, context),
      cidrBlock: found.CidrBlock,
      instanceTenancy: found.InstanceTenancy,
      dhcpOptionsId: found.DhcpOptionsId,
      ownerId: found.OwnerId,
      tags: fromTagList(found.Tags),
      ...(await dns(ec2, id)),
      ...(await companions(id, context)),
    };
  },
  async update(id, olds, news, context) {
    await setDns(context.client(EC2Client), id, olds, news);
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    await context.client(EC2Client).send(new DeleteVpcCommand({ VpcId: id }));
  },
});
