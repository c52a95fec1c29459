import { Sha256 } from "@aws-crypto/sha256-js";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import type { FunctionHandler, HandlerContext, Properties } from "../../framework/types";
import { clusterProperties } from "./cluster-fields";
import { readTags } from "./tagging";

/** A structure that the resource has once is a list in the answer of the function. */
function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : [value];
}

export const getCluster: FunctionHandler = {
  token: "aws:eks/getCluster:getCluster",
  async invoke(args, context) {
    const name = String(args.name);
    const { cluster } = await context.client(EKSClient).send(new DescribeClusterCommand({ name }));
    if (!cluster) throw new Error(`there is no EKS cluster ${name} in ${context.region}`);
    const { accessConfig, certificateAuthority, computeConfig, ...rest } = clusterProperties(cluster, {});
    const { kubernetesNetworkConfig, storageConfig, upgradePolicy, zonalShiftConfig, ...plain } = rest;
    return {
      ...plain,
      id: name,
      region: context.region,
      tags: await readTags(cluster.arn, context),
      clusterId: cluster.id ?? "",
      deletionProtection: cluster.deletionProtection ?? false,
      accessConfigs: listOf(accessConfig),
      certificateAuthorities: listOf(certificateAuthority),
      computeConfigs: listOf(computeConfig),
      kubernetesNetworkConfigs: listOf(kubernetesNetworkConfig),
      storageConfigs: listOf(storageConfig),
      upgradePolicies: listOf(upgradePolicy),
      zonalShiftConfigs: listOf(zonalShiftConfig),
      controlPlaneScalingConfigs: [],
      kubeApiServerConfigs: [],
      kubeControllerManagerConfigs: [],
      kubeSchedulerConfigs: [],
      outpostConfigs: [],
      remoteNetworkConfigs: [],
    };
  },
};

/** Seconds for which EKS accepts a token's signature. */
const tokenSeconds = 60;

/** The token that `aws eks get-token` prints: a signed request that tells STS who the caller is. */
async function bearerToken(clusterName: string, context: HandlerContext): Promise<string> {
  const sts = context.client(STSClient);
  const { credentials } = sts.config;
  const hostname = `sts.${context.region}.amazonaws.com`;
  const signer = new SignatureV4({ service: "sts", region: context.region, credentials, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host: hostname, "x-k8s-aws-id": clusterName },
    },
    { expiresIn: tokenSeconds },
  );
  const query = new URLSearchParams(signed.query as Record<string, string>).toString();
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query}`).toString("base64url")}`;
}

export const getClusterAuth: FunctionHandler = {
  token: "aws:eks/getClusterAuth:getClusterAuth",
  async invoke(args, context): Promise<Properties> {
    const name = String(args.name);
    return { id: name, name, region: context.region, token: await bearerToken(name, context) };
  },
};
