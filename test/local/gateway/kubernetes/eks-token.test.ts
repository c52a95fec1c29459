import { principalOf, readToken } from "../../../../local/gateway/kubernetes/eks-token";

const signed = "20300101T000000Z";
const now = Date.UTC(2030, 0, 1) / 1000;

function token(changes: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams();
  const fields = {
    Action: "GetCallerIdentity",
    Version: "2011-06-15",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKID/20300101/us-east-1/sts/aws4_request",
    "X-Amz-Date": signed,
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    "X-Amz-Signature": "a".repeat(64),
    ...changes,
  };
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value);
  return `k8s-aws-v1.${Buffer.from(`https://sts.us-east-1.amazonaws.com/?${query}`).toString("base64url")}`;
}

describe("readToken", () => {
  it("gives the presigned request back as it was signed", () => {
    const read = readToken(token(), now);
    expect(read).toMatchObject({ token: { host: "sts.us-east-1.amazonaws.com" } });
    expect("token" in read && read.token.pathAndQuery).toMatch(
      /^\/\?Action=GetCallerIdentity&.*X-Amz-Signature=a{64}$/,
    );
  });

  it("takes a token for fifteen minutes, however short its address lives", () => {
    expect(readToken(token(), now + 899)).toHaveProperty("token");
    expect(readToken(token(), now + 901)).toEqual({
      refusal: "the token was signed 901 s ago; a token lives 900 s",
    });
  });

  test.each<[string, string, RegExp]>([
    ["another kind of token", "eyJhbGciOi", /does not start with k8s-aws-v1\./],
    ["no address", "k8s-aws-v1.bm90IGEgdXJs", /holds no address/],
    ["another action", token({ Action: "AssumeRole" }), /does not ask for GetCallerIdentity/],
    [
      "another service",
      token({ "X-Amz-Credential": "AKID/20300101/us-east-1/s3/aws4_request" }),
      /not signed for STS/,
    ],
    ["no signed cluster", token({ "X-Amz-SignedHeaders": "host" }), /does not sign x-k8s-aws-id/],
    ["no signature", token({ "X-Amz-Signature": undefined }), /no signature/],
    ["no date", token({ "X-Amz-Date": undefined }), /no X-Amz-Date/],
    ["a date to come", token({ "X-Amz-Date": "20300101T001000Z" }), /in the future/],
  ])("refuses %s", (_case, bearer, refusal) => {
    expect((readToken(bearer, now) as { refusal: string }).refusal).toMatch(refusal);
  });
});

test.each([
  [
    "arn:aws:sts::123456789012:assumed-role/promoter/session-1",
    { arn: "arn:aws:iam::123456789012:role/promoter", sessionName: "session-1" },
  ],
  ["arn:aws:iam::123456789012:user/dora", { arn: "arn:aws:iam::123456789012:user/dora" }],
])("the principal of %s", (arn, principal) => {
  expect(principalOf(arn)).toEqual(principal);
});
