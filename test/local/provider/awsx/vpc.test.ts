import * as pulumi from "@pulumi/pulumi";
import { Vpc } from "../../../../local/provider/awsx/vpc";

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

let registered: Registered[];

beforeEach(async () => {
  const made: Registered[] = [];
  registered = made;
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push({ type, name, inputs: inputs as Record<string, unknown> });
      return { id: `${name}-id`, state: { ...(inputs as object), allocationId: `${name}-allocation` } };
    },
    call: ({ token }) => {
      if (!token.includes("getAvailabilityZones")) throw new Error(`unexpected call of ${token}`);
      return { names: ["r-1a", "r-1b", "r-1c", "r-1d"] };
    },
  });
});

async function create(inputs: pulumi.Inputs): Promise<Record<string, unknown>> {
  const outputs = await new Vpc("net", {}).create(inputs).finally(() => pulumi.runtime.disconnect());
  const { vpcId, publicSubnetIds, privateSubnetIds, isolatedSubnetIds, subnetLayout } = outputs;
  const plain = pulumi.output({ vpcId, publicSubnetIds, privateSubnetIds, isolatedSubnetIds, subnetLayout });
  return (plain as unknown as { promise(): Promise<Record<string, unknown>> }).promise();
}

const namesOf = (type: string) =>
  registered.filter((each) => each.type === `aws:ec2/${type}`).map(({ name }) => name);
const specs = [{ type: "Private" }, { type: "Public" }, { type: "Isolated" }];

test("children have the names of the official package", async () => {
  const outputs = await create({
    numberOfAvailabilityZones: 2,
    subnetStrategy: "Auto",
    subnetSpecs: specs,
    natGateways: { strategy: "OnePerAz" },
    tags: { team: "ml" },
  });
  expect(outputs).toMatchObject({
    vpcId: "net-id",
    publicSubnetIds: ["net-public-1-id", "net-public-2-id"],
    privateSubnetIds: ["net-private-1-id", "net-private-2-id"],
    isolatedSubnetIds: ["net-isolated-1-id", "net-isolated-2-id"],
  });
  expect(namesOf("vpc:Vpc")).toEqual(["net"]);
  expect(namesOf("internetGateway:InternetGateway")).toEqual(["net"]);
  expect(namesOf("natGateway:NatGateway").sort()).toEqual(["net-1", "net-2"]);
  expect(namesOf("eip:Eip").sort()).toEqual(["net-1", "net-2"]);
  const places = ["net-isolated", "net-private", "net-public"].flatMap((name) => [`${name}-1`, `${name}-2`]);
  for (const type of [
    "subnet:Subnet",
    "routeTable:RouteTable",
    "routeTableAssociation:RouteTableAssociation",
  ]) {
    expect(namesOf(type).sort()).toEqual(places);
  }
  const route = (name: string) =>
    registered.find((each) => each.type === "aws:ec2/route:Route" && each.name === name);
  expect(route("net-public-1")!.inputs).toMatchObject({ gatewayId: "net-id" });
  expect(route("net-private-2")!.inputs).toMatchObject({ natGatewayId: "net-2-id" });
  expect(route("net-isolated-1")).toBeUndefined();
  const subnet = registered.find(({ name }) => name === "net-public-2")!;
  expect(subnet.inputs).toMatchObject({
    availabilityZone: "r-1b",
    mapPublicIpOnLaunch: true,
    tags: { Name: "net-public-2", SubnetType: "Public", team: "ml" },
  });
});

test.each([
  ["None", []],
  ["Single", ["net-1"]],
  ["OnePerAz", ["net-1", "net-2", "net-3"]],
])("the NAT strategy %s makes the gateways %j", async (strategy, gateways) => {
  await create({ subnetStrategy: "Auto", subnetSpecs: specs, natGateways: { strategy } });
  expect(namesOf("natGateway:NatGateway").sort()).toEqual(gateways);
});

test.each<[string, pulumi.Inputs, RegExp]>([
  ["Legacy layout", { subnetSpecs: specs }, /"Legacy"; the sandbox serves "Auto" and "Exact"/],
  ["an option that is not served", { subnetStrategy: "Auto", ipv4IpamPoolId: "pool" }, /ipv4IpamPoolId/],
  [
    "zones given twice",
    { subnetStrategy: "Auto", numberOfAvailabilityZones: 1, availabilityZoneNames: ["a"] },
    /give one of them/,
  ],
  [
    "more zones than there are",
    { subnetStrategy: "Auto", numberOfAvailabilityZones: 5 },
    /asks for 5 availability zones/,
  ],
  [
    "gateways without public subnets",
    { subnetStrategy: "Auto", subnetSpecs: [{ type: "Private" }], natGateways: { strategy: "Single" } },
    /needs public and private subnets/,
  ],
])("%s is refused before anything is made", async (_, inputs, message) => {
  const text = await create(inputs).then(
    String,
    (error: Error) => `${error.message} ${JSON.stringify(error)}`,
  );
  expect(text.replaceAll('\\"', '"')).toMatch(message);
  expect(registered.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
});
