import { EC2Client, ModifyVpcEndpointCommand } from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { answered } from "../../framework/answered";
import { defineResource } from "../../framework/types";
import { findEndpoint } from "./vpc-endpoint";

/** Both ids of an association are all that it is; its own id is `endpoint/member`. */
function parts(id: string): { endpoint: string; member: string } {
  const [endpoint = "", member = ""] = id.split("/");
  return { endpoint, member };
}

const routeTableAssociation = defineResource<aws.ec2.VpcEndpointRouteTableAssociationArgs>({
  type: "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
  required: ["vpcEndpointId", "routeTableId"],
  async create({ vpcEndpointId, routeTableId }, context) {
    await context
      .client(EC2Client)
      .send(new ModifyVpcEndpointCommand({ VpcEndpointId: vpcEndpointId, AddRouteTableIds: [routeTableId] }));
    return { id: `${vpcEndpointId}/${routeTableId}` };
  },
  async read(id, _properties, context) {
    const { endpoint, member } = parts(id);
    const found = await findEndpoint(endpoint, context);
    return found?.RouteTableIds?.includes(member)
      ? { vpcEndpointId: endpoint, routeTableId: member }
      : undefined;
  },
  async delete(id, _properties, context) {
    const { endpoint, member } = parts(id);
    await context
      .client(EC2Client)
      .send(new ModifyVpcEndpointCommand({ VpcEndpointId: endpoint, RemoveRouteTableIds: [member] }));
  },
});

const subnetAssociation = defineResource<aws.ec2.VpcEndpointSubnetAssociationArgs>({
  type: "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
  required: ["vpcEndpointId", "subnetId"],
  async create({ vpcEndpointId, subnetId }, context) {
    await context
      .client(EC2Client)
      .send(new ModifyVpcEndpointCommand({ VpcEndpointId: vpcEndpointId, AddSubnetIds: [subnetId] }));
    return { id: `${vpcEndpointId}/${subnetId}` };
  },
  async read(id, _properties, context) {
    const { endpoint, member } = parts(id);
    const found = await findEndpoint(endpoint, context);
    return found?.SubnetIds?.includes(member) ? { vpcEndpointId: endpoint, subnetId: member } : undefined;
  },
  async delete(id, _properties, context) {
    const { endpoint, member } = parts(id);
    await context
      .client(EC2Client)
      .send(new ModifyVpcEndpointCommand({ VpcEndpointId: endpoint, RemoveSubnetIds: [member] }));
  },
});

const policy = defineResource<aws.ec2.VpcEndpointPolicyArgs>({
  type: "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
  required: ["vpcEndpointId", "policy"],
  replaceOn: ["vpcEndpointId"],
  async create({ vpcEndpointId, policy: PolicyDocument }, context) {
    await context
      .client(EC2Client)
      .send(new ModifyVpcEndpointCommand({ VpcEndpointId: vpcEndpointId, PolicyDocument }));
    return { id: vpcEndpointId };
  },
  async read(id, _properties, context) {
    const found = await findEndpoint(id, context);
    return found && { vpcEndpointId: id, ...answered({ policy: found.PolicyDocument }) };
  },
  async update(id, _olds, news, context) {
    await context
      .client(EC2Client)
      .send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, PolicyDocument: news.policy }));
  },
  async delete(id, _properties, context) {
    await context
      .client(EC2Client)
      .send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ResetPolicy: true }));
  },
});

export const endpointAssociations = [routeTableAssociation, subnetAssociation, policy];
