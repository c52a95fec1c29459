import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain, type ResourceHandler } from "../../framework/types";
import { fromPermissions, type InlineRule, toPermission } from "./permissions";
import { tagSpecifications, updateEc2Tags } from "./support";

type RuleInputs = Plain<aws.vpc.SecurityGroupIngressRuleArgs>;

function singlePermission(inputs: RuleInputs): IpPermission {
  const { cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId, description: Description } = inputs;
  const GroupId = referencedSecurityGroupId?.split("/").at(-1);
  return {
    IpProtocol: inputs.ipProtocol,
    FromPort: inputs.fromPort,
    ToPort: inputs.toPort,
    IpRanges: cidrIpv4 ? [{ CidrIp: cidrIpv4, Description }] : undefined,
    Ipv6Ranges: cidrIpv6 ? [{ CidrIpv6: cidrIpv6, Description }] : undefined,
    PrefixListIds: prefixListId ? [{ PrefixListId: prefixListId, Description }] : undefined,
    UserIdGroupPairs: GroupId ? [{ GroupId, Description }] : undefined,
  };
}

async function findRule(id: string, context: HandlerContext): Promise<SecurityGroupRule | undefined> {
  const answer = await orGone(
    context.client(EC2Client).send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] })),
  );
  return answer?.SecurityGroupRules?.find(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id);
}

/** One rule as a resource with an id and tags of its own. Ingress and egress differ only in the calls. */
function singleRule(type: string, egress: boolean): ResourceHandler {
  return defineResource<aws.vpc.SecurityGroupIngressRuleArgs>({
    type,
    required: ["securityGroupId", "ipProtocol"],
    taggable: true,
    // EC2 refuses a second rule that is the same, so a changed one waits for the old one to go.
    deleteBeforeReplace: true,
    replaceOn: [
      "securityGroupId",
      "ipProtocol",
      "fromPort",
      "toPort",
      "cidrIpv4",
      "cidrIpv6",
      "prefixListId",
      "referencedSecurityGroupId",
      "description",
    ],
    computed: ["arn", "securityGroupRuleId"],
    async create(inputs, context) {
      const request = {
        GroupId: inputs.securityGroupId,
        IpPermissions: [singlePermission(inputs)],
        TagSpecifications: tagSpecifications("security-group-rule", inputs.tags),
      };
      const ec2 = context.client(EC2Client);
      const answer = await (egress
        ? ec2.send(new AuthorizeSecurityGroupEgressCommand(request))
        : ec2.send(new AuthorizeSecurityGroupIngressCommand(request)));
      return { id: answer.SecurityGroupRules![0]!.SecurityGroupRuleId! };
    },
    async read(id, properties, context) {
      const found = await findRule(id, context);
      if (!found) return undefined;
      const everyPort = found.IpProtocol === "-1";
      return {
        arn: found.SecurityGroupRuleArn,
        securityGroupRuleId: id,
        securityGroupId: found.GroupId,
        ipProtocol: found.IpProtocol,
        fromPort: everyPort ? properties.fromPort : found.FromPort,
        toPort: everyPort ? properties.toPort : found.ToPort,
        cidrIpv4: found.CidrIpv4,
        cidrIpv6: found.CidrIpv6,
        prefixListId: found.PrefixListId,
        referencedSecurityGroupId: found.ReferencedGroupInfo?.GroupId,
        description: found.Description,
        tags: fromTagList(found.Tags),
      };
    },
    async update(id, olds, news, context) {
      await updateEc2Tags(id, olds.tags, news.tags, context);
    },
    async delete(id, properties, context) {
      const request = { GroupId: properties.securityGroupId, SecurityGroupRuleIds: [id] };
      const ec2 = context.client(EC2Client);
      await (egress
        ? ec2.send(new RevokeSecurityGroupEgressCommand(request))
        : ec2.send(new RevokeSecurityGroupIngressCommand(request)));
    },
  });
}

type LegacyInputs = Plain<aws.ec2.SecurityGroupRuleArgs>;

function legacyPermission(inputs: LegacyInputs): IpPermission {
  const rule: InlineRule = {
    ...inputs,
    securityGroups: inputs.sourceSecurityGroupId ? [inputs.sourceSecurityGroupId] : undefined,
  };
  return toPermission(rule, inputs.securityGroupId);
}

/** The older form of a rule: several sources, known by what it says instead of by an id. */
const securityGroupRule = defineResource<aws.ec2.SecurityGroupRuleArgs>({
  type: "aws:ec2/securityGroupRule:SecurityGroupRule",
  required: ["type", "securityGroupId", "protocol", "fromPort", "toPort"],
  deleteBeforeReplace: true,
  computed: ["securityGroupRuleId"],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const request = { GroupId: inputs.securityGroupId, IpPermissions: [legacyPermission(inputs)] };
    const answer = await (inputs.type === "egress"
      ? ec2.send(new AuthorizeSecurityGroupEgressCommand(request))
      : ec2.send(new AuthorizeSecurityGroupIngressCommand(request)));
    return { id: answer.SecurityGroupRules![0]!.SecurityGroupRuleId! };
  },
  async read(_id, properties, context) {
    const inputs = properties as LegacyInputs;
    const GroupIds = [inputs.securityGroupId];
    const answer = await orGone(
      context.client(EC2Client).send(new DescribeSecurityGroupsCommand({ GroupIds })),
    );
    const group = answer?.SecurityGroups?.[0];
    if (!group) return undefined;
    const permissions = inputs.type === "egress" ? group.IpPermissionsEgress : group.IpPermissions;
    const live = fromPermissions(permissions ?? [], inputs.securityGroupId);
    const wanted = fromPermissions([legacyPermission(inputs)], inputs.securityGroupId);
    const there = wanted.every((one) => live.some((other) => sameValue(one, other)));
    return there ? { securityGroupId: inputs.securityGroupId } : undefined;
  },
  async delete(_id, properties, context) {
    const inputs = properties as LegacyInputs;
    const ec2 = context.client(EC2Client);
    const request = { GroupId: inputs.securityGroupId, IpPermissions: [legacyPermission(inputs)] };
    await (inputs.type === "egress"
      ? ec2.send(new RevokeSecurityGroupEgressCommand(request))
      : ec2.send(new RevokeSecurityGroupIngressCommand(request)));
  },
});

export const securityGroupRules = [
  singleRule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", false),
  singleRule("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", true),
  securityGroupRule,
];
