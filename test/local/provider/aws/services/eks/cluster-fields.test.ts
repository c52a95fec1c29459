import type { Cluster } from "@aws-sdk/client-eks";
import {
  type ClusterInputs,
  clusterProperties,
  createRequest,
  updateRequests,
} from "../../../../../../local/provider/aws/services/eks/cluster-fields";

const inputs: ClusterInputs = {
  name: "serving",
  roleArn: "arn:aws:iam::123456789012:role/eks",
  vpcConfig: { subnetIds: ["a", "b"], endpointPrivateAccess: true },
  enabledClusterLogTypes: ["audit", "api"],
  encryptionConfig: { resources: ["secrets"], provider: { keyArn: "key" } },
  upgradePolicy: { supportType: "STANDARD" },
};

it("asks for the log types that are on, and switches the others off", () => {
  expect(createRequest(inputs).logging?.clusterLogging).toEqual([
    { types: ["api", "audit"], enabled: true },
    { types: ["authenticator", "controllerManager", "scheduler"], enabled: false },
  ]);
});

it("writes the encryption as the list that the API takes", () => {
  expect(createRequest(inputs).encryptionConfig).toEqual([
    { resources: ["secrets"], provider: { keyArn: "key" } },
  ]);
});

// What AWS answers has more than what was asked for.
const outputs = {
  ...inputs,
  enabledClusterLogTypes: ["api", "audit"],
  vpcConfig: { ...inputs.vpcConfig, vpcId: "vpc-1", clusterSecurityGroupId: "sg-1" },
};

it.each<[string, Partial<ClusterInputs>, string[][]]>([
  ["nothing", {}, []],
  ["tags alone", { tags: { a: "b" } }, []],
  [
    "the endpoint",
    { vpcConfig: { ...inputs.vpcConfig, endpointPrivateAccess: false } },
    [["resourcesVpcConfig"]],
  ],
  ["a log type", { enabledClusterLogTypes: ["api"] }, [["logging"]]],
  ["no logs any more", { enabledClusterLogTypes: undefined }, [["logging"]]],
  [
    "Auto Mode, one change in several settings",
    { computeConfig: { enabled: true }, storageConfig: { blockStorage: { enabled: true } } },
    [["computeConfig", "storageConfig"]],
  ],
  [
    "two settings, one request each",
    { upgradePolicy: { supportType: "EXTENDED" }, deletionProtection: true },
    [["upgradePolicy"], ["deletionProtection"]],
  ],
])("changes %s with as few requests as EKS allows", (_what, change, expected) => {
  expect(updateRequests(outputs, { ...inputs, ...change }).map(Object.keys)).toEqual(expected);
});

it("keeps what an answer leaves out, and takes what it holds", () => {
  const answer = {
    name: "serving",
    identity: { oidc: { issuer: "https://issuer" } },
    certificateAuthority: { data: "LS0t" },
    logging: {
      clusterLogging: [
        { types: ["api"], enabled: true },
        { types: ["audit"], enabled: false },
      ],
    },
    resourcesVpcConfig: { endpointPrivateAccess: false, vpcId: "vpc-1" },
    kubernetesNetworkConfig: { serviceIpv4Cidr: "10.100.0.0/16" },
  } as Cluster;
  const known = { ...inputs, kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } } };
  expect(clusterProperties(answer, known)).toMatchObject({
    certificateAuthority: { data: "LS0t" },
    identities: [{ oidcs: [{ issuer: "https://issuer" }] }],
    enabledClusterLogTypes: ["api"],
    vpcConfig: { subnetIds: ["a", "b"], endpointPrivateAccess: false, vpcId: "vpc-1" },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true }, serviceIpv4Cidr: "10.100.0.0/16" },
  });
  expect(clusterProperties(answer, known)).not.toHaveProperty("upgradePolicy");
});
