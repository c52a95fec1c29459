import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  type ConnectivityType,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  type NatGateway,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { answered } from "../../framework/answered";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource } from "../../framework/types";
import { ec2Arn, tagSpecifications, until, updateEc2Tags } from "./support";

const internetGateway = defineResource<aws.ec2.InternetGatewayArgs>({
  type: "aws:ec2/internetGateway:InternetGateway",
  taggable: true,
  computed: ["arn", "ownerId"],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const answer = await ec2.send(
      new CreateInternetGatewayCommand({
        TagSpecifications: tagSpecifications("internet-gateway", inputs.tags),
      }),
    );
    const id = answer.InternetGateway!.InternetGatewayId!;
    context.created(id);
    if (inputs.vpcId) {
      await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: inputs.vpcId }));
    }
    return { id };
  },
  async read(id, _properties, context) {
    const answer = await orGone(
      context.client(EC2Client).send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] })),
    );
    const found = answer?.InternetGateways?.[0];
    if (!found) return undefined;
    return {
      arn: await ec2Arn(`internet-gateway/${id}`, found.OwnerId, context),
      vpcId: found.Attachments?.[0]?.VpcId,
      ownerId: found.OwnerId,
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    const ec2 = context.client(EC2Client);
    if (olds.vpcId !== news.vpcId) {
      if (olds.vpcId)
        await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: olds.vpcId }));
      if (news.vpcId)
        await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: news.vpcId }));
    }
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, properties, context) {
    const ec2 = context.client(EC2Client);
    if (properties.vpcId) {
      await orGone(
        ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: properties.vpcId })),
      );
    }
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
  },
});

const elasticIp = defineResource<aws.ec2.EipArgs>({
  type: "aws:ec2/eip:Eip",
  taggable: true,
  replaceOn: ["domain", "networkBorderGroup", "publicIpv4Pool"],
  computed: ["arn", "allocationId", "publicIp", "associationId", "privateIp", "networkInterface", "domain"],
  async create(inputs, context) {
    const answer = await context.client(EC2Client).send(
      new AllocateAddressCommand({
        Domain: "vpc",
        NetworkBorderGroup: inputs.networkBorderGroup,
        PublicIpv4Pool: inputs.publicIpv4Pool,
        TagSpecifications: tagSpecifications("elastic-ip", inputs.tags),
      }),
    );
    return { id: answer.AllocationId! };
  },
  async read(id, _properties, context) {
    const answer = await orGone(
      context.client(EC2Client).send(new DescribeAddressesCommand({ AllocationIds: [id] })),
    );
    const found = answer?.Addresses?.[0];
    if (!found) return undefined;
    return {
      arn: await ec2Arn(`elastic-ip/${id}`, undefined, context),
      allocationId: found.AllocationId,
      domain: found.Domain,
      publicIp: found.PublicIp,
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    await context.client(EC2Client).send(new ReleaseAddressCommand({ AllocationId: id }));
  },
});

async function findNat(ec2: EC2Client, id: string): Promise<NatGateway | undefined> {
  const answer = await orGone(ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] })));
  return answer?.NatGateways?.[0];
}

const natGateway = defineResource<aws.ec2.NatGatewayArgs>({
  type: "aws:ec2/natGateway:NatGateway",
  taggable: true,
  replaceOn: ["allocationId", "subnetId", "connectivityType", "privateIp"],
  computed: ["publicIp", "privateIp", "networkInterfaceId", "associationId", "connectivityType"],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const answer = await ec2.send(
      new CreateNatGatewayCommand({
        SubnetId: inputs.subnetId,
        AllocationId: inputs.allocationId,
        ConnectivityType: inputs.connectivityType as ConnectivityType | undefined,
        PrivateIpAddress: inputs.privateIp,
        TagSpecifications: tagSpecifications("natgateway", inputs.tags),
      }),
    );
    const id = answer.NatGateway!.NatGatewayId!;
    context.created(id);
    await until(`NAT gateway ${id} is not available`, async () => {
      const found = await findNat(ec2, id);
      if (found?.State === "failed") throw new Error(`NAT gateway ${id} failed: ${found.FailureMessage}`);
      return found?.State === "available" ? true : undefined;
    });
    return { id };
  },
  async read(id, _properties, context) {
    const found = await findNat(context.client(EC2Client), id);
    if (!found || found.State === "deleted" || found.State === "deleting") return undefined;
    const address = found.NatGatewayAddresses?.[0];
    return {
      subnetId: found.SubnetId,
      connectivityType: found.ConnectivityType ?? "public",
      ...answered({
        allocationId: address?.AllocationId,
        publicIp: address?.PublicIp,
        privateIp: address?.PrivateIp,
        networkInterfaceId: address?.NetworkInterfaceId,
        associationId: address?.AssociationId,
      }),
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    const ec2 = context.client(EC2Client);
    await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id }));
    // Its address is free, and its subnet can go, only when it is really gone.
    await until(`NAT gateway ${id} is not deleted`, async () => {
      const found = await findNat(ec2, id);
      return !found || found.State === "deleted" ? true : undefined;
    });
  },
});

export const gateways = [internetGateway, elasticIp, natGateway];
