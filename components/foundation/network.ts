import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { ArgumentChecker } from "../shared/validation";
import { createFlowLog } from "./flow-log";
import { createSecurityGroups } from "./network-security-groups";
import { createGatewayEndpoints, createInterfaceEndpoints } from "./vpc-endpoints";

/** How instances in private subnets reach the internet. */
export enum NatGatewayStrategy {
  /** Not at all: only through VPC endpoints. */
  None = "None",
  /** Through one gateway; cheap, and lost with its zone. */
  Single = "Single",
  /** Through a gateway in every zone. */
  OnePerZone = "OnePerAz",
}

/** Arguments of {@link Network}. Values that decide which resources exist must be plain, not outputs. */
export interface NetworkArgs extends CommonArgs {
  /** Id of a VPC to use; needs `existingPrivateSubnetIds`. @default a VPC is created */
  existingVpcId?: pulumi.Input<string>;
  /** Ids of the existing VPC's private subnets, in at least two zones. @default subnets are created */
  existingPrivateSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Ids of the existing VPC's public subnets. @default none */
  existingPublicSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Addresses of the VPC in CIDR notation, `/16` to `/24`. @default "10.0.0.0/16" */
  cidrBlock?: string;
  /** Zones to spread over, 2 to 6. @default 2 */
  availabilityZoneCount?: number;
  /** Names of the zones, for example `eu-west-1a`. @default the region's first `availabilityZoneCount` zones */
  availabilityZoneNames?: string[];
  /** Way from private subnets to the internet. @default NatGatewayStrategy.Single */
  natGatewayStrategy?: NatGatewayStrategy;
  /** Whether all traffic is recorded in a log group. @default true for a created VPC, false for an existing one */
  flowLogs?: boolean;
  /**
   * AWS services that get an interface endpoint, as in `com.amazonaws.<region>.<service>`; each costs by the hour
   * and zone.
   * @default those that training, serving, monitoring and promotion call, for a created VPC; none for an existing one
   */
  interfaceEndpointServices?: string[];
  /** CIDR blocks that may call the interface endpoints. @default `cidrBlock` for a created VPC; none for an existing one */
  endpointClientCidrBlocks?: string[];
}

/** The VPC with private and public subnets, endpoints of AWS services and flow logs, or an existing VPC. */
export class Network extends pulumi.ComponentResource {
  /** Id of the VPC. */
  public readonly vpcId: pulumi.Output<string>;
  /** Ids of the private subnets, one or more per zone. */
  public readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Ids of the public subnets. */
  public readonly publicSubnetIds: pulumi.Output<string[]>;
  /** Security group of the interface endpoints. */
  public readonly endpointSecurityGroupId: pulumi.Output<string>;
  /** Security group for training jobs and functions: nothing comes in, HTTPS goes out. */
  public readonly workloadSecurityGroupId: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:Network", name, args, opts);
    const created = args.existingVpcId === undefined ? createVpc(name, args, this) : undefined;
    this.vpcId = created?.vpcId ?? pulumi.output(args.existingVpcId as pulumi.Input<string>);
    this.privateSubnetIds = created?.privateSubnetIds ?? pulumi.output(args.existingPrivateSubnetIds ?? []);
    this.publicSubnetIds = created?.publicSubnetIds ?? pulumi.output(args.existingPublicSubnetIds ?? []);

    const clientCidrBlocks =
      args.endpointClientCidrBlocks ?? (created === undefined ? [] : [args.cidrBlock ?? defaultCidrBlock]);
    const groups = createSecurityGroups(name, this.vpcId, clientCidrBlocks, args, this);
    this.endpointSecurityGroupId = groups.endpoints.id;
    this.workloadSecurityGroupId = groups.workloads.id;

    if (created !== undefined) createGatewayEndpoints(name, created, args, this);
    createInterfaceEndpoints(
      name,
      args.interfaceEndpointServices ?? (created === undefined ? [] : defaultInterfaceEndpointServices),
      { vpcId: this.vpcId, subnetIds: this.privateSubnetIds, securityGroupId: groups.endpoints.id },
      args,
      this,
    );
    if (args.flowLogs ?? created !== undefined) createFlowLog(name, this.vpcId, args, this);
    this.registerOutputs({
      vpcId: this.vpcId,
      privateSubnetIds: this.privateSubnetIds,
      publicSubnetIds: this.publicSubnetIds,
      endpointSecurityGroupId: this.endpointSecurityGroupId,
      workloadSecurityGroupId: this.workloadSecurityGroupId,
    });
  }
}

const defaultCidrBlock = "10.0.0.0/16";

const defaultInterfaceEndpointServices = [
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "kms",
  "logs",
  "monitoring",
  "sagemaker.api",
  "sagemaker.featurestore-runtime",
  "ssm",
  "states",
  "sts",
  "xray",
];

/** Arguments that shape a created VPC and mean nothing for an existing one. */
const creationArguments = [
  "cidrBlock",
  "availabilityZoneCount",
  "availabilityZoneNames",
  "natGatewayStrategy",
] as const;

function checkArguments(args: NetworkArgs): void {
  const checker = new ArgumentChecker();
  for (const field of creationArguments) {
    checker.notBoth(args.existingVpcId, "existingVpcId", args[field], field);
  }
  checkExistingSubnets(args, checker);
  checker
    .notBoth(
      args.availabilityZoneCount,
      "availabilityZoneCount",
      args.availabilityZoneNames,
      "availabilityZoneNames",
    )
    .range(args.availabilityZoneCount, "availabilityZoneCount", 2, 6)
    .range(args.availabilityZoneNames?.length, "availabilityZoneNames.length", 2, 6);
  checkCidrBlock(args.cidrBlock, "cidrBlock", checker);
  if (args.cidrBlock !== undefined) {
    checker.range(Number(args.cidrBlock.split("/")[1]), "cidrBlock", 16, 24);
  }
  args.endpointClientCidrBlocks?.forEach((block, index) => {
    checkCidrBlock(block, `endpointClientCidrBlocks[${index}]`, checker);
  });
  checkServices(args.interfaceEndpointServices ?? [], checker);
  checker.done("Network");
}

function checkExistingSubnets(args: NetworkArgs, checker: ArgumentChecker): void {
  if (args.existingVpcId === undefined) {
    checker
      .require(
        args.existingPrivateSubnetIds === undefined,
        "existingPrivateSubnetIds",
        "was given without existingVpcId; give the VPC that the subnets belong to",
      )
      .require(
        args.existingPublicSubnetIds === undefined,
        "existingPublicSubnetIds",
        "was given without existingVpcId; give the VPC that the subnets belong to",
      );
    return;
  }
  checker.require(
    args.existingPrivateSubnetIds !== undefined,
    "existingPrivateSubnetIds",
    "is missing; with existingVpcId give the ids of its private subnets",
  );
  if (Array.isArray(args.existingPrivateSubnetIds)) {
    checker.require(
      args.existingPrivateSubnetIds.length >= 2,
      "existingPrivateSubnetIds",
      `${args.existingPrivateSubnetIds.length} subnets were given; at least 2 in different zones are needed`,
    );
  }
}

const cidrPattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d|[12]\d|3[0-2])$/;

function checkCidrBlock(block: string | undefined, path: string, checker: ArgumentChecker): void {
  if (block === undefined) return;
  const bytes = cidrPattern.exec(block)?.slice(1, 5).map(Number);
  checker.require(
    bytes !== undefined && bytes.every((byte) => byte <= 255),
    path,
    `"${block}" was given; allowed is an IPv4 range such as 10.0.0.0/16`,
  );
}

function checkServices(services: string[], checker: ArgumentChecker): void {
  services.forEach((service, index) => {
    const path = `interfaceEndpointServices[${index}]`;
    checker
      .require(
        /^[a-z0-9][a-z0-9.-]*$/.test(service) && !service.startsWith("com."),
        path,
        `"${service}" was given; give the service alone, for example sagemaker.api`,
      )
      .require(services.indexOf(service) === index, path, `"${service}" was given twice`);
  });
}

function createVpc(name: string, args: NetworkArgs, parent: Network): awsx.ec2.Vpc {
  return new awsx.ec2.Vpc(
    name,
    {
      cidrBlock: args.cidrBlock ?? defaultCidrBlock,
      ...(args.availabilityZoneNames === undefined
        ? { numberOfAvailabilityZones: args.availabilityZoneCount ?? 2 }
        : { availabilityZoneNames: args.availabilityZoneNames }),
      enableDnsHostnames: true,
      enableDnsSupport: true,
      natGateways: { strategy: args.natGatewayStrategy ?? NatGatewayStrategy.Single },
      subnetStrategy: "Auto",
      // The tags by which EKS finds the subnets for public and for internal load balancers.
      subnetSpecs: [
        { type: "Private", tags: { "kubernetes.io/role/internal-elb": "1" } },
        { type: "Public", tags: { "kubernetes.io/role/elb": "1" } },
      ],
      tags: args.tags,
    },
    { parent },
  );
}
