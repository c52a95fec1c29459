import { type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const bucket = resource("aws:s3/bucket:Bucket", "raw", { bucket: "raw-1" });
const deny = (more: object = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::raw-1", "arn:aws:s3:::raw-1/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
  ...more,
});
const policy = (statement: object) =>
  resource("aws:s3/bucketPolicy:BucketPolicy", "raw-policy", {
    bucket: "raw-1",
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
  });

export const s3TlsOnlyCases: PolicyCases = {
  passing: [
    { it: "denies plain HTTP", resources: [bucket, policy(deny())] },
    { it: "names AWS everybody", resources: [bucket, policy(deny({ Principal: { AWS: "*" } }))] },
    {
      it: "has a structured policy and a bucket without a known name",
      resources: [
        resource("aws:s3/bucket:Bucket", "raw", { bucket: unknown }),
        resource(
          "aws:s3/bucketPolicy:BucketPolicy",
          "raw-policy",
          { bucket: unknown, policy: { Statement: deny() } },
          { computedFrom: { bucket: ["raw"] } },
        ),
      ],
    },
  ],
  failing: [
    { it: "has no policy", resources: [bucket], violations: [["raw", "has no bucket policy"]] },
    {
      it: "allows",
      resources: [bucket, policy(deny({ Effect: "Allow" }))],
      violations: [["raw", "accepts plain HTTP"]],
    },
    {
      it: "denies one action",
      resources: [bucket, policy(deny({ Action: "s3:GetObject" }))],
      violations: [["raw", "accepts plain HTTP"]],
    },
    {
      it: "denies one caller",
      resources: [bucket, policy(deny({ Principal: { AWS: "123456789012" } }))],
      violations: [["raw", "accepts plain HTTP"]],
    },
    {
      it: "denies TLS",
      resources: [bucket, policy(deny({ Condition: { Bool: { "aws:SecureTransport": "true" } } }))],
      violations: [["raw", "accepts plain HTTP"]],
    },
    {
      it: "denies only under a further condition",
      resources: [
        bucket,
        policy(
          deny({
            Condition: {
              Bool: { "aws:SecureTransport": "false" },
              StringEquals: { "aws:PrincipalOrgID": "o-1" },
            },
          }),
        ),
      ],
      violations: [["raw", "accepts plain HTTP"]],
    },
    {
      it: "forgets the objects",
      resources: [bucket, policy(deny({ Resource: "arn:aws:s3:::raw-1" }))],
      violations: [["raw", "only for arn:aws:s3:::raw-1"]],
    },
    {
      it: "names another bucket",
      resources: [bucket, policy(deny({ Resource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] }))],
      violations: [["raw", "only for arn:aws:s3:::other"]],
    },
  ],
  unknown: [
    {
      it: "has a policy that is not known",
      resources: [
        bucket,
        resource("aws:s3/bucketPolicy:BucketPolicy", "p", { bucket: "raw-1", policy: unknown }),
      ],
      undecided: ["raw"],
    },
  ],
  notApplicable: [{ it: "has no bucket", resources: [unrelated] }],
};
