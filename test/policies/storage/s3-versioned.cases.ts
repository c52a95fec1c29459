import { type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const bucket = resource("aws:s3/bucket:Bucket", "raw", { bucket: "raw-1" });
const versioning = (status: string) =>
  resource("aws:s3/bucketVersioning:BucketVersioning", "raw-versions", {
    bucket: "raw-1",
    versioningConfiguration: { status },
  });

export const s3VersionedCases: PolicyCases = {
  passing: [
    { it: "is versioned", resources: [bucket, versioning("Enabled")] },
    {
      it: "is versioned inline",
      resources: [
        resource("aws:s3/bucket:Bucket", "raw", { bucket: "raw-1", versioning: { enabled: true } }),
      ],
    },
  ],
  failing: [
    { it: "has no versioning", resources: [bucket], violations: [["raw", "has no versioning"]] },
    {
      it: "has suspended it",
      resources: [bucket, versioning("Suspended")],
      violations: [["raw", "status Suspended"]],
    },
  ],
  unknown: [
    { it: "has a status that is not known", resources: [bucket, versioning(unknown)], undecided: ["raw"] },
  ],
  notApplicable: [{ it: "has no bucket", resources: [unrelated] }],
};
