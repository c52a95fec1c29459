import {
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Filter,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { fromTagList } from "../../framework/tags";
import type { FunctionHandler, HandlerContext, Properties } from "../../framework/types";
import { ec2Arn } from "./support";

interface Lookup {
  id?: string;
  vpcId?: string;
  cidrBlock?: string;
  availabilityZone?: string;
  default?: boolean;
  defaultForAz?: boolean;
  tags?: Record<string, string>;
  filters?: { name: string; values: string[] }[];
}

function filtersOf(lookup: Lookup, fixed: Record<string, string | undefined>): Filter[] | undefined {
  const filters = [
    ...Object.entries(fixed)
      .filter(([, value]) => value !== undefined)
      .map(([Name, value]) => ({ Name, Values: [value!] })),
    ...Object.entries(lookup.tags ?? {}).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
    ...(lookup.filters ?? []).map(({ name, values }) => ({ Name: name, Values: values })),
  ];
  return filters.length === 0 ? undefined : filters;
}

/** The only match, or a sentence about why there is no only one. */
function one<T>(what: string, found: T[] | undefined): T {
  const [first, ...others] = found ?? [];
  if (first === undefined)
    throw new Error(`no ${what} matches what was asked for; check the id and the filters`);
  if (others.length > 0) {
    throw new Error(`${others.length + 1} ${what}s match what was asked for; narrow the filters to one`);
  }
  return first;
}

const text = (flag: boolean | undefined) => (flag === undefined ? undefined : String(flag));

async function findSubnets(lookup: Lookup, context: HandlerContext): Promise<Subnet[]> {
  const Filters = filtersOf(lookup, {
    "vpc-id": lookup.vpcId,
    "cidr-block": lookup.cidrBlock,
    "availability-zone": lookup.availabilityZone,
    "default-for-az": text(lookup.defaultForAz),
  });
  const SubnetIds = lookup.id === undefined ? undefined : [lookup.id];
  const answer = await context.client(EC2Client).send(new DescribeSubnetsCommand({ SubnetIds, Filters }));
  return answer.Subnets ?? [];
}

async function fromSubnet(subnet: Subnet, context: HandlerContext): Promise<Properties> {
  const id = subnet.SubnetId!;
  return {
    id,
    arn: subnet.SubnetArn ?? (await ec2Arn(`subnet/${id}`, subnet.OwnerId, context)),
    vpcId: subnet.VpcId,
    cidrBlock: subnet.CidrBlock,
    availabilityZone: subnet.AvailabilityZone,
    availabilityZoneId: subnet.AvailabilityZoneId,
    availableIpAddressCount: subnet.AvailableIpAddressCount,
    mapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch ?? false,
    defaultForAz: subnet.DefaultForAz ?? false,
    ownerId: subnet.OwnerId,
    state: subnet.State,
    tags: fromTagList(subnet.Tags),
    region: context.region,
  };
}

const getVpc: FunctionHandler = {
  token: "aws:ec2/getVpc:getVpc",
  async invoke(args, context) {
    const lookup = args as Lookup;
    const Filters = filtersOf(lookup, { "cidr-block": lookup.cidrBlock, "is-default": text(lookup.default) });
    const VpcIds = lookup.id === undefined ? undefined : [lookup.id];
    const answer = await context.client(EC2Client).send(new DescribeVpcsCommand({ VpcIds, Filters }));
    const vpc = one("VPC", answer.Vpcs);
    return {
      id: vpc.VpcId,
      arn: await ec2Arn(`vpc/${vpc.VpcId}`, vpc.OwnerId, context),
      cidrBlock: vpc.CidrBlock,
      cidrBlockAssociations: (vpc.CidrBlockAssociationSet ?? []).map((association) => ({
        associationId: association.AssociationId,
        cidrBlock: association.CidrBlock,
        state: association.CidrBlockState?.State,
      })),
      default: vpc.IsDefault ?? false,
      dhcpOptionsId: vpc.DhcpOptionsId,
      instanceTenancy: vpc.InstanceTenancy,
      ownerId: vpc.OwnerId,
      state: vpc.State,
      tags: fromTagList(vpc.Tags),
      region: context.region,
    };
  },
};

const getSubnet: FunctionHandler = {
  token: "aws:ec2/getSubnet:getSubnet",
  invoke: async (args, context) =>
    fromSubnet(one("subnet", await findSubnets(args as Lookup, context)), context),
};

const getSubnets: FunctionHandler = {
  token: "aws:ec2/getSubnets:getSubnets",
  async invoke(args, context) {
    const found = await findSubnets(args as Lookup, context);
    return { id: context.region, ids: found.map(({ SubnetId }) => SubnetId).sort(), region: context.region };
  },
};

export const functions: FunctionHandler[] = [getVpc, getSubnet, getSubnets];
