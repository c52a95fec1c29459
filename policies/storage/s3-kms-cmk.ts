import type { PolicyResource } from "@pulumi/policy";

import { refersTo, sideResourcesOf } from "../shared/join";
import { flagAt, isGiven, isUnknownValueError, listAt, textAt } from "../shared/read";
import { kmsKey, s3 } from "../shared/resource-types";
import { stackPolicy } from "../shared/stack-policy";
import { securityBestPractice } from "../shared/standards";

const wayOut =
  "give the bucket a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms, kmsMasterKeyId and bucketKeyEnabled";

/** Whether the key is one that the account manages; a key made in this stack is known as such before its ARN is. */
function hasCustomerKey(configuration: PolicyResource, rule: unknown): boolean {
  try {
    const key = textAt(rule, "applyServerSideEncryptionByDefault", "kmsMasterKeyId");
    return key !== undefined && !key.endsWith("alias/aws/s3");
  } catch (error) {
    if (!isUnknownValueError(error)) throw error;
    const sources = configuration.propertyDependencies["rules"] ?? configuration.dependencies;
    if (sources.some(({ type }) => type === kmsKey)) return true;
    throw error;
  }
}

/** What is found where S3 encrypts with keys of its own. */
const ownKeys = "encrypts new objects with AES256";

function faultOf(configuration: PolicyResource, rule: unknown): string | undefined {
  const algorithm = textAt(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm");
  if (algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") {
    return `encrypts new objects with ${algorithm ?? "no algorithm"}`;
  }
  if (!hasCustomerKey(configuration, rule)) return "encrypts new objects with a key that AWS manages";
  if (algorithm === "aws:kms" && flagAt(rule, "bucketKeyEnabled") !== true) return "has its bucket key off";
  return undefined;
}

/** S3 delivers access logs only to buckets that it encrypts with its own keys: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
function takesAccessLogs(bucket: PolicyResource, resources: PolicyResource[]): boolean {
  return resources.some(
    (resource) =>
      s3.logging.includes(resource.type) &&
      refersTo(resource, ["targetBucket"], bucket, ["bucket", "id", "arn"]),
  );
}

export const s3KmsCmk = stackPolicy({
  id: "s3-kms-cmk",
  description: "Buckets encrypt new objects with a KMS key of the account, through a bucket key.",
  severity: "high",
  pillar: "security",
  framework: securityBestPractice(
    "S3.17",
    "S3 general purpose buckets should be encrypted at rest with AWS KMS keys",
  ),
  sources: ["CKV_AWS_19", "CKV_AWS_145", "GDPR Art. 32", "HIPAA 164.312(a)(2)(iv)"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html",
  remediationSteps: `Make a KMS key, let the bucket's readers and writers use it, and ${wayOut}. A bucket that takes S3 access logs may stay at AES256.`,
  types: s3.buckets,
  check: (bucket, stack) => {
    const required = "it must encrypt by default with aws:kms, a customer managed key and a bucket key";
    const configurations = sideResourcesOf(bucket, stack.resources, s3.encryption);
    const rules = configurations.flatMap((configuration) =>
      listAt(configuration.props, "rules").map((rule) => ({ configuration, rule })),
    );
    if (rules.length === 0) {
      const inline = isGiven(bucket.props, "serverSideEncryptionConfiguration", "rule");
      const rule = inline ? listAt(bucket.props, "serverSideEncryptionConfiguration", "rule")[0] : undefined;
      if (rule === undefined)
        return stack.report(bucket, { found: "has no default encryption", required, wayOut });
      rules.push({ configuration: bucket, rule });
    }
    for (const { configuration, rule } of rules) {
      const found = faultOf(configuration, rule);
      if (found === ownKeys && takesAccessLogs(bucket, stack.resources)) continue;
      if (found !== undefined) stack.report(bucket, { found, required, wayOut });
    }
  },
});
