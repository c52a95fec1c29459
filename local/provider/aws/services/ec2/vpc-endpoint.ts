import {
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  DescribeVpcEndpointsCommand,
  type DnsOptionsSpecification,
  EC2Client,
  type IpAddressType,
  ModifyVpcEndpointCommand,
  type VpcEndpoint,
  type VpcEndpointType,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { toService } from "../support/casing";
import { answered } from "../../framework/answered";
import { isNotFound, orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { ec2Arn, tagSpecifications, until, updateEc2Tags } from "./support";

type Inputs = Plain<aws.ec2.VpcEndpointArgs>;

export async function findEndpoint(id: string, context: HandlerContext): Promise<VpcEndpoint | undefined> {
  const ec2 = context.client(EC2Client);
  const answer = await orGone(ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] })));
  const found = answer?.VpcEndpoints?.[0];
  // An endpoint stays in the list for a while after it was deleted.
  return found && /^delet/i.test(found.State ?? "") ? undefined : found;
}

/** Members to add and to remove, in EC2's words. */
function memberChanges(olds: Partial<Inputs>, news: Inputs) {
  const change = (name: "routeTableIds" | "subnetIds" | "securityGroupIds") => {
    const before = olds[name] ?? [];
    const after = news[name] ?? [];
    const add = after.filter((id) => !before.includes(id));
    const remove = before.filter((id) => !after.includes(id));
    return { add: add.length > 0 ? add : undefined, remove: remove.length > 0 ? remove : undefined };
  };
  const [tables, subnets, groups] = [
    change("routeTableIds"),
    change("subnetIds"),
    change("securityGroupIds"),
  ];
  return {
    AddRouteTableIds: tables.add,
    RemoveRouteTableIds: tables.remove,
    AddSubnetIds: subnets.add,
    RemoveSubnetIds: subnets.remove,
    AddSecurityGroupIds: groups.add,
    RemoveSecurityGroupIds: groups.remove,
  };
}

export const vpcEndpoint = defineResource<aws.ec2.VpcEndpointArgs>({
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  required: ["vpcId"],
  taggable: true,
  replaceOn: ["vpcId", "serviceName", "vpcEndpointType", "serviceRegion", "resourceConfigurationArn"],
  unordered: ["routeTableIds", "subnetIds", "securityGroupIds"],
  // Where an endpoint names no members or policy, AWS or resources of their own decide on them.
  computed: [
    "arn",
    "state",
    "ownerId",
    "policy",
    "routeTableIds",
    "subnetIds",
    "securityGroupIds",
    "networkInterfaceIds",
    "dnsEntries",
    "prefixListId",
    "requesterManaged",
    "vpcEndpointType",
    "privateDnsEnabled",
  ],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const answer = await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: inputs.vpcId,
        ServiceName: inputs.serviceName,
        VpcEndpointType: inputs.vpcEndpointType as VpcEndpointType | undefined,
        PolicyDocument: inputs.policy,
        PrivateDnsEnabled: inputs.privateDnsEnabled,
        RouteTableIds: inputs.routeTableIds,
        SubnetIds: inputs.subnetIds,
        SecurityGroupIds: inputs.securityGroupIds,
        IpAddressType: inputs.ipAddressType as IpAddressType | undefined,
        DnsOptions: inputs.dnsOptions && toService<DnsOptionsSpecification>(inputs.dnsOptions),
        TagSpecifications: tagSpecifications("vpc-endpoint", inputs.tags),
      }),
    );
    return { id: answer.VpcEndpoint!.VpcEndpointId! };
  },
  async read(id, _properties, context) {
    const found = await findEndpoint(id, context);
    if (!found) return undefined;
    return {
      arn: await ec2Arn(`vpc-endpoint/${id}`, found.OwnerId, context),
      vpcId: found.VpcId,
      serviceName: found.ServiceName,
      vpcEndpointType: found.VpcEndpointType,
      state: found.State?.toLowerCase(),
      ownerId: found.OwnerId,
      routeTableIds: found.RouteTableIds,
      subnetIds: found.SubnetIds,
      ...answered({
        policy: found.PolicyDocument,
        privateDnsEnabled: found.PrivateDnsEnabled,
        securityGroupIds: found.Groups?.map(({ GroupId }) => GroupId),
        networkInterfaceIds: found.NetworkInterfaceIds,
        dnsEntries: found.DnsEntries?.map(({ DnsName, HostedZoneId }) => ({
          dnsName: DnsName,
          hostedZoneId: HostedZoneId,
        })),
      }),
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    const changes = {
      ...memberChanges(olds, news),
      ...(sameValue(olds.policy, news.policy)
        ? {}
        : news.policy
          ? { PolicyDocument: news.policy }
          : { ResetPolicy: true }),
      ...(sameValue(olds.privateDnsEnabled, news.privateDnsEnabled)
        ? {}
        : { PrivateDnsEnabled: news.privateDnsEnabled ?? false }),
    };
    if (Object.values(changes).some((change) => change !== undefined)) {
      await context.client(EC2Client).send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ...changes }));
    }
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    const ec2 = context.client(EC2Client);
    const { Unsuccessful = [] } = await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    // This call answers errors instead of failing.
    const problem = Unsuccessful[0]?.Error;
    if (problem) {
      const error = Object.assign(new Error(problem.Message), { name: problem.Code ?? "Unknown" });
      if (!isNotFound(error)) throw error;
    }
    // Its network interfaces hold on to subnets and security groups until it is really gone.
    await until(`VPC endpoint ${id} is not deleted`, async () =>
      (await findEndpoint(id, context)) ? undefined : true,
    );
  },
});
