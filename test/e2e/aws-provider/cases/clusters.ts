import * as assert from "node:assert/strict";
import {
  DeleteAccessEntryCommand,
  DeleteAddonCommand,
  EKSClient,
  ListClustersCommand,
  TagResourceCommand,
} from "@aws-sdk/client-eks";
import * as eks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";

const account = "123456789012";
const key = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`;
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** What `getCluster` and `getClusterAuth` have to answer of the cluster. */
async function lookUp(name: string): Promise<void> {
  const [found, access] = await Promise.all([eks.getCluster({ name }), eks.getClusterAuth({ name })]);
  assert.equal(found.status, "ACTIVE");
  assert.match(found.endpoint, /^https:\/\//);
  assert.equal(found.certificateAuthorities.length, 1);
  assert.deepEqual([...found.enabledClusterLogTypes].sort(), logTypes);
  assert.match(access.token, /^k8s-aws-v1\./);
}

export const eksCase: ServiceCase = {
  service: "eks",
  async program(changed) {
    const roleArn = caseRoleArn("eks", "eks.amazonaws.com");
    const podRoleArn = caseRoleArn("pods", "pods.eks.amazonaws.com");
    const cluster = new eks.Cluster("serving", {
      name: "case-serving",
      version: "1.33",
      roleArn,
      vpcConfig: {
        subnetIds: ["subnet-1", "subnet-2"],
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
      },
      enabledClusterLogTypes: logTypes,
      encryptionConfig: { resources: ["secrets"], provider: { keyArn: key } },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      computeConfig: { enabled: true, nodePools: ["general-purpose", "system"], nodeRoleArn: roleArn },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      storageConfig: { blockStorage: { enabled: true } },
      bootstrapSelfManagedAddons: false,
      upgradePolicy: { supportType: "STANDARD" },
      tags: changed ? { stage: "b" } : { stage: "a" },
    });
    new eks.NodeGroup("nodes", {
      clusterName: cluster.name,
      nodeRoleArn: roleArn,
      subnetIds: ["subnet-1", "subnet-2"],
      scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 2 },
      instanceTypes: [changed ? "m7i.large" : "t3.large"],
      labels: { Role: "serving" },
      taints: [{ key: "gpu", value: "yes", effect: "NO_SCHEDULE" }],
    });
    new eks.Addon("metrics-server", {
      clusterName: cluster.name,
      addonName: "metrics-server",
      addonVersion: changed ? "v0.8.0-eksbuild.2" : "v0.8.0-eksbuild.1",
      resolveConflictsOnUpdate: "OVERWRITE",
    });
    const principalArn = `arn:aws:iam::${account}:role/case-promoter`;
    const entry = new eks.AccessEntry("promoter", {
      clusterName: cluster.name,
      principalArn,
      kubernetesGroups: changed ? ["mlops:promoters", "mlops:viewers"] : ["mlops:promoters"],
    });
    new eks.AccessPolicyAssociation("admin", {
      clusterName: cluster.name,
      principalArn: entry.principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      accessScope: changed ? { type: "cluster" } : { type: "namespace", namespaces: ["models"] },
    });
    new eks.PodIdentityAssociation("model", {
      clusterName: cluster.name,
      namespace: "models",
      serviceAccount: "model-server",
      roleArn: changed ? podRoleArn : roleArn,
    });
    if (!pulumi.runtime.isDryRun()) {
      cluster.name.apply(lookUp);
    }
  },
  updated: [
    "aws:eks/cluster:Cluster serving",
    "aws:eks/addon:Addon metrics-server",
    "aws:eks/accessEntry:AccessEntry promoter",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation model",
  ],
  replaced: [
    "aws:eks/nodeGroup:NodeGroup nodes",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation admin",
  ],
  async tamper({ aws }) {
    const client = new EKSClient(aws);
    const clusterName = "case-serving";
    await client.send(new DeleteAddonCommand({ clusterName, addonName: "metrics-server" }));
    await client.send(
      new DeleteAccessEntryCommand({
        clusterName,
        principalArn: `arn:aws:iam::${account}:role/case-promoter`,
      }),
    );
    const resourceArn = `arn:aws:eks:us-east-1:${account}:cluster/${clusterName}`;
    await client.send(new TagResourceCommand({ resourceArn, tags: { stage: "someone else's" } }));
  },
  repaired: ["aws:eks/cluster:Cluster serving"],
  recreated: [
    "aws:eks/addon:Addon metrics-server",
    "aws:eks/accessEntry:AccessEntry promoter",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation admin",
  ],
  async leftovers({ aws }) {
    return (await new EKSClient(aws).send(new ListClustersCommand({}))).clusters ?? [];
  },
};
