import type * as pulumi from "@pulumi/pulumi";

import { DataLake, DataLakeArgs } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import {
  deployInMocks,
  MockedDeployment,
  MockedResource,
  parsePolicy,
  valueOf,
} from "../../support/pulumi-mocks";

const zones = ["raw", "curated", "features", "quarantine", "captures"] as const;
const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/lake";

/** The only setting of a kind that belongs to a bucket: below it in the tree and naming it. */
function settingOf(deployed: MockedDeployment<unknown>, bucket: MockedResource, kind: string): pulumi.Inputs {
  const type = `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
  const settings = deployed.ofType(type).filter(({ inputs }) => inputs.bucket === `${bucket.name}-1234567`);
  expect(settings.map(({ parentUrn }) => parentUrn)).toEqual([bucket.urn]);
  return settings[0]?.inputs as pulumi.Inputs;
}

describe("every bucket of the lake", () => {
  let deployed: MockedDeployment<DataLake>;
  const names = [...zones, "query-results", "logs"].map((zone) => `lake-${zone}`);
  const bucketNamed = (name: string): MockedResource => deployed.one("aws:s3/bucket:Bucket", name);

  beforeAll(async () => {
    deployed = await deployInMocks(() => new DataLake("lake", { kmsKeyArn }));
  });

  test("is one of those the lake promises", () => {
    expect(
      deployed
        .ofType("aws:s3/bucket:Bucket")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...names].sort());
  });

  test.each(names)("%s is private, versioned, without ACLs, and refuses plain HTTP", (name) => {
    const bucket = bucketNamed(name);
    expect(settingOf(deployed, bucket, "BucketPublicAccessBlock")).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(settingOf(deployed, bucket, "BucketVersioning").versioningConfiguration).toEqual({
      status: "Enabled",
    });
    expect(settingOf(deployed, bucket, "BucketOwnershipControls").rule).toEqual({
      objectOwnership: "BucketOwnerEnforced",
    });
    const [tlsOnly] = parsePolicy(settingOf(deployed, bucket, "BucketPolicy").policy).Statement;
    expect(tlsOnly).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Resource: [`arn:aws:s3:::${name}-1234567`, `arn:aws:s3:::${name}-1234567/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  test.each(names)("%s forgets old versions and abandoned uploads", (name) => {
    const rules = settingOf(deployed, bucketNamed(name), "BucketLifecycleConfiguration")
      .rules as pulumi.Inputs[];
    expect(rules.find((rule) => rule.noncurrentVersionExpiration)?.noncurrentVersionExpiration).toEqual({
      noncurrentDays: 90,
    });
    expect(rules.find((rule) => rule.abortIncompleteMultipartUpload)?.abortIncompleteMultipartUpload).toEqual(
      {
        daysAfterInitiation: 7,
      },
    );
    expect(rules.every((rule) => rule.status === "Enabled")).toBe(true);
  });

  test.each(names.filter((name) => name !== "lake-logs"))(
    "%s is encrypted with the key and logged",
    (name) => {
      const bucket = bucketNamed(name);
      expect(settingOf(deployed, bucket, "BucketServerSideEncryptionConfiguration").rules).toEqual([
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
          bucketKeyEnabled: true,
        },
      ]);
      expect(settingOf(deployed, bucket, "BucketLogging")).toMatchObject({
        targetBucket: "lake-logs-1234567",
        targetPrefix: `${name}/`,
      });
    },
  );

  test.each(zones)("%s tells EventBridge about its objects", (zone) => {
    expect(settingOf(deployed, bucketNamed(`lake-${zone}`), "BucketNotification").eventbridge).toBe(true);
  });

  test.each([
    ["raw", undefined],
    ["curated", undefined],
    ["features", undefined],
    ["quarantine", 90],
    ["captures", 400],
    ["query-results", 30],
    ["logs", 365],
  ])("%s keeps current objects for %s days", (zone, days) => {
    const rules = settingOf(deployed, bucketNamed(`lake-${zone}`), "BucketLifecycleConfiguration").rules as {
      expiration?: { days: number };
    }[];
    expect(rules.find((rule) => rule.expiration)?.expiration?.days).toBe(days);
  });

  test.each(names)("%s has its policy last, when nothing else can change it any more", (name) => {
    const bucket = bucketNamed(name);
    const policy = deployed.one("aws:s3/bucketPolicy:BucketPolicy", name);
    const before = ["BucketVersioning", "BucketPublicAccessBlock"].map(
      (kind) => deployed.one(`aws:s3/b${kind.slice(1)}:${kind}`, name).urn,
    );
    expect(policy.dependencies).toEqual(expect.arrayContaining([bucket.urn, ...before]));
  });

  test("the log bucket takes logs of this account only, and none of its own", () => {
    const logs = bucketNamed("lake-logs");
    const [, delivery] = parsePolicy(settingOf(deployed, logs, "BucketPolicy").policy).Statement;
    expect(delivery).toMatchObject({
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
    expect(deployed.ofType("aws:s3/bucketLogging:BucketLogging").map(({ name }) => name)).not.toContain(
      "lake-logs",
    );
  });

  test("is an output of the lake, by name and ARN", async () => {
    for (const zone of zones) {
      expect(await valueOf(deployed.result[`${zone}BucketName`])).toBe(`lake-${zone}-1234567`);
      expect(await valueOf(deployed.result[`${zone}BucketArn`])).toBe(`arn:aws:s3:::lake-${zone}-1234567`);
    }
    expect(await valueOf(deployed.result.accessLogBucketName)).toBe("lake-logs-1234567");
  });
});

describe("queries", () => {
  test("read no more than the limit and leave encrypted results in their own bucket", async () => {
    const deployed = await deployInMocks(
      () => new DataLake("lake", { kmsKeyArn, queryScanLimitGigabytes: 2 }),
    );
    const workgroup = deployed.one("aws:athena/workgroup:Workgroup");
    expect(workgroup.inputs.configuration).toMatchObject({
      enforceWorkgroupConfiguration: true,
      bytesScannedCutoffPerQuery: 2 * 1024 ** 3,
      resultConfiguration: {
        outputLocation: "s3://lake-query-results-1234567/",
        encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn },
      },
    });
    expect(await valueOf(deployed.result.workgroupName)).toBe("lake-1234567");
    expect(await valueOf(deployed.result.databaseName)).toBe("lake-1234567");
  });
});

test("logs go to an existing bucket when one is given", async () => {
  const deployed = await deployInMocks(() => new DataLake("lake", { existingAccessLogBucketName: "audit" }));
  expect(deployed.ofType("aws:s3/bucket:Bucket").map(({ name }) => name)).not.toContain("lake-logs");
  const targets = deployed
    .ofType("aws:s3/bucketLogging:BucketLogging")
    .map(({ inputs }) => inputs.targetBucket as string);
  expect(new Set(targets)).toEqual(new Set(["audit"]));
});

const refused: [string, DataLakeArgs, string[], RegExp][] = [
  [
    "an existing log bucket and an expiry for a new one",
    { existingAccessLogBucketName: "audit", accessLogExpirationDays: 10 },
    ["existingAccessLogBucketName"],
    /existingAccessLogBucketName and accessLogExpirationDays were both given/,
  ],
  [
    "days that are none, all at once",
    { rawExpirationDays: 0, captureExpirationDays: -1, queryScanLimitGigabytes: 0 },
    ["queryScanLimitGigabytes", "rawExpirationDays", "captureExpirationDays"],
    /0 was given; allowed is 1 to 36500/,
  ],
];

test.each(refused)("refuses %s", async (_case, args, paths, message) => {
  const faults = await faultsOf(() => new DataLake("lake", args));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});
