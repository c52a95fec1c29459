import { type Fixture, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const bucket = resource("aws:s3/bucket:Bucket", "raw", { bucket: "raw-1" });
const encryption = (rule: Record<string, unknown>, more: Partial<Fixture> = {}) => ({
  ...resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "raw-sse",
    {
      bucket: "raw-1",
      rules: [rule],
    },
  ),
  ...more,
});
const rule = (sseAlgorithm: string, kmsMasterKeyId?: string, bucketKeyEnabled = true) => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId },
  bucketKeyEnabled,
});
const keyArn = "arn:aws:kms:us-east-1:123456789012:key/1";
const unknownBucket = resource("aws:s3/bucket:Bucket", "raw", { bucket: unknown });
const unknownSide = (computedFrom: Record<string, string[]>, kmsMasterKeyId: string = keyArn) => ({
  ...encryption(rule("aws:kms", kmsMasterKeyId)),
  props: { bucket: unknown, rules: [rule("aws:kms", kmsMasterKeyId)] },
  computedFrom,
});
const key = resource("aws:kms/key:Key", "key", {});

export const s3KmsCmkCases: PolicyCases = {
  passing: [
    { it: "has a key and a bucket key", resources: [bucket, encryption(rule("aws:kms", keyArn))] },
    {
      it: "uses the older type names",
      resources: [
        resource("aws:s3/bucketV2:BucketV2", "raw", { bucket: "raw-1" }),
        encryption(rule("aws:kms", keyArn), {
          type: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
        }),
      ],
    },
    {
      it: "is joined by dependency before its name is known",
      resources: [unknownBucket, unknownSide({ bucket: ["raw"] })],
    },
    {
      it: "takes a key of the stack that is not known yet",
      resources: [unknownBucket, key, unknownSide({ bucket: ["raw"], rules: ["key"] }, unknown)],
    },
    {
      it: "takes access logs, which S3 delivers only without KMS",
      resources: [
        bucket,
        encryption(rule("AES256")),
        resource("aws:s3/bucketLogging:BucketLogging", "log", { bucket: "other", targetBucket: "raw-1" }),
      ],
    },
    {
      it: "is encrypted inline",
      resources: [
        resource("aws:s3/bucket:Bucket", "raw", {
          bucket: "raw-1",
          serverSideEncryptionConfiguration: { rule: rule("aws:kms", keyArn) },
        }),
      ],
    },
  ],
  failing: [
    {
      it: "uses AES256 while only another bucket takes access logs",
      resources: [
        bucket,
        encryption(rule("AES256")),
        resource("aws:s3/bucketLogging:BucketLogging", "log", { bucket: "raw-1", targetBucket: "logs-1" }),
      ],
      violations: [["raw", "with AES256"]],
    },
    { it: "has no encryption", resources: [bucket], violations: [["raw", "has no default encryption"]] },
    {
      it: "has encryption of another bucket",
      resources: [
        bucket,
        {
          ...encryption(rule("aws:kms", keyArn)),
          props: { bucket: "other", rules: [rule("aws:kms", keyArn)] },
        },
      ],
      violations: [["raw", "has no default encryption"]],
    },
    {
      it: "uses AES256",
      resources: [bucket, encryption(rule("AES256"))],
      violations: [["raw", "with AES256"]],
    },
    {
      it: "uses the key of AWS",
      resources: [bucket, encryption(rule("aws:kms"))],
      violations: [["raw", "AWS manages"]],
    },
    {
      it: "uses the alias of AWS",
      resources: [bucket, encryption(rule("aws:kms", "alias/aws/s3"))],
      violations: [["raw", "AWS manages"]],
    },
    {
      it: "has no bucket key",
      resources: [bucket, encryption(rule("aws:kms", keyArn, false))],
      violations: [["raw", "bucket key off"]],
    },
    {
      it: "is not hidden by an undecided bucket",
      resources: [
        resource("aws:s3/bucket:Bucket", "other", { bucket: "o" }),
        unknownBucket,
        unknownSide({ bucket: ["raw"] }, unknown),
      ],
      violations: [["other", "has no default encryption"]],
    },
  ],
  unknown: [
    {
      it: "takes a key from elsewhere",
      resources: [unknownBucket, unknownSide({ bucket: ["raw"] }, unknown)],
      undecided: ["raw"],
    },
  ],
  notApplicable: [{ it: "has no bucket", resources: [unrelated] }],
};
