import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Properties } from "../../framework/types";
import { type InlineRule, observedRules, toPermission } from "./permissions";
import { ec2Arn, tagSpecifications, updateEc2Tags } from "./support";

interface Rules {
  ingress?: InlineRule[];
  egress?: InlineRule[];
}

async function find(id: string, context: HandlerContext): Promise<SecurityGroup | undefined> {
  const ec2 = context.client(EC2Client);
  return (await orGone(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))))?.SecurityGroups?.[0];
}

/** Takes away every rule that the group has, those that AWS made with it too. */
async function revokeAll(ec2: EC2Client, group: SecurityGroup, directions: (keyof Rules)[]): Promise<void> {
  const GroupId = group.GroupId;
  const ingress = group.IpPermissions ?? [];
  if (directions.includes("ingress") && ingress.length > 0) {
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: ingress }));
  }
  const egress = group.IpPermissionsEgress ?? [];
  if (directions.includes("egress") && egress.length > 0) {
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress }));
  }
}

async function authorise(ec2: EC2Client, GroupId: string, rules: Rules): Promise<void> {
  const ingress = (rules.ingress ?? []).map((rule) => toPermission(rule, GroupId));
  if (ingress.length > 0) {
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: ingress }));
  }
  const egress = (rules.egress ?? []).map((rule) => toPermission(rule, GroupId));
  if (egress.length > 0) {
    await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress }));
  }
}

/** Brings the inline rules of the given directions to what is wanted. */
async function setRules(id: string, rules: Rules, directions: (keyof Rules)[], context: HandlerContext) {
  const group = await find(id, context);
  if (!group) return;
  const ec2 = context.client(EC2Client);
  await revokeAll(ec2, group, directions);
  await authorise(ec2, id, rules);
}

/** Directions whose rules are written in the group; the others are resources of their own. */
function directionsOf(...rules: Rules[]): (keyof Rules)[] {
  return (["ingress", "egress"] as const).filter((direction) =>
    rules.some((one) => one[direction] !== undefined),
  );
}

async function observed(group: SecurityGroup, given: Rules, context: HandlerContext): Promise<Properties> {
  const id = group.GroupId!;
  return {
    arn: group.SecurityGroupArn ?? (await ec2Arn(`security-group/${id}`, group.OwnerId, context)),
    name: group.GroupName,
    description: group.Description,
    vpcId: group.VpcId,
    ownerId: group.OwnerId,
    tags: fromTagList(group.Tags),
    ...(given.ingress ? { ingress: observedRules(given.ingress, group.IpPermissions ?? [], id) } : {}),
    ...(given.egress ? { egress: observedRules(given.egress, group.IpPermissionsEgress ?? [], id) } : {}),
  };
}

const defaultDescription = "Managed by Pulumi";

const securityGroup = defineResource<aws.ec2.SecurityGroupArgs>({
  type: "aws:ec2/securityGroup:SecurityGroup",
  autoname: { property: "name", maximumLength: 255 },
  taggable: true,
  replaceOn: ["name", "namePrefix", "description", "vpcId"],
  unordered: ["ingress", "egress"],
  computed: ["arn", "ownerId", "description"],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const answer = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: inputs.name,
        Description: inputs.description ?? defaultDescription,
        VpcId: inputs.vpcId,
        TagSpecifications: tagSpecifications("security-group", inputs.tags),
      }),
    );
    const id = answer.GroupId!;
    context.created(id);
    // A new group lets everything out; like the official provider, only what is written is let out.
    await setRules(id, inputs as Rules, ["egress"], context);
    return { id };
  },
  async read(id, properties, context) {
    const found = await find(id, context);
    return found && observed(found, properties as Rules, context);
  },
  async update(id, olds, news, context) {
    const directions = directionsOf(olds as Rules, news as Rules);
    if (directions.length > 0) await setRules(id, news as Rules, directions, context);
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, properties, context) {
    const ec2 = context.client(EC2Client);
    const found = properties.revokeRulesOnDelete ? await find(id, context) : undefined;
    if (found) await revokeAll(ec2, found, ["ingress", "egress"]);
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  },
});

/** Adopts the group that AWS makes with a VPC and takes its rules away; it goes with the VPC. */
const defaultSecurityGroup = defineResource<aws.ec2.DefaultSecurityGroupArgs>({
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  taggable: true,
  replaceOn: ["vpcId"],
  unordered: ["ingress", "egress"],
  computed: ["arn", "ownerId", "name", "description"],
  async create(inputs, context) {
    const Filters = [
      { Name: "group-name", Values: ["default"] },
      ...(inputs.vpcId ? [{ Name: "vpc-id", Values: [inputs.vpcId] }] : []),
    ];
    const answer = await context.client(EC2Client).send(new DescribeSecurityGroupsCommand({ Filters }));
    const group = answer.SecurityGroups?.[0];
    if (!group) throw new Error(`VPC ${inputs.vpcId ?? "(default)"} has no default security group`);
    const id = group.GroupId!;
    await setRules(id, inputs as Rules, ["ingress", "egress"], context);
    await updateEc2Tags(id, fromTagList(group.Tags), inputs.tags, context);
    return { id };
  },
  async read(id, properties, context) {
    const found = await find(id, context);
    const { ingress = [], egress = [] } = properties as Rules;
    return found && observed(found, { ingress, egress }, context);
  },
  async update(id, olds, news, context) {
    await setRules(id, news as Rules, ["ingress", "egress"], context);
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete() {
    // AWS deletes the group with its VPC.
  },
});

export const securityGroups = [securityGroup, defaultSecurityGroup];
