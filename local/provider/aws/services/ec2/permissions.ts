import type { IpPermission } from "@aws-sdk/client-ec2";
import { sameValue } from "../../../shared/compare";

/** A rule written inside a security group: several sources may share protocol and ports. */
export interface InlineRule {
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
  prefixListIds?: string[];
  securityGroups?: string[];
  self?: boolean;
  description?: string;
}

const allProtocols = "-1";

function protocolOf(protocol: string): string {
  return protocol === "all" ? allProtocols : protocol.toLowerCase();
}

/** A rule as EC2 takes it; `group` is the group that `self` means. */
export function toPermission(rule: InlineRule, group: string): IpPermission {
  const IpProtocol = protocolOf(rule.protocol);
  const ports = IpProtocol === allProtocols ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort };
  const Description = rule.description;
  const groups = [...(rule.securityGroups ?? []), ...(rule.self ? [group] : [])];
  return {
    IpProtocol,
    ...ports,
    IpRanges: rule.cidrBlocks?.map((CidrIp) => ({ CidrIp, Description })),
    Ipv6Ranges: rule.ipv6CidrBlocks?.map((CidrIpv6) => ({ CidrIpv6, Description })),
    PrefixListIds: rule.prefixListIds?.map((PrefixListId) => ({ PrefixListId, Description })),
    UserIdGroupPairs: groups.length === 0 ? undefined : groups.map((GroupId) => ({ GroupId, Description })),
  };
}

/** One source of a permission. */
type Single = Omit<InlineRule, "fromPort" | "toPort"> & { fromPort: number; toPort: number };

/** Every permission taken apart into its sources. */
export function fromPermissions(permissions: IpPermission[], group: string): Single[] {
  return permissions.flatMap((permission) => {
    const protocol = permission.IpProtocol ?? allProtocols;
    const ports =
      protocol === allProtocols
        ? { fromPort: 0, toPort: 0 }
        : { fromPort: permission.FromPort ?? 0, toPort: permission.ToPort ?? 0 };
    const single = (source: Partial<InlineRule>, Description: string | undefined): Single => ({
      protocol,
      ...ports,
      ...source,
      ...(Description ? { description: Description } : {}),
    });
    return [
      ...(permission.IpRanges ?? []).map((range) =>
        single({ cidrBlocks: [range.CidrIp!] }, range.Description),
      ),
      ...(permission.Ipv6Ranges ?? []).map((range) =>
        single({ ipv6CidrBlocks: [range.CidrIpv6!] }, range.Description),
      ),
      ...(permission.PrefixListIds ?? []).map((list) =>
        single({ prefixListIds: [list.PrefixListId!] }, list.Description),
      ),
      ...(permission.UserIdGroupPairs ?? []).map((pair) =>
        single(
          pair.GroupId === group ? { self: true } : { securityGroups: [pair.GroupId!] },
          pair.Description,
        ),
      ),
    ];
  });
}

/** The rules as they were given where EC2 holds exactly those, however it groups them; else its own. */
export function observedRules(given: InlineRule[], permissions: IpPermission[], group: string): InlineRule[] {
  const live = fromPermissions(permissions, group);
  const wanted = fromPermissions(
    given.map((rule) => toPermission(rule, group)),
    group,
  );
  return sameValue(wanted, live, { unordered: true }) ? given : live;
}
