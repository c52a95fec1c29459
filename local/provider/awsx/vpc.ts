import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { layOutSubnets, requireNoGaps, type SubnetPlace } from "./subnet-layout";
import { parseVpcInputs, type PlainInputs } from "./vpc-inputs";

type Tags = pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
type Place = SubnetPlace<Tags>;
type Inputs = Awaited<ReturnType<typeof parseVpcInputs>>;

const defaultZoneCount = 3;
const everywhere = "0.0.0.0/0";
/** Public subnets come first, for the gateways of the private ones lie in them. */
const creationOrder = ["Public", "Private", "Isolated"];

/** `awsx.ec2.Vpc` out of real `aws.ec2` resources, with the children's names as in the official package. */
export class Vpc extends pulumi.ComponentResource<void> {
  readonly vpcEndpoints: aws.ec2.VpcEndpoint[] = [];
  readonly subnets: aws.ec2.Subnet[] = [];
  readonly routeTables: aws.ec2.RouteTable[] = [];
  readonly routeTableAssociations: aws.ec2.RouteTableAssociation[] = [];
  readonly routes: aws.ec2.Route[] = [];
  readonly natGateways: aws.ec2.NatGateway[] = [];
  readonly eips: aws.ec2.Eip[] = [];
  private readonly byType = new Map<string, aws.ec2.Subnet[]>();
  private vpc!: aws.ec2.Vpc;
  private internetGateway!: aws.ec2.InternetGateway;

  constructor(
    private readonly vpcName: string,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("awsx:ec2:Vpc", vpcName, {}, opts);
  }

  /** Creates the children. @throws Error when the subnets cannot be laid out; then there are no children. */
  async create(given: pulumi.Inputs): Promise<pulumi.Inputs> {
    const inputs = await parseVpcInputs(given);
    const places = await this.layOut(inputs);
    const tags = this.named(this.vpcName, inputs);
    this.vpc = new aws.ec2.Vpc(
      this.vpcName,
      { ...inputs.passedOn, cidrBlock: inputs.cidrBlock, tags },
      { parent: this },
    );
    this.internetGateway = new aws.ec2.InternetGateway(
      this.vpcName,
      { vpcId: this.vpc.id, tags },
      this.under(this.vpc),
    );
    this.createEndpoints(inputs);
    for (const place of places) this.createSubnet(place, inputs);
    return this.finish(places);
  }

  private async layOut(inputs: Inputs): Promise<Place[]> {
    const zones = inputs.availabilityZoneNames ?? (await this.firstZones(inputs.numberOfAvailabilityZones));
    const { cidrBlock, subnetSpecs, availabilityZoneCidrMask } = inputs;
    const places = layOutSubnets<Tags>(this.vpcName, cidrBlock, zones, subnetSpecs, availabilityZoneCidrMask);
    if (inputs.subnetStrategy === "Exact") requireNoGaps(cidrBlock, places);
    requireGatewaysPossible(inputs.natGateways, places, zones.length);
    const order = (place: Place) =>
      place.zoneIndex * creationOrder.length + creationOrder.indexOf(place.spec.type);
    return places.filter(({ spec }) => spec.type !== "Unused").sort((a, b) => order(a) - order(b));
  }

  private async firstZones(count = defaultZoneCount): Promise<string[]> {
    const { names } = await aws.getAvailabilityZones({ state: "available" }, { parent: this });
    if (names.length < count) {
      throw new Error(
        `${this.vpcName} asks for ${count} availability zones; the region has ${names.join(", ")}.`,
      );
    }
    return names.slice(0, count);
  }

  private createEndpoints({ vpcEndpointSpecs }: Inputs): void {
    for (const spec of vpcEndpointSpecs) {
      this.vpcEndpoints.push(
        new aws.ec2.VpcEndpoint(spec.serviceName, { ...spec, vpcId: this.vpc.id }, this.under(this.vpc)),
      );
    }
  }

  private createSubnet(place: Place, inputs: Inputs): void {
    const { name, spec } = place;
    const tags = this.named(name, inputs, { SubnetType: spec.type });
    const subnet = new aws.ec2.Subnet(
      name,
      {
        vpcId: this.vpc.id,
        availabilityZone: place.zone,
        cidrBlock: place.cidrBlock,
        mapPublicIpOnLaunch: spec.type === "Public",
        tags: pulumi.all([tags, spec.tags]).apply(([own, extra]) => ({ ...own, ...extra })),
      },
      this.under(this.vpc),
    );
    this.subnets.push(subnet);
    this.byType.set(spec.type, [...(this.byType.get(spec.type) ?? []), subnet]);
    const routeTable = new aws.ec2.RouteTable(name, { vpcId: this.vpc.id, tags }, this.under(subnet));
    this.routeTables.push(routeTable);
    this.routeTableAssociations.push(
      new aws.ec2.RouteTableAssociation(
        name,
        { routeTableId: routeTable.id, subnetId: subnet.id },
        this.under(routeTable),
      ),
    );
    if (spec.type === "Public") this.createNatGateway(place, subnet, inputs);
    this.createRoute(place, routeTable, inputs.natGateways);
  }

  private createNatGateway({ zoneIndex }: Place, subnet: aws.ec2.Subnet, inputs: Inputs): void {
    const { strategy, elasticIpAllocationIds = [] } = natGatewaysOf(inputs.natGateways);
    const index = this.natGateways.length;
    if (strategy === "None" || index > (strategy === "Single" ? 0 : zoneIndex)) return;
    const name = `${this.vpcName}-${zoneIndex + 1}`;
    const tags = this.named(name, inputs);
    let allocationId = elasticIpAllocationIds[index];
    if (allocationId === undefined) {
      const eip = new aws.ec2.Eip(name, { domain: "vpc", tags }, this.under(subnet));
      this.eips.push(eip);
      allocationId = eip.allocationId;
    }
    this.natGateways.push(
      new aws.ec2.NatGateway(name, { subnetId: subnet.id, allocationId, tags }, this.under(subnet)),
    );
  }

  private createRoute(
    place: Place,
    routeTable: aws.ec2.RouteTable,
    natGateways: PlainInputs["natGateways"],
  ): void {
    const { strategy } = natGatewaysOf(natGateways);
    const nat = strategy === "Single" ? this.natGateways[0] : this.natGateways[place.zoneIndex];
    const target =
      place.spec.type === "Public"
        ? { gatewayId: this.internetGateway.id }
        : place.spec.type === "Private" && nat && { natGatewayId: nat.id };
    if (!target) return;
    this.routes.push(
      new aws.ec2.Route(
        place.name,
        { routeTableId: routeTable.id, destinationCidrBlock: everywhere, ...target },
        this.under(routeTable),
      ),
    );
  }

  private finish(places: Place[]): pulumi.Inputs {
    const idsOf = (type: string) => (this.byType.get(type) ?? []).map((subnet) => subnet.id);
    const subnetsOf = (type: string) => this.byType.get(type) ?? [];
    const outputs = {
      vpc: this.vpc,
      vpcId: this.vpc.id,
      subnets: this.subnets,
      publicSubnets: subnetsOf("Public"),
      privateSubnets: subnetsOf("Private"),
      isolatedSubnets: subnetsOf("Isolated"),
      publicSubnetIds: idsOf("Public"),
      privateSubnetIds: idsOf("Private"),
      isolatedSubnetIds: idsOf("Isolated"),
      subnetLayout: layoutOf(places),
      internetGateway: this.internetGateway,
      natGateways: this.natGateways,
      eips: this.eips,
      routeTables: this.routeTables,
      routeTableAssociations: this.routeTableAssociations,
      routes: this.routes,
      vpcEndpoints: this.vpcEndpoints,
    };
    this.registerOutputs(outputs);
    return outputs;
  }

  private named(name: string, inputs: Inputs, more: Record<string, string> = {}) {
    // The VPC and its internet gateway keep a `Name` that the program gave; what is there several times cannot.
    const fixed = name === this.vpcName ? {} : { Name: name };
    return pulumi.output(inputs.passedOn.tags).apply((tags) => ({ Name: name, ...tags, ...fixed, ...more }));
  }

  private under(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    return { parent, dependsOn: [parent] };
  }
}

function natGatewaysOf(given: PlainInputs["natGateways"]) {
  return given ?? { strategy: "OnePerAz" as const };
}

function requireGatewaysPossible(
  given: PlainInputs["natGateways"],
  places: Place[],
  zoneCount: number,
): void {
  const { strategy, elasticIpAllocationIds = [] } = natGatewaysOf(given);
  const types = places.map(({ spec }) => spec.type);
  if (
    given !== undefined &&
    strategy !== "None" &&
    !(types.includes("Public") && types.includes("Private"))
  ) {
    throw new Error(
      `natGateways.strategy is ${strategy}, which needs public and private subnets; add both to subnetSpecs, or set None.`,
    );
  }
  const needed = strategy === "None" ? 0 : strategy === "Single" ? 1 : zoneCount;
  if (elasticIpAllocationIds.length > 0 && elasticIpAllocationIds.length !== needed) {
    throw new Error(
      `natGateways.elasticIpAllocationIds has ${elasticIpAllocationIds.length} ids; the strategy ${strategy} needs ${needed}.`,
    );
  }
}

/** The layout as specs of one zone, which the next program can fix with the strategy Auto. */
function layoutOf(places: Place[]) {
  return places
    .filter(({ zoneIndex }) => zoneIndex === 0)
    .map(({ spec, cidrBlock }) => {
      const cidrMask = Number(cidrBlock.split("/")[1]);
      return { type: spec.type, name: spec.name, cidrMask, size: 2 ** (32 - cidrMask) };
    });
}
