import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  type NetworkAcl,
  type NetworkAclEntry,
  ReplaceNetworkAclAssociationCommand,
  type RuleAction,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { ec2Arn, tagSpecifications, updateEc2Tags } from "./support";

type Inputs = Plain<aws.ec2.NetworkAclArgs>;
type Rule = NonNullable<Inputs["ingress"]>[number];

/** Number of the rule that every list ends with and nobody can change. */
const lastRule = 32767;

const protocolNumbers: Record<string, string> = { all: "-1", icmp: "1", tcp: "6", udp: "17" };
const protocolOf = (name: string) => protocolNumbers[name.toLowerCase()] ?? name;

async function find(ec2: EC2Client, id: string): Promise<NetworkAcl | undefined> {
  return (await orGone(ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }))))?.NetworkAcls?.[0];
}

async function addRule(ec2: EC2Client, NetworkAclId: string, Egress: boolean, rule: Rule): Promise<void> {
  const Protocol = protocolOf(rule.protocol);
  await ec2.send(
    new CreateNetworkAclEntryCommand({
      NetworkAclId,
      Egress,
      RuleNumber: rule.ruleNo,
      Protocol,
      RuleAction: rule.action.toLowerCase() as RuleAction,
      CidrBlock: rule.cidrBlock,
      Ipv6CidrBlock: rule.ipv6CidrBlock,
      PortRange: Protocol === "-1" ? undefined : { From: rule.fromPort, To: rule.toPort },
      IcmpTypeCode: Protocol === "1" ? { Type: rule.icmpType, Code: rule.icmpCode } : undefined,
    }),
  );
}

async function setRules(
  ec2: EC2Client,
  id: string,
  Egress: boolean,
  olds: Rule[],
  news: Rule[],
): Promise<void> {
  for (const { ruleNo } of olds.filter((old) => !news.some((one) => sameValue(one, old)))) {
    await orGone(
      ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId: id, Egress, RuleNumber: ruleNo })),
    );
  }
  for (const rule of news.filter((one) => !olds.some((old) => sameValue(one, old)))) {
    await addRule(ec2, id, Egress, rule);
  }
}

/** A subnet always has a list: the way in is to take the place of the one that it has. */
async function moveSubnets(ec2: EC2Client, target: string, subnets: string[]): Promise<void> {
  if (subnets.length === 0) return;
  const Filters = [{ Name: "association.subnet-id", Values: subnets }];
  const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
  for (const { NetworkAclAssociationId, SubnetId, NetworkAclId } of NetworkAcls.flatMap(
    (acl) => acl.Associations ?? [],
  )) {
    if (!subnets.includes(SubnetId!) || NetworkAclId === target) continue;
    await ec2.send(
      new ReplaceNetworkAclAssociationCommand({
        AssociationId: NetworkAclAssociationId,
        NetworkAclId: target,
      }),
    );
  }
}

async function defaultAcl(ec2: EC2Client, vpcId: string): Promise<string> {
  const Filters = [
    { Name: "vpc-id", Values: [vpcId] },
    { Name: "default", Values: ["true"] },
  ];
  return (await ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls![0]!.NetworkAclId!;
}

function fromEntry(entry: NetworkAclEntry, given: Rule | undefined): Rule {
  // Of a protocol with ports AWS answers them; MiniStack does not, and the given ones stand in.
  const ports = entry.Protocol === "-1" ? undefined : given;
  return {
    ruleNo: entry.RuleNumber!,
    protocol: entry.Protocol!,
    action: entry.RuleAction!,
    fromPort: entry.PortRange?.From ?? ports?.fromPort ?? 0,
    toPort: entry.PortRange?.To ?? ports?.toPort ?? 0,
    ...(entry.CidrBlock ? { cidrBlock: entry.CidrBlock } : {}),
    ...(entry.Ipv6CidrBlock ? { ipv6CidrBlock: entry.Ipv6CidrBlock } : {}),
  };
}

/** Live rules; the given ones word for word where they say the same. */
function observed(acl: NetworkAcl, egress: boolean, given: Rule[] | undefined): Rule[] {
  const live = (acl.Entries ?? [])
    .filter((entry) => (entry.Egress ?? false) === egress && entry.RuleNumber !== lastRule)
    .map((entry) =>
      fromEntry(
        entry,
        given?.find(({ ruleNo }) => ruleNo === entry.RuleNumber),
      ),
    );
  const wanted = given?.map((rule) => ({
    ...rule,
    protocol: protocolOf(rule.protocol),
    action: rule.action.toLowerCase(),
  }));
  return given && sameValue(wanted, live, { unordered: true }) ? given : live;
}

async function setAll(
  id: string,
  olds: Partial<Inputs>,
  news: Inputs,
  context: HandlerContext,
): Promise<void> {
  const ec2 = context.client(EC2Client);
  await setRules(ec2, id, false, olds.ingress ?? [], news.ingress ?? []);
  await setRules(ec2, id, true, olds.egress ?? [], news.egress ?? []);
  const left = (olds.subnetIds ?? []).filter((subnet) => !news.subnetIds?.includes(subnet));
  if (left.length > 0) await moveSubnets(ec2, await defaultAcl(ec2, news.vpcId), left);
  await moveSubnets(ec2, id, news.subnetIds ?? []);
}

export const networkAcl = defineResource<aws.ec2.NetworkAclArgs>({
  type: "aws:ec2/networkAcl:NetworkAcl",
  required: ["vpcId"],
  taggable: true,
  replaceOn: ["vpcId"],
  unordered: ["ingress", "egress", "subnetIds"],
  computed: ["arn", "ownerId", "subnetIds"],
  async create(inputs, context) {
    const answer = await context.client(EC2Client).send(
      new CreateNetworkAclCommand({
        VpcId: inputs.vpcId,
        TagSpecifications: tagSpecifications("network-acl", inputs.tags),
      }),
    );
    const id = answer.NetworkAcl!.NetworkAclId!;
    context.created(id);
    await setAll(id, {}, inputs, context);
    return { id };
  },
  async read(id, properties, context) {
    const found = await find(context.client(EC2Client), id);
    if (!found) return undefined;
    return {
      arn: await ec2Arn(`network-acl/${id}`, found.OwnerId, context),
      vpcId: found.VpcId,
      ownerId: found.OwnerId,
      // MiniStack keeps no associations; AWS answers those that there are.
      ...(found.Associations?.length
        ? { subnetIds: found.Associations.map(({ SubnetId }) => SubnetId) }
        : {}),
      ingress: observed(found, false, properties.ingress),
      egress: observed(found, true, properties.egress),
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    await setAll(id, olds, news, context);
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    const ec2 = context.client(EC2Client);
    const found = await find(ec2, id);
    if (!found) return;
    const subnets = (found.Associations ?? []).map(({ SubnetId }) => SubnetId!);
    if (subnets.length > 0) await moveSubnets(ec2, await defaultAcl(ec2, found.VpcId!), subnets);
    await ec2.send(new DeleteNetworkAclCommand({ NetworkAclId: id }));
  },
});
