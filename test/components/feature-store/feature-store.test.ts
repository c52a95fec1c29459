import * as pulumi from "@pulumi/pulumi";

import { FeatureStore, FeatureStoreArgs, FeatureType } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy, valueOf } from "../../support/pulumi-mocks";
import { featureStoreArgs } from "../samples";

const groupType = "aws:sagemaker/featureGroup:FeatureGroup";
const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/features";

describe("a feature group", () => {
  test("holds every feature, in order, keyed and timed", async () => {
    const deployed = await deployInMocks(() => new FeatureStore("flights", featureStoreArgs));
    expect(deployed.one(groupType).inputs).toMatchObject({
      featureGroupName: "test-flights",
      recordIdentifierFeatureName: "flight_id",
      eventTimeFeatureName: "departed_at",
      featureDefinitions: [
        { featureName: "flight_id", featureType: "String" },
        { featureName: "departed_at", featureType: "String" },
        { featureName: "delay_minutes", featureType: "Fractional" },
      ],
      offlineStoreConfig: { s3StorageConfig: { s3Uri: "s3://features/flights/" } },
      onlineStoreConfig: { enableOnlineStore: true },
    });
    expect(await valueOf(deployed.result.featureGroupName)).toBe("test-flights");
  });

  test("waits for the rights of its role, which end at its own folder", async () => {
    const deployed = await deployInMocks(
      () => new FeatureStore("flights", { ...featureStoreArgs, kmsKeyArn }),
    );
    const policy = deployed.one("aws:iam/rolePolicy:RolePolicy", "flights");
    expect(deployed.one(groupType).dependencies).toContain(policy.urn);
    const bySid = Object.fromEntries(
      parsePolicy(policy.inputs.policy).Statement.map((statement) => [statement.Sid, statement.Resource]),
    );
    expect(bySid).toMatchObject({
      Records: ["arn:aws:s3:::features/flights/*"],
      Bucket: ["arn:aws:s3:::features"],
      Key: [kmsKeyArn],
    });
    expect(await valueOf(deployed.result.roleArn)).toBe("arn:aws:iam::123456789012:role/flights-1234567");
  });

  test("may write the offline store as SageMaker does, with the owner's control over each object", async () => {
    const deployed = await deployInMocks(() => new FeatureStore("flights", featureStoreArgs));
    const { Statement } = parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy", "flights").inputs.policy);
    expect(Statement.find(({ Sid }) => Sid === "Records")?.Action).toEqual([
      "s3:GetObject",
      "s3:PutObject",
      "s3:PutObjectAcl",
    ]);
  });

  test("is not replaced for a new feature: a function of its own adds it", async () => {
    const deployed = await deployInMocks(() => new FeatureStore("flights", featureStoreArgs));
    const group = deployed.one(groupType);
    expect(group.ignoreChanges).toEqual(["featureDefinitions"]);
    const invocation = deployed.one("aws:lambda/invocation:Invocation");
    expect(invocation.dependencies).toContain(group.urn);
    expect(invocation.inputs.lifecycleScope).toBe("CRUD");
    expect(JSON.parse(invocation.inputs.input as string)).toEqual({
      featureGroupName: "test-flights",
      features: featureStoreArgs.features,
    });
    const { Statement } = parsePolicy(
      deployed.one("aws:iam/rolePolicy:RolePolicy", "flights-features").inputs.policy,
    );
    expect(Statement.find(({ Sid }) => Sid === "AddFeatures")).toMatchObject({
      Action: ["sagemaker:DescribeFeatureGroup", "sagemaker:UpdateFeatureGroup"],
      Resource: ["arn:aws:sagemaker:eu-west-1:123456789012:flights"],
    });
  });

  test("can be offline only", async () => {
    const deployed = await deployInMocks(
      () => new FeatureStore("flights", { ...featureStoreArgs, onlineStoreEnabled: false }),
    );
    expect(deployed.one(groupType).inputs).not.toHaveProperty("onlineStoreConfig");
  });

  test("can forget records online", async () => {
    const deployed = await deployInMocks(
      () => new FeatureStore("flights", { ...featureStoreArgs, onlineRecordExpirationDays: 7 }),
    );
    expect(deployed.one(groupType).inputs.onlineStoreConfig).toMatchObject({
      ttlDuration: { unit: "Days", value: 7 },
    });
  });

  test("leaves names that are not known yet to AWS", async () => {
    const recordIdentifierName = pulumi.output(Promise.resolve("flight_id"));
    const deployed = await deployInMocks(
      () => new FeatureStore("flights", { ...featureStoreArgs, recordIdentifierName }),
    );
    expect(deployed.one(groupType).inputs.recordIdentifierFeatureName).toBe("flight_id");
  });
});

const feature = (name: string, type = FeatureType.String): FeatureStoreArgs["features"][number] => ({
  name,
  type,
});

const refused: [string, Partial<FeatureStoreArgs>, string[], RegExp][] = [
  [
    "keys that are no features",
    { recordIdentifierName: "customer", eventTimeName: "time" },
    ["recordIdentifierName", "eventTimeName"],
    /"customer" was given; allowed is the name of a feature: flight_id, departed_at, delay_minutes/,
  ],
  [
    "an event time in whole numbers",
    { features: [feature("flight_id"), feature("departed_at", FeatureType.Integral)] },
    ["eventTimeName"],
    /allowed are String \(ISO 8601\) and Fractional/,
  ],
  [
    "reserved, wrong and doubled names",
    { features: [...featureStoreArgs.features, feature("write_time"), feature("a b"), feature("flight_id")] },
    ["features[3].name", "features[4].name", "features[5].name"],
    /SageMaker keeps.*"a b" was given.*"flight_id" was given twice/,
  ],
  [
    "personal data that would be served for ever",
    { features: [...featureStoreArgs.features, { ...feature("seat"), personal: true }] },
    ["onlineRecordExpirationDays"],
    /is missing although features hold personal data/,
  ],
  [
    "an expiry for an online store that is off",
    { onlineStoreEnabled: false, onlineRecordExpirationDays: 7 },
    ["onlineRecordExpirationDays"],
    /onlineStoreEnabled is false/,
  ],
  [
    "a name that is too long",
    { featureGroupName: "x".repeat(65) },
    ["featureGroupName"],
    /at most 64 characters/,
  ],
];

test.each(refused)("refuses %s", async (_case, more, paths, message) => {
  const faults = await faultsOf(() => new FeatureStore("flights", { ...featureStoreArgs, ...more }));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});

test("refuses a component name from which no physical name can be made", async () => {
  await expect(deployInMocks(() => new FeatureStore("f".repeat(64), featureStoreArgs))).rejects.toThrow(
    /has 69 characters; allowed are 64; choose a shorter name or give featureGroupName/,
  );
});
