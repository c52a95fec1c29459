import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";

const tokenPrefix = "k8s-aws-v1.";
/** The longest that EKS accepts; the token itself stays valid for 15 minutes. */
const expiresInSeconds = 60;

/** Whose token, and for which cluster. */
export interface TokenRequest {
  clusterName: string;
  region: string;
  credentials: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
  /** Time of the signature. @default now */
  signingDate?: Date;
}

/**
 * Bearer token for an EKS cluster: a presigned STS GetCallerIdentity bound to the cluster by the signed header
 * `x-k8s-aws-id`. Format: https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 */
export async function clusterToken({
  clusterName,
  region,
  credentials,
  signingDate,
}: TokenRequest): Promise<string> {
  const hostname = `sts.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`;
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      headers: { host: hostname, "x-k8s-aws-id": clusterName },
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    },
    { expiresIn: expiresInSeconds, signingDate },
  );
  const parameters = new URLSearchParams(query as Record<string, string>);
  const url = `https://${hostname}/?${parameters.toString().replaceAll("+", "%20")}`;
  return tokenPrefix + Buffer.from(url).toString("base64url");
}
