import {
  CreateSubnetCommand,
  DeleteSubnetCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type HostnameType,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type Plain } from "../../framework/types";
import { ec2Arn, tagSpecifications, updateEc2Tags } from "./support";

type Inputs = Plain<aws.ec2.SubnetArgs>;

/** EC2 takes one attribute a call. */
async function setAttributes(
  ec2: EC2Client,
  SubnetId: string,
  olds: Partial<Inputs>,
  news: Inputs,
): Promise<void> {
  if ((olds.mapPublicIpOnLaunch ?? false) !== (news.mapPublicIpOnLaunch ?? false)) {
    const MapPublicIpOnLaunch = { Value: news.mapPublicIpOnLaunch ?? false };
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch }));
  }
  if ((olds.assignIpv6AddressOnCreation ?? false) !== (news.assignIpv6AddressOnCreation ?? false)) {
    const AssignIpv6AddressOnCreation = { Value: news.assignIpv6AddressOnCreation ?? false };
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, AssignIpv6AddressOnCreation }));
  }
  const hostnames = news.privateDnsHostnameTypeOnLaunch;
  if (hostnames && hostnames !== olds.privateDnsHostnameTypeOnLaunch) {
    const PrivateDnsHostnameTypeOnLaunch = hostnames as HostnameType;
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, PrivateDnsHostnameTypeOnLaunch }));
  }
}

export const subnet = defineResource<aws.ec2.SubnetArgs>({
  type: "aws:ec2/subnet:Subnet",
  required: ["vpcId"],
  taggable: true,
  replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6CidrBlock", "ipv6Native"],
  // The address range is taken until the old subnet is gone.
  deleteBeforeReplace: true,
  computed: ["arn", "ownerId", "availabilityZone", "availabilityZoneId"],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const answer = await ec2.send(
      new CreateSubnetCommand({
        VpcId: inputs.vpcId,
        CidrBlock: inputs.cidrBlock,
        Ipv6CidrBlock: inputs.ipv6CidrBlock,
        Ipv6Native: inputs.ipv6Native,
        AvailabilityZone: inputs.availabilityZone,
        AvailabilityZoneId: inputs.availabilityZoneId,
        TagSpecifications: tagSpecifications("subnet", inputs.tags),
      }),
    );
    const id = answer.Subnet!.SubnetId!;
    context.created(id);
    await setAttributes(ec2, id, {}, inputs);
    return { id };
  },
  async read(id, _properties, context) {
    const answer = await orGone(
      context.client(EC2Client).send(new DescribeSubnetsCommand({ SubnetIds: [id] })),
    );
    const found = answer?.Subnets?.[0];
    if (!found) return undefined;
    return {
      arn: found.SubnetArn ?? (await ec2Arn(`subnet/${id}`, found.OwnerId, context)),
      vpcId: found.VpcId,
      cidrBlock: found.CidrBlock,
      availabilityZone: found.AvailabilityZone,
      availabilityZoneId: found.AvailabilityZoneId,
      mapPublicIpOnLaunch: found.MapPublicIpOnLaunch ?? false,
      assignIpv6AddressOnCreation: found.AssignIpv6AddressOnCreation ?? false,
      ownerId: found.OwnerId,
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    await setAttributes(context.client(EC2Client), id, olds, news);
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    await context.client(EC2Client).send(new DeleteSubnetCommand({ SubnetId: id }));
  },
});
