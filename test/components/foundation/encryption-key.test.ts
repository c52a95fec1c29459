import { EncryptionKey } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, mockAccountId, mockRegion, parsePolicy, valueOf } from "../../support/pulumi-mocks";

const existingKeyArn = `arn:aws:kms:${mockRegion}:${mockAccountId}:key/1234-abcd`;

describe("a created key", () => {
  test("rotates, waits thirty days for its end, and has an alias", async () => {
    const deployed = await deployInMocks(() => new EncryptionKey("platform", {}));
    const key = deployed.one("aws:kms/key:Key");
    expect(key.inputs).toMatchObject({
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: 30,
    });
    expect(deployed.one("aws:kms/alias:Alias").parentUrn).toBe(key.urn);
    expect(await valueOf(deployed.result.keyArn)).toMatch(/:key\/11111111-/);
    expect(await valueOf(deployed.result.keyId)).toMatch(/^11111111-/);
  });

  test("lets in this account, and services only on its behalf", async () => {
    const deployed = await deployInMocks(() => new EncryptionKey("platform", {}));
    const { Statement: statements } = parsePolicy(deployed.one("aws:kms/key:Key").inputs.policy);
    expect(statements.map(({ Sid: sid }) => sid)).toEqual([
      "AccountAdministers",
      "AccountUses",
      "LogGroups",
      "Deliveries",
    ]);
    const [administers, uses, logGroups, deliveries] = statements;
    const account = { AWS: `arn:aws:iam::${mockAccountId}:root` };
    expect(administers?.Principal).toEqual(account);
    expect(uses?.Principal).toEqual(account);
    // KMS refuses a policy after which nobody could change the policy.
    expect(administers?.Action).toContain("kms:PutKeyPolicy");
    expect(logGroups?.Principal).toEqual({ Service: `logs.${mockRegion}.amazonaws.com` });
    expect(logGroups?.Condition).toEqual({
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${mockRegion}:${mockAccountId}:log-group:*`,
      },
    });
    expect(deliveries?.Principal).toEqual({
      Service: expect.arrayContaining([
        "sns.amazonaws.com",
        "events.amazonaws.com",
        "s3.amazonaws.com",
        "cloudwatch.amazonaws.com",
      ]) as unknown,
    });
    expect(deliveries?.Condition).toEqual({ StringEquals: { "aws:SourceAccount": mockAccountId } });
  });
});

describe("an existing key", () => {
  test("is used and nothing is created", async () => {
    const deployed = await deployInMocks(() => new EncryptionKey("platform", { existingKeyArn }));
    expect(deployed.resources.map(({ type }) => type)).toEqual(["mlops:index:EncryptionKey"]);
    expect(await valueOf(deployed.result.keyArn)).toBe(existingKeyArn);
    expect(await valueOf(deployed.result.keyId)).toBe("1234-abcd");
  });
});

test.each([
  [
    "both ways",
    { existingKeyArn, deletionWindowDays: 10 },
    ["existingKeyArn"],
    /existingKeyArn and deletionWindowDays/,
  ],
  ["too short a wait", { deletionWindowDays: 6 }, ["deletionWindowDays"], /6 was given; allowed is 7 to 30/],
  [
    "several at once",
    { deletionWindowDays: 31, rotationPeriodDays: 89 },
    ["deletionWindowDays", "rotationPeriodDays"],
    /31 was given.*89 was given/,
  ],
])("refuses %s", async (_case, args, paths, message) => {
  const faults = await faultsOf(() => new EncryptionKey("platform", args));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});
