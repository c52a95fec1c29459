import { NatGatewayStrategy, Network, NetworkArgs } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, mockRegion, parsePolicy, valueOf } from "../../support/pulumi-mocks";

const endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint";
const existing: NetworkArgs = { existingVpcId: "vpc-1", existingPrivateSubnetIds: ["subnet-1", "subnet-2"] };

describe("a created network", () => {
  test("is a VPC with private and public subnets that EKS can find", async () => {
    const deployed = await deployInMocks(() => new Network("net", { cidrBlock: "10.8.0.0/20" }));
    expect(deployed.one("awsx:ec2:Vpc").inputs).toMatchObject({
      cidrBlock: "10.8.0.0/20",
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: "Single" },
      subnetSpecs: [
        { type: "Private", tags: { "kubernetes.io/role/internal-elb": "1" } },
        { type: "Public", tags: { "kubernetes.io/role/elb": "1" } },
      ],
    });
    expect(await valueOf(deployed.result.vpcId)).toBe("net-vpc");
    expect(await valueOf(deployed.result.privateSubnetIds)).toEqual(["net-private-1", "net-private-2"]);
    expect(await valueOf(deployed.result.publicSubnetIds)).toEqual(["net-public-1", "net-public-2"]);
  });

  test("keeps S3 and DynamoDB off the NAT gateways, on every route table", async () => {
    const deployed = await deployInMocks(() => new Network("net", { interfaceEndpointServices: [] }));
    const gateways = deployed.ofType(endpointType);
    expect(gateways.map(({ inputs }) => inputs.serviceName as string).sort()).toEqual([
      `com.amazonaws.${mockRegion}.dynamodb`,
      `com.amazonaws.${mockRegion}.s3`,
    ]);
    for (const { inputs } of gateways) {
      expect(inputs).toMatchObject({
        vpcEndpointType: "Gateway",
        routeTableIds: ["net-routes-1", "net-routes-2"],
      });
    }
  });

  test("places interface endpoints in the private subnets, behind their security group", async () => {
    const deployed = await deployInMocks(
      () => new Network("net", { interfaceEndpointServices: ["sagemaker.api"] }),
    );
    const group = await valueOf(deployed.result.endpointSecurityGroupId);
    expect(deployed.one(endpointType, "net-sagemaker-api").inputs).toMatchObject({
      serviceName: `com.amazonaws.${mockRegion}.sagemaker.api`,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: ["net-private-1", "net-private-2"],
      securityGroupIds: [group],
    });
  });

  test("has an endpoint for every service that functions and pods inside call, so that none needs the internet", async () => {
    const deployed = await deployInMocks(() => new Network("net", {}));
    const services = deployed
      .ofType(endpointType)
      .map(({ inputs }) => (inputs.serviceName as string).replace(`com.amazonaws.${mockRegion}.`, ""));
    expect(services).toEqual(expect.arrayContaining(["eks", "eks-auth", "sagemaker.api", "ssm", "xray"]));
  });

  test("opens no port to the world", async () => {
    const deployed = await deployInMocks(() => new Network("net", { cidrBlock: "10.8.0.0/20" }));
    const groups = deployed.ofType("aws:ec2/securityGroup:SecurityGroup");
    const sources = groups.flatMap(({ inputs }) =>
      (inputs.ingress as { cidrBlocks?: string[] }[]).flatMap(({ cidrBlocks }) => cidrBlocks ?? []),
    );
    expect(sources).toEqual(["10.8.0.0/20"]);
    const workloads = await valueOf(deployed.result.workloadSecurityGroupId);
    const endpoints = deployed.one("aws:ec2/securityGroup:SecurityGroup", "net-endpoints");
    expect(endpoints.inputs.ingress).toMatchObject([
      { fromPort: 443, toPort: 443, securityGroups: [workloads] },
    ]);
  });

  test("records all traffic with a role that writes to that log group only", async () => {
    const deployed = await deployInMocks(() => new Network("net", {}));
    const logGroupArn = `arn:aws:cloudwatch:${mockRegion}:123456789012:net-flow-logs`;
    expect(deployed.one("aws:ec2/flowLog:FlowLog").inputs).toMatchObject({
      vpcId: "net-vpc",
      trafficType: "ALL",
      logDestination: logGroupArn,
    });
    const policy = deployed.one("aws:iam/rolePolicy:RolePolicy");
    expect(deployed.one("aws:ec2/flowLog:FlowLog").dependencies).toContain(policy.urn);
    const [statement] = parsePolicy(policy.inputs.policy).Statement;
    expect(statement?.Resource).toEqual([logGroupArn, `${logGroupArn}:*`]);
  });

  test("can do without flow logs, NAT gateway and interface endpoints", async () => {
    const deployed = await deployInMocks(
      () =>
        new Network("net", {
          flowLogs: false,
          natGatewayStrategy: NatGatewayStrategy.None,
          interfaceEndpointServices: [],
          availabilityZoneNames: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        }),
    );
    const vpc = deployed.one("awsx:ec2:Vpc").inputs;
    expect(vpc).toMatchObject({ natGateways: { strategy: "None" } });
    expect(vpc.availabilityZoneNames).toHaveLength(3);
    expect(vpc).not.toHaveProperty("numberOfAvailabilityZones");
    expect(deployed.ofType("aws:ec2/flowLog:FlowLog")).toEqual([]);
  });
});

describe("an existing network", () => {
  test("gets security groups and nothing else", async () => {
    const deployed = await deployInMocks(() => new Network("net", existing));
    expect(deployed.resources.map(({ type }) => type).sort()).toEqual([
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/securityGroup:SecurityGroup",
      "mlops:index:Network",
    ]);
    expect(await valueOf(deployed.result.vpcId)).toBe("vpc-1");
    expect(await valueOf(deployed.result.privateSubnetIds)).toEqual(["subnet-1", "subnet-2"]);
    expect(await valueOf(deployed.result.publicSubnetIds)).toEqual([]);
  });

  test("gets the endpoints and flow logs that are asked for", async () => {
    const deployed = await deployInMocks(
      () => new Network("net", { ...existing, interfaceEndpointServices: ["sts"], flowLogs: true }),
    );
    expect(deployed.one(endpointType).inputs).toMatchObject({
      vpcId: "vpc-1",
      subnetIds: ["subnet-1", "subnet-2"],
    });
    expect(deployed.one("aws:ec2/flowLog:FlowLog").inputs.vpcId).toBe("vpc-1");
  });
});

const refused: [string, NetworkArgs, string[], RegExp][] = [
  [
    "an existing VPC and a range for a new one",
    { ...existing, cidrBlock: "10.0.0.0/16" },
    ["existingVpcId"],
    /existingVpcId and cidrBlock were both given/,
  ],
  [
    "an existing VPC without its subnets",
    { existingVpcId: "vpc-1" },
    ["existingPrivateSubnetIds"],
    /is missing/,
  ],
  [
    "a single existing subnet",
    { existingVpcId: "vpc-1", existingPrivateSubnetIds: ["subnet-1"] },
    ["existingPrivateSubnetIds"],
    /1 subnets were given; at least 2/,
  ],
  [
    "subnets of an unknown VPC",
    { existingPublicSubnetIds: ["subnet-1"] },
    ["existingPublicSubnetIds"],
    /without existingVpcId/,
  ],
  ["a range that is none", { cidrBlock: "10.0.0.256/16" }, ["cidrBlock"], /"10.0.0.256\/16" was given/],
  ["too small a range", { cidrBlock: "10.0.0.0/28" }, ["cidrBlock"], /28 was given; allowed is 16 to 24/],
  ["one zone", { availabilityZoneCount: 1 }, ["availabilityZoneCount"], /1 was given; allowed is 2 to 6/],
  [
    "a full endpoint name, and one twice",
    { interfaceEndpointServices: ["com.amazonaws.eu-west-1.sts", "kms", "kms"] },
    ["interfaceEndpointServices[0]", "interfaceEndpointServices[2]"],
    /give the service alone.*"kms" was given twice/,
  ],
  [
    "several faults at once",
    { availabilityZoneCount: 9, endpointClientCidrBlocks: ["10.0.0.0/8", "office"] },
    ["availabilityZoneCount", "endpointClientCidrBlocks[1]"],
    /9 was given.*"office" was given/,
  ],
];

test.each(refused)("refuses %s", async (_case, args, paths, message) => {
  const faults = await faultsOf(() => new Network("net", args));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});
