import { type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const bucket = resource("aws:s3/bucket:Bucket", "raw", { bucket: "raw-1" });
const flags = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const block = (props: Record<string, unknown>) =>
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "raw-block", {
    bucket: "raw-1",
    ...props,
  });

export const s3BlockPublicCases: PolicyCases = {
  passing: [{ it: "blocks everything", resources: [bucket, block(flags)] }],
  failing: [
    { it: "has no block", resources: [bucket], violations: [["raw", "no public access block"]] },
    {
      it: "leaves two flags out",
      resources: [bucket, block({ ...flags, blockPublicPolicy: false, restrictPublicBuckets: undefined })],
      violations: [["raw", "without blockPublicPolicy, restrictPublicBuckets"]],
    },
  ],
  unknown: [
    {
      it: "has a flag that is not known",
      resources: [bucket, block({ ...flags, ignorePublicAcls: unknown })],
      undecided: ["raw"],
    },
  ],
  notApplicable: [{ it: "has no bucket", resources: [unrelated] }],
};
