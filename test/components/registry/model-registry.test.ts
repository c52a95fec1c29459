import { ModelRegistry, ModelRegistryArgs } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, MockedDeployment, parsePolicy, valueOf } from "../../support/pulumi-mocks";

const args: ModelRegistryArgs = { modelNames: ["delays", "fraud"], accessLogBucketName: "access-logs" };
const deploy = (more: Partial<ModelRegistryArgs> = {}): Promise<MockedDeployment<ModelRegistry>> =>
  deployInMocks(() => new ModelRegistry("registry", { ...args, ...more }));

describe("the bucket of artefacts", () => {
  test("locks every version from its creation on", async () => {
    const deployed = await deploy({ objectLockDays: 30 });
    expect(deployed.one("aws:s3/bucket:Bucket").inputs.objectLockEnabled).toBe(true);
    expect(
      deployed.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").inputs.rule,
    ).toEqual({ defaultRetention: { mode: "GOVERNANCE", days: 30 } });
    expect(deployed.one("aws:s3/bucketVersioning:BucketVersioning").inputs.versioningConfiguration).toEqual({
      status: "Enabled",
    });
  });

  test("refuses to everybody what would undo the lock, once the lock is made", async () => {
    const deployed = await deploy();
    const policy = deployed.one("aws:s3/bucketPolicy:BucketPolicy");
    expect(parsePolicy(policy.inputs.policy).Statement).toContainEqual({
      Sid: "ArtefactsAreFinal",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:DeleteObjectVersion", "s3:PutBucketVersioning", "s3:BypassGovernanceRetention"],
      Resource: ["arn:aws:s3:::registry-models-1234567", "arn:aws:s3:::registry-models-1234567/*"],
    });
    expect(policy.dependencies).toEqual(
      expect.arrayContaining([
        deployed.one("aws:s3/bucketVersioning:BucketVersioning").urn,
        deployed.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").urn,
      ]),
    );
  });

  test("never expires a current artefact, and a replaced one only after the lock", async () => {
    const deployed = await deploy({ objectLockDays: 30 });
    const { rules } = deployed.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
      .inputs as {
      rules: { expiration?: object; noncurrentVersionExpiration?: { noncurrentDays: number } }[];
    };
    expect(rules.filter((rule) => rule.expiration)).toEqual([]);
    expect(rules.flatMap((rule) => rule.noncurrentVersionExpiration?.noncurrentDays ?? [])).toEqual([60]);
  });

  test("can be emptied when the caller gave up its safety", async () => {
    const deployed = await deploy({ forceDestroy: true });
    const { Statement: statements } = parsePolicy(
      deployed.one("aws:s3/bucketPolicy:BucketPolicy").inputs.policy,
    );
    expect(statements.map(({ Sid: sid }) => sid)).toEqual(["TlsOnly"]);
    expect(deployed.one("aws:ecr/repository:Repository", "registry-delays").inputs.forceDelete).toBe(true);
  });
});

describe("each model", () => {
  test("has a package group that the stack's name keeps apart from other environments", async () => {
    const deployed = await deploy();
    expect(await valueOf(deployed.result.modelPackageGroupNames)).toEqual({
      delays: "test-registry-delays",
      fraud: "test-registry-fraud",
    });
    const arns = await valueOf(deployed.result.modelPackageGroupArns);
    expect(Object.keys(arns)).toEqual(["delays", "fraud"]);
    expect(arns.delays).not.toBe(arns.fraud);
  });

  test("has an image repository with fixed tags, scans, and a clean-up that spares releases", async () => {
    const deployed = await deploy();
    for (const model of args.modelNames) {
      const repository = deployed.one("aws:ecr/repository:Repository", `registry-${model}`);
      expect(repository.inputs).toMatchObject({
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        forceDelete: false,
      });
      const lifecycle = deployed.one("aws:ecr/lifecyclePolicy:LifecyclePolicy", `registry-${model}`);
      expect(lifecycle.parentUrn).toBe(repository.urn);
      const { rules } = JSON.parse(lifecycle.inputs.policy as string) as {
        rules: { selection: { tagStatus: string } }[];
      };
      expect(rules.map(({ selection }) => selection.tagStatus)).toEqual(["untagged"]);
    }
    const urls = await valueOf(deployed.result.repositoryUrls);
    expect(urls.fraud).toMatch(/\/registry-fraud$/);
    expect(Object.keys(await valueOf(deployed.result.repositoryArns))).toEqual(["delays", "fraud"]);
  });
});

const refused: [string, Partial<ModelRegistryArgs>, string[], RegExp][] = [
  ["no models", { modelNames: [] }, ["modelNames"], /name at least one model/],
  [
    "names that AWS or Kubernetes would refuse, and one twice",
    { modelNames: ["Delays", "fraud", "fraud", "a".repeat(31), "ends-"] },
    ["modelNames[0]", "modelNames[2]", "modelNames[3]", "modelNames[4]"],
    /"Delays" was given; allowed are lower-case letters.*"fraud" was given twice/,
  ],
  [
    "to forget replaced artefacts before the lock ends",
    { objectLockDays: 100, noncurrentVersionExpirationDays: 99 },
    ["noncurrentVersionExpirationDays"],
    /99 was given; allowed is objectLockDays \(100\) or more/,
  ],
  ["a lock of no days", { objectLockDays: 0 }, ["objectLockDays"], /0 was given; allowed is 1 to 36500/],
];

test.each(refused)("refuses %s", async (_case, more, paths, message) => {
  const faults = await faultsOf(() => new ModelRegistry("registry", { ...args, ...more }));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});
