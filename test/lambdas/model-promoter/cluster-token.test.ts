import { clusterToken } from "../../../lambdas/model-promoter/cluster-token";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "session+/=" };
const signingDate = new Date("2026-01-10T12:00:00Z");

async function urlOf(clusterName: string, region = "eu-west-1"): Promise<URL> {
  const token = await clusterToken({ clusterName, region, credentials, signingDate });
  expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString("utf8"));
}

describe("the token for a cluster", () => {
  test("is a presigned GetCallerIdentity that signs the cluster's name", async () => {
    const url = await urlOf("serving");
    expect(url.origin + url.pathname).toBe("https://sts.eu-west-1.amazonaws.com/");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "AKIDEXAMPLE/20260110/eu-west-1/sts/aws4_request",
      "X-Amz-Date": "20260110T120000Z",
      "X-Amz-Expires": "60",
      "X-Amz-Security-Token": "session+/=",
      "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    });
    expect(url.searchParams.get("X-Amz-Signature")).toMatch(/^[0-9a-f]{64}$/);
  });

  test("of one cluster is worth nothing at another", async () => {
    const [one, other] = await Promise.all([urlOf("serving"), urlOf("other")]);
    expect(one.searchParams.get("X-Amz-Signature")).not.toBe(other.searchParams.get("X-Amz-Signature"));
  });

  test("goes to the region's own STS, in China too", async () => {
    expect((await urlOf("serving", "cn-north-1")).hostname).toBe("sts.cn-north-1.amazonaws.com.cn");
  });
});
