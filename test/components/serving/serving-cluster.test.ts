import * as pulumi from "@pulumi/pulumi";

import { ServingCluster, ServingClusterArgs } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, MockedDeployment, mockRegion, valueOf } from "../../support/pulumi-mocks";

const clusterType = "aws:eks/cluster:Cluster";
const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/cluster";
const args: ServingClusterArgs = { kubernetesVersion: "1.34", subnetIds: ["subnet-1", "subnet-2"] };
const deploy = (more: ServingClusterArgs = {}): Promise<MockedDeployment<ServingCluster>> =>
  deployInMocks(() => new ServingCluster("serving", { ...args, ...more }));

const addOns = (deployed: MockedDeployment<unknown>): string[] =>
  deployed
    .ofType("aws:eks/addon:Addon")
    .map(({ inputs }) => inputs.addonName as string)
    .sort();

/** Names of the managed policies of a role. */
const managedPolicies = (deployed: MockedDeployment<unknown>, role: string): string[] =>
  deployed
    .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter(({ inputs }) => inputs.role === `${role}-1234567`)
    .map(({ inputs }) => (inputs.policyArn as string).split("/").slice(-1)[0] as string)
    .sort();

describe("the control plane", () => {
  test("is reached inside the VPC only, keeps every log, and encrypts secrets", async () => {
    const deployed = await deploy({ kmsKeyArn });
    expect(deployed.one(clusterType).inputs).toMatchObject({
      version: "1.34",
      vpcConfig: {
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
        subnetIds: ["subnet-1", "subnet-2"],
      },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      encryptionConfig: { resources: ["secrets"], provider: { keyArn: kmsKeyArn } },
      accessConfig: { authenticationMode: "API" },
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection: true,
    });
  });

  test("opens to named ranges when asked", async () => {
    const deployed = await deploy({ publicAccessCidrBlocks: ["192.0.2.0/24"] });
    expect(deployed.one(clusterType).inputs.vpcConfig).toMatchObject({
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["192.0.2.0/24"],
    });
  });

  test("finds its log group waiting under its name", async () => {
    const deployed = await deploy();
    const logGroup = deployed.one("aws:cloudwatch/logGroup:LogGroup");
    const cluster = deployed.one(clusterType);
    expect(logGroup.inputs).toMatchObject({
      name: `/aws/eks/${cluster.inputs.name as string}/cluster`,
      retentionInDays: 30,
    });
    expect(cluster.dependencies).toContain(logGroup.urn);
  });

  test("waits for the rights of its role", async () => {
    const deployed = await deploy();
    const attachments = deployed
      .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ urn }) => urn);
    expect(attachments.length).toBeGreaterThan(0);
    expect(deployed.one(clusterType).dependencies).toEqual(expect.arrayContaining(attachments));
  });

  test("can be deleted only when the caller gave up its safety", async () => {
    const careful = (await deploy()).one(clusterType);
    const careless = (await deploy({ forceDestroy: true })).one(clusterType);
    expect([careful.protect, careful.inputs.deletionProtection]).toEqual([true, true]);
    expect([careless.protect, careless.inputs.deletionProtection]).toEqual([false, false]);
  });
});

describe("Auto Mode", () => {
  test("switches on nodes, load balancers and volumes together", async () => {
    const deployed = await deploy();
    expect(deployed.one(clusterType).inputs).toMatchObject({
      computeConfig: { enabled: true, nodePools: ["general-purpose", "system"] },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
      bootstrapSelfManagedAddons: false,
    });
    expect(addOns(deployed)).toEqual(["metrics-server"]);
    expect(managedPolicies(deployed, "serving-nodes")).toEqual([
      "AmazonEC2ContainerRegistryPullOnly",
      "AmazonEKSWorkerNodeMinimalPolicy",
    ]);
    expect(managedPolicies(deployed, "serving-control-plane")).toContain("AmazonEKSComputePolicy");
  });
});

describe("a node group", () => {
  const nodeGroup = { instanceTypes: ["m7i.large"], minimumSize: 0, maximumSize: 6 };

  test("replaces Auto Mode and leaves the number of nodes to the autoscaler", async () => {
    const deployed = await deploy({ nodeGroup });
    expect(deployed.one(clusterType).inputs).not.toHaveProperty("computeConfig");
    const group = deployed.one("aws:eks/nodeGroup:NodeGroup");
    expect(group.inputs.scalingConfig).toEqual({ minSize: 0, maxSize: 6, desiredSize: 1 });
    expect(group.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
    expect(managedPolicies(deployed, "serving-control-plane")).toEqual(["AmazonEKSClusterPolicy"]);
  });

  test("has encrypted disks and hides the metadata service from pods", async () => {
    const deployed = await deploy({ nodeGroup });
    expect(deployed.one("aws:ec2/launchTemplate:LaunchTemplate").inputs).toMatchObject({
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ ebs: { encrypted: "true", volumeSize: 50 } }],
    });
  });

  test("brings its add-ons in an order in which nodes become ready", async () => {
    const deployed = await deploy({ nodeGroup, addOnVersions: { "vpc-cni": "v1.20.0-eksbuild.1" } });
    expect(addOns(deployed)).toEqual([
      "coredns",
      "eks-pod-identity-agent",
      "kube-proxy",
      "metrics-server",
      "vpc-cni",
    ]);
    const group = deployed.one("aws:eks/nodeGroup:NodeGroup");
    const networking = deployed.one("aws:eks/addon:Addon", "serving-vpc-cni");
    expect(networking.inputs.addonVersion).toBe("v1.20.0-eksbuild.1");
    expect(group.dependencies).toContain(networking.urn);
    expect(networking.dependencies).not.toContain(group.urn);
    expect(deployed.one("aws:eks/addon:Addon", "serving-coredns").dependencies).toContain(group.urn);
  });
});

test("what others join the cluster by comes from the cluster", async () => {
  const { result } = await deploy();
  expect(await valueOf(result.clusterName)).toBe("test-serving");
  expect(await valueOf(result.endpoint)).toBe("https://cluster.test");
  expect(await valueOf(result.clusterSecurityGroupId)).toBe("sg-cluster");
  expect(await valueOf(result.oidcIssuer)).toBe("https://oidc.test/id");
});

test("an emulated cluster without issuer, certificate and security group is one all the same", async () => {
  const bare = {
    id: "bare",
    endpoint: "https://bare.test",
    certificateAuthority: {},
    identities: [],
    vpcConfig: {},
  };
  const { result } = await deployInMocks(() => new ServingCluster("serving", args), {
    outputs: { [clusterType]: () => bare },
  });
  expect(await valueOf(result.oidcIssuer)).toBe("");
  expect(await valueOf(result.certificateAuthorityData)).toBe("");
  expect(await valueOf(result.clusterSecurityGroupId)).toBe("");
});

test("administrators get an access entry each, under a name that survives reordering", async () => {
  const principal = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
  const deployed = await deploy({ administrators: { operators: principal("a"), deployers: principal("b") } });
  const association = deployed.one(
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "serving-deployers",
  );
  expect(association.inputs).toMatchObject({
    principalArn: principal("b"),
    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    accessScope: { type: "cluster" },
  });
  expect(association.parentUrn).toBe(
    deployed.one("aws:eks/accessEntry:AccessEntry", "serving-deployers").urn,
  );
  expect(deployed.ofType("aws:eks/accessEntry:AccessEntry")).toHaveLength(2);
});

describe("the kubeconfig", () => {
  test("is a secret that points at the cluster and signs in with the AWS CLI", async () => {
    const { result } = await deploy();
    expect(await pulumi.isSecret(result.kubeconfig)).toBe(true);
    const config = JSON.parse(await valueOf(result.kubeconfig)) as {
      clusters: { cluster: object }[];
      users: { user: { exec: { command: string; args: string[] } } }[];
    };
    expect(config.clusters[0]?.cluster).toEqual({
      server: "https://cluster.test",
      "certificate-authority-data": "Q0E=",
    });
    const exec = config.users[0]?.user.exec;
    expect([exec?.command, ...(exec?.args ?? [])].join(" ")).toBe(
      `aws eks get-token --cluster-name test-serving --region ${mockRegion} --output json`,
    );
  });
});

test("an existing cluster is looked up and nothing is created", async () => {
  const deployed = await deployInMocks(
    () => new ServingCluster("serving", { existingClusterName: "shared" }),
  );
  expect(deployed.resources.map(({ type }) => type)).toEqual(["mlops:index:ServingCluster"]);
  const { result } = deployed;
  expect(await valueOf(result.clusterName)).toBe("shared");
  expect(await valueOf(result.endpoint)).toBe("https://existing-cluster.test");
  expect(await valueOf(result.certificateAuthorityData)).toBe("RVhJU1RJTkc=");
  expect(await valueOf(result.clusterSecurityGroupId)).toBe("sg-existing");
  expect(await valueOf(result.oidcIssuer)).toBe("https://oidc.test/existing");
});

const refused: [string, ServingClusterArgs, string[], RegExp][] = [
  [
    "an existing cluster and the shape of a new one",
    { existingClusterName: "shared", kubernetesVersion: "1.34", administrators: {} },
    ["existingClusterName", "existingClusterName"],
    /existingClusterName and kubernetesVersion were both given.*existingClusterName and administrators/,
  ],
  [
    "nothing to go by",
    {},
    ["kubernetesVersion", "subnetIds"],
    /kubernetesVersion: is missing.*subnetIds: is missing/,
  ],
  [
    "a version that floats",
    { ...args, kubernetesVersion: "latest" },
    ["kubernetesVersion"],
    /"latest" was given/,
  ],
  ["one subnet", { ...args, subnetIds: ["subnet-1"] }, ["subnetIds"], /fewer than 2 were given/],
  [
    "the whole internet",
    { ...args, publicAccessCidrBlocks: ["192.0.2.0/24", "0.0.0.0/0"] },
    ["publicAccessCidrBlocks[1]"],
    /lets the whole internet in/,
  ],
  [
    "more nodes at least than at most",
    { ...args, nodeGroup: { instanceTypes: [], minimumSize: 7, maximumSize: 6 } },
    ["nodeGroup.instanceTypes", "nodeGroup.minimumSize"],
    /7 was given; allowed is at most nodeGroup.maximumSize \(6\)/,
  ],
  [
    "versions of add-ons that are none",
    { ...args, addOnVersions: { karpenter: "v1" } },
    ['addOnVersions["karpenter"]'],
    /is no add-on of the cluster/,
  ],
];

test.each(refused)("refuses %s", async (_case, wrong, paths, message) => {
  const faults = await faultsOf(() => new ServingCluster("serving", wrong));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});
