import { sideResourcesOf } from "../shared/join";
import { flagAt, isGiven, textAt } from "../shared/read";
import { s3 } from "../shared/resource-types";
import { stackPolicy } from "../shared/stack-policy";
import { securityBestPractice } from "../shared/standards";

export const s3Versioned = stackPolicy({
  id: "s3-versioned",
  description: "Buckets keep earlier versions of their objects.",
  severity: "high",
  pillar: "reliability",
  framework: securityBestPractice("S3.14", "S3 general purpose buckets should have versioning enabled"),
  sources: ["CKV_AWS_21", "HIPAA 164.308(a)(7)"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
  remediationSteps:
    "Give the bucket a BucketVersioning with versioningConfiguration.status Enabled, and a lifecycle rule that expires noncurrent versions.",
  types: s3.buckets,
  check: (bucket, stack) => {
    const required = "versioning must be Enabled";
    const wayOut = "give the bucket a BucketVersioning with versioningConfiguration.status Enabled";
    const versionings = sideResourcesOf(bucket, stack.resources, s3.versioning);
    if (versionings.length === 0) {
      if (isGiven(bucket.props, "versioning") && flagAt(bucket.props, "versioning", "enabled") === true)
        return;
      return stack.report(bucket, { found: "has no versioning", required, wayOut });
    }
    for (const versioning of versionings) {
      const status = textAt(versioning.props, "versioningConfiguration", "status");
      if (status === "Enabled") continue;
      stack.report(bucket, {
        found: `has versioning with the status ${status ?? "unset"}`,
        required,
        wayOut,
      });
    }
  },
});
