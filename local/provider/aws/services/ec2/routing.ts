import {
  AssociateRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  EC2Client,
  ReplaceRouteCommand,
  type Route,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { fromTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { ec2Arn, tagSpecifications, updateEc2Tags } from "./support";

type RouteInputs = Plain<aws.ec2.RouteArgs>;
type TableRoute = NonNullable<Plain<aws.ec2.RouteTableArgs>["routes"]>[number];

async function findTable(id: string, context: HandlerContext): Promise<RouteTable | undefined> {
  const ec2 = context.client(EC2Client);
  const answer = await orGone(ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] })));
  return answer?.RouteTables?.[0];
}

/** Pulumi's name of each kind of target → EC2's. */
const targets = {
  gatewayId: "GatewayId",
  natGatewayId: "NatGatewayId",
  networkInterfaceId: "NetworkInterfaceId",
  transitGatewayId: "TransitGatewayId",
  vpcPeeringConnectionId: "VpcPeeringConnectionId",
  egressOnlyGatewayId: "EgressOnlyInternetGatewayId",
  vpcEndpointId: "VpcEndpointId",
} as const;

function toTarget(inputs: Partial<RouteInputs>) {
  const entries = Object.entries(targets).filter(([ours]) => inputs[ours as keyof typeof targets]);
  return Object.fromEntries(entries.map(([ours, theirs]) => [theirs, inputs[ours as keyof typeof targets]]));
}

function fromTarget(route: Route): Properties {
  const live: Properties = { ...route };
  return Object.fromEntries(
    Object.entries(targets).map(([ours, theirs]) => [ours, live[theirs] === "" ? undefined : live[theirs]]),
  );
}

interface Destination {
  DestinationCidrBlock?: string;
  DestinationIpv6CidrBlock?: string;
  DestinationPrefixListId?: string;
}

function toDestination(inputs: Partial<RouteInputs>): Destination {
  if (inputs.destinationCidrBlock) return { DestinationCidrBlock: inputs.destinationCidrBlock };
  if (inputs.destinationIpv6CidrBlock) return { DestinationIpv6CidrBlock: inputs.destinationIpv6CidrBlock };
  return { DestinationPrefixListId: inputs.destinationPrefixListId };
}

/** An id is `route table_destination`. */
function routeParts(id: string): { table: string; destination: Destination } {
  const underscore = id.indexOf("_");
  const text = id.slice(underscore + 1);
  const destination = text.startsWith("pl-")
    ? { DestinationPrefixListId: text }
    : text.includes(":")
      ? { DestinationIpv6CidrBlock: text }
      : { DestinationCidrBlock: text };
  return { table: id.slice(0, underscore), destination };
}

function sameDestination(route: Route, destination: Destination): boolean {
  return Object.entries(destination).every(([name, value]) => route[name as keyof Destination] === value);
}

const route = defineResource<aws.ec2.RouteArgs>({
  type: "aws:ec2/route:Route",
  required: ["routeTableId"],
  replaceOn: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
  computed: ["state", "origin", "instanceId", "instanceOwnerId"],
  async create(inputs, context) {
    const destination = toDestination(inputs);
    await context
      .client(EC2Client)
      .send(
        new CreateRouteCommand({ RouteTableId: inputs.routeTableId, ...destination, ...toTarget(inputs) }),
      );
    return { id: `${inputs.routeTableId}_${Object.values(destination)[0]}` };
  },
  async read(id, _properties, context) {
    const { table, destination } = routeParts(id);
    const found = (await findTable(table, context))?.Routes?.find((entry) =>
      sameDestination(entry, destination),
    );
    if (!found) return undefined;
    return {
      routeTableId: table,
      destinationCidrBlock: destination.DestinationCidrBlock,
      destinationIpv6CidrBlock: destination.DestinationIpv6CidrBlock,
      destinationPrefixListId: destination.DestinationPrefixListId,
      state: found.State,
      origin: found.Origin,
      ...fromTarget(found),
    };
  },
  async update(_id, _olds, news, context) {
    await context.client(EC2Client).send(
      new ReplaceRouteCommand({
        RouteTableId: news.routeTableId,
        ...toDestination(news),
        ...toTarget(news),
      }),
    );
  },
  async delete(id, _properties, context) {
    const { table, destination } = routeParts(id);
    await context.client(EC2Client).send(new DeleteRouteCommand({ RouteTableId: table, ...destination }));
  },
});

/** Route of a table in the words of a route of its own. */
function asRoute(entry: TableRoute): Partial<RouteInputs> {
  return {
    ...entry,
    destinationCidrBlock: entry.cidrBlock,
    destinationIpv6CidrBlock: entry.ipv6CidrBlock,
    destinationPrefixListId: entry.destinationPrefixListId,
  };
}

async function setRoutes(
  ec2: EC2Client,
  RouteTableId: string,
  olds: TableRoute[],
  news: TableRoute[],
): Promise<void> {
  for (const entry of olds.filter((old) => !news.some((one) => sameValue(one, old)))) {
    await orGone(ec2.send(new DeleteRouteCommand({ RouteTableId, ...toDestination(asRoute(entry)) })));
  }
  for (const entry of news.filter((one) => !olds.some((old) => sameValue(one, old)))) {
    const wanted = asRoute(entry);
    await ec2.send(new CreateRouteCommand({ RouteTableId, ...toDestination(wanted), ...toTarget(wanted) }));
  }
}

function fromRoutes(table: RouteTable): Properties[] {
  return (table.Routes ?? [])
    .filter((entry) => entry.GatewayId !== "local" && entry.Origin !== "EnableVgwRoutePropagation")
    .map((entry) => ({
      cidrBlock: entry.DestinationCidrBlock,
      ipv6CidrBlock: entry.DestinationIpv6CidrBlock,
      destinationPrefixListId: entry.DestinationPrefixListId,
      ...fromTarget(entry),
    }));
}

const routeTable = defineResource<aws.ec2.RouteTableArgs>({
  type: "aws:ec2/routeTable:RouteTable",
  required: ["vpcId"],
  taggable: true,
  replaceOn: ["vpcId"],
  unordered: ["routes"],
  computed: ["arn", "ownerId"],
  async create(inputs, context) {
    const ec2 = context.client(EC2Client);
    const answer = await ec2.send(
      new CreateRouteTableCommand({
        VpcId: inputs.vpcId,
        TagSpecifications: tagSpecifications("route-table", inputs.tags),
      }),
    );
    const id = answer.RouteTable!.RouteTableId!;
    context.created(id);
    await setRoutes(ec2, id, [], inputs.routes ?? []);
    return { id };
  },
  async read(id, properties, context) {
    const found = await findTable(id, context);
    if (!found) return undefined;
    return {
      arn: await ec2Arn(`route-table/${id}`, found.OwnerId, context),
      vpcId: found.VpcId,
      ownerId: found.OwnerId,
      tags: fromTagList(found.Tags),
      // Where the table lists none, its routes are resources of their own.
      ...(properties.routes ? { routes: fromRoutes(found) } : {}),
    };
  },
  async update(id, olds, news, context) {
    if (news.routes || olds.routes) {
      await setRoutes(context.client(EC2Client), id, olds.routes ?? [], news.routes ?? []);
    }
    await updateEc2Tags(id, olds.tags, news.tags, context);
  },
  async delete(id, _properties, context) {
    await context.client(EC2Client).send(new DeleteRouteTableCommand({ RouteTableId: id }));
  },
});

const routeTableAssociation = defineResource<aws.ec2.RouteTableAssociationArgs>({
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  required: ["routeTableId"],
  // A subnet has one table at a time.
  deleteBeforeReplace: true,
  async create(inputs, context) {
    const answer = await context.client(EC2Client).send(
      new AssociateRouteTableCommand({
        RouteTableId: inputs.routeTableId,
        SubnetId: inputs.subnetId,
        GatewayId: inputs.gatewayId,
      }),
    );
    return { id: answer.AssociationId! };
  },
  async read(id, _properties, context) {
    const Filters = [{ Name: "association.route-table-association-id", Values: [id] }];
    const answer = await context.client(EC2Client).send(new DescribeRouteTablesCommand({ Filters }));
    const found = answer.RouteTables?.flatMap(({ Associations = [] }) => Associations).find(
      ({ RouteTableAssociationId }) => RouteTableAssociationId === id,
    );
    if (!found) return undefined;
    return { routeTableId: found.RouteTableId, subnetId: found.SubnetId, gatewayId: found.GatewayId };
  },
  async delete(id, _properties, context) {
    await context.client(EC2Client).send(new DisassociateRouteTableCommand({ AssociationId: id }));
  },
});

export const routing = [routeTable, route, routeTableAssociation];
