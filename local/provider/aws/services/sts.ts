import { DescribeAvailabilityZonesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { FunctionHandler } from "../framework/types";

/**
 * Account that previews of other environments pretend to be in. With it, no function here asks an emulator: what the
 * other environment's account would answer is derived from the account and the provider's region.
 */
function previewAccount(): string | undefined {
  return process.env.SANDBOX_PREVIEW_ACCOUNT || undefined;
}

const getCallerIdentity: FunctionHandler = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  async invoke(_args, context) {
    const account = previewAccount();
    if (account !== undefined) {
      return { id: account, accountId: account, arn: `arn:aws:iam::${account}:root`, userId: account };
    }
    const answer = await context.client(STSClient).send(new GetCallerIdentityCommand({}));
    return { id: answer.Account, accountId: answer.Account, arn: answer.Arn, userId: answer.UserId };
  },
};

const getRegion: FunctionHandler = {
  token: "aws:index/getRegion:getRegion",
  async invoke(args, context) {
    const region = String(args.region ?? args.name ?? context.region);
    return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
  },
};

/** Partition and domain of a region, as the SDK's own partition table has them. */
function partitionOf(region: string): { partition: string; dnsSuffix: string } {
  if (region.startsWith("cn-")) return { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { partition: "aws-us-gov", dnsSuffix: "amazonaws.com" };
  return { partition: "aws", dnsSuffix: "amazonaws.com" };
}

const getPartition: FunctionHandler = {
  token: "aws:index/getPartition:getPartition",
  async invoke(_args, context) {
    const { partition, dnsSuffix } = partitionOf(context.region);
    return {
      id: partition,
      partition,
      dnsSuffix,
      reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
    };
  },
};

/** Zones of a previewed region: each has at least three. */
function previewZones(region: string) {
  return ["a", "b", "c"].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${region}-az${index + 1}`,
  }));
}

const getAvailabilityZones: FunctionHandler = {
  token: "aws:index/getAvailabilityZones:getAvailabilityZones",
  async invoke(args, context) {
    const excluded = [args.excludeNames ?? [], args.excludeZoneIds ?? []].flat().map(String);
    const zones =
      previewAccount() !== undefined
        ? previewZones(context.region)
        : (
            (await context.client(EC2Client).send(new DescribeAvailabilityZonesCommand({})))
              .AvailabilityZones ?? []
          )
            .filter((zone) => args.state === undefined || zone.State === args.state)
            .map((zone) => ({ name: zone.ZoneName!, id: zone.ZoneId! }));
    const allowed = zones.filter(({ name, id }) => !excluded.includes(name) && !excluded.includes(id));
    return {
      id: context.region,
      region: context.region,
      groupNames: [context.region],
      names: allowed.map(({ name }) => name),
      zoneIds: allowed.map(({ id }) => id),
    };
  },
};

export const functions: FunctionHandler[] = [
  getCallerIdentity,
  getRegion,
  getPartition,
  getAvailabilityZones,
];
