import { sideResourcesOf } from "../shared/join";
import { flagAt } from "../shared/read";
import { s3 } from "../shared/resource-types";
import { stackPolicy } from "../shared/stack-policy";
import { securityBestPractice } from "../shared/standards";

const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const s3BlockPublic = stackPolicy({
  id: "s3-block-public",
  description: "Buckets block every form of public access.",
  severity: "critical",
  pillar: "security",
  framework: securityBestPractice("S3.8", "S3 general purpose buckets should block public access"),
  sources: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6", "S3.2", "S3.3"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  remediationSteps: `Give the bucket a BucketPublicAccessBlock with ${flags.join(", ")} all true.`,
  types: s3.buckets,
  check: (bucket, stack) => {
    const required = "all four flags of its public access block must be true";
    const blocks = sideResourcesOf(bucket, stack.resources, s3.publicAccessBlock);
    if (blocks.length === 0) {
      const wayOut = "give the bucket a BucketPublicAccessBlock";
      return stack.report(bucket, { found: "has no public access block", required, wayOut });
    }
    for (const block of blocks) {
      const off = flags.filter((flag) => flagAt(block.props, flag) !== true);
      if (off.length === 0) continue;
      const found = `has a public access block without ${off.join(", ")}`;
      stack.report(bucket, { found, required, wayOut: `set ${off.join(" and ")} to true` });
    }
  },
});
