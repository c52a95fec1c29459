/** The sandbox's AWS provider under the real engine, against the real emulators. */
import { GetInstanceProfileCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutObjectCommand, PutObjectLegalHoldCommand, S3Client } from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { coreCases } from "./aws-provider/cases/core";
import { serviceCases } from "./aws-provider/cases/services";
import { touched } from "./aws-provider/harness";
import { combine, runServiceCase } from "./aws-provider/service-case";
import { Surroundings } from "./aws-provider/surroundings";

jest.setTimeout(10 * 60_000);

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

let surroundings: Surroundings;

beforeAll(async () => {
  surroundings = await Surroundings.start();
});

afterAll(async () => {
  await surroundings.stop();
});

it.each([combine("core services", coreCases), combine("platform services", serviceCases)])(
  "$service: made, unchanged, changed, tampered with, repaired and removed",
  async (subject) => {
    await runServiceCase(surroundings.stack(), subject, surroundings.endpoints);
    expect(surroundings.standing()).toEqual([]);
  },
);

it("previews with values that are not known yet, and makes nothing", async () => {
  const stack = surroundings.stack();
  const before = surroundings.journal().length;
  const operations = await stack.preview(async () => {
    const key = new aws.kms.Key("key", { tags: { use: "preview" } });
    const bucket = new aws.s3.Bucket("bucket", { tags: { key: key.arn } });
    new aws.s3.BucketPolicy("policy", {
      bucket: bucket.bucket,
      policy: pulumi.jsonStringify({ Statement: [{ Resource: bucket.arn }] }),
    });
    new aws.dynamodb.TableItem("item", {
      tableName: bucket.id,
      hashKey: "id",
      item: pulumi.jsonStringify({ id: { S: key.arn } }),
    });
  });
  expect(touched(operations, "create")).toHaveLength(4);
  expect(surroundings.journal()).toHaveLength(before);
});

it("keeps secrets out of the state, in whatever output they end up", async () => {
  const stack = surroundings.stack();
  await stack.up(async () => {
    const secret = pulumi.secret("the-hidden-value");
    new aws.ssm.Parameter("parameter", { type: "SecureString", value: secret, tags: { copy: secret } });
    const stored = new aws.secretsmanager.Secret("secret", { recoveryWindowInDays: 0 });
    new aws.secretsmanager.SecretVersion("version", {
      secretId: stored.id,
      secretString: pulumi.jsonStringify({ token: secret }),
    });
    const bucket = new aws.s3.Bucket("bucket", { forceDestroy: true, tags: { owner: secret } });
    new aws.s3.BucketObjectv2("object", { bucket: bucket.bucket, key: "file", content: secret });
    const key = new aws.kms.Key("key");
    new aws.kms.Grant("grant", {
      keyId: key.keyId,
      granteePrincipal: "arn:aws:iam::123456789012:role/a",
      operations: ["Decrypt"],
    });
  });
  await stack.refresh();
  const resources = await stack.resources();
  expect(resources).toHaveLength(7);
  expect(JSON.stringify(resources)).not.toContain("the-hidden-value");
  const grant = resources.find(({ type }) => type.startsWith("aws:kms/grant"));
  expect(typeof grant?.outputs?.grantToken).toBe("object");
  await stack.destroy();
});

it("leaves nothing behind when a create fails half-way", async () => {
  const stack = surroundings.stack();
  const standing = surroundings.standing();
  const failing = stack.up(async () => {
    // The name of a profile is checked at once, its role by the second call.
    new aws.iam.InstanceProfile("half", { name: "half-made", role: "missing-role" });
  });
  await expect(failing).rejects.toThrow(/aws:iam\/instanceProfile:InstanceProfile half: NoSuchEntity – /);
  const made = new GetInstanceProfileCommand({ InstanceProfileName: "half-made" });
  await expect(new IAMClient(surroundings.endpoints.aws).send(made)).rejects.toThrow(/half-made/);
  expect(surroundings.journal().slice(-2)).toMatchObject([
    { event: "created", id: "half-made" },
    { event: "deleted", id: "half-made" },
  ]);
  expect(await stack.resources()).toEqual([]);
  expect(surroundings.standing()).toEqual(standing);
});

it("says in one sentence what AWS refuses", async () => {
  const stack = surroundings.stack();
  const bucket = () => new aws.s3.Bucket("first", { bucket: "taken-by-the-first" });
  await stack.up(async () => void bucket());
  const second = stack.up(async () => {
    bucket();
    new aws.s3.Bucket("second", { bucket: "taken-by-the-first" });
  });
  await expect(second).rejects.toThrow(/aws:s3\/bucket:Bucket second: BucketAlready\w+ – /);
  const missing = stack.up(async () => void new aws.ssm.Parameter("empty", { type: "String" }));
  await expect(missing).rejects.toThrow(/an SSM parameter needs a value/);
  await stack.destroy();
});

it("replaces a resource with a fixed name by deleting it first, others by making the new one first", async () => {
  const stack = surroundings.stack();
  const program = (path: string) => async () => {
    new aws.iam.Role("fixed", { name: "fixed-name", path, assumeRolePolicy: trust });
    new aws.iam.Role("free", { path, assumeRolePolicy: trust });
  };
  await stack.up(program("/a/"));
  const before = surroundings.journal().length;
  const operations = await stack.up(program("/b/"));
  expect(touched(operations, "replace")).toEqual(["aws:iam/role:Role fixed", "aws:iam/role:Role free"]);
  const events = surroundings.journal().slice(before);
  const eventsOf = (name: string) => events.filter(({ urn }) => urn.endsWith(name)).map(({ event }) => event);
  expect(eventsOf("fixed")).toEqual(["deleted", "created"]);
  expect(eventsOf("free")).toEqual(["created", "deleted"]);
  await stack.destroy();
});

it("gives default tags, the region and the tags of every provider instance to its own resources", async () => {
  const stack = surroundings.stack();
  const program = async () => {
    const tagged = new aws.Provider("tagged", {
      region: "eu-west-1",
      defaultTags: { tags: { owner: "platform", stage: "test" } },
      skipCredentialsValidation: true,
    });
    new aws.ssm.Parameter("here", { type: "String", value: "a" });
    new aws.ssm.Parameter(
      "there",
      { type: "String", value: "a", tags: { stage: "own" } },
      { provider: tagged },
    );
  };
  await stack.up(program);
  const outputs = Object.fromEntries(
    (await stack.resources()).map(({ urn, outputs: found }) => [urn.split("::").at(-1), found]),
  );
  expect(outputs.here).toMatchObject({ region: "us-east-1", tagsAll: {} });
  expect(outputs.there).toMatchObject({ region: "eu-west-1", tagsAll: { owner: "platform", stage: "own" } });
  expect(outputs.there?.arn).toContain(":eu-west-1:");
  expect(touched(await stack.refresh(), "update", "delete")).toEqual([]);
  await stack.destroy();
});

it("refuses an account that the configuration does not allow", async () => {
  const stack = surroundings.stack();
  const program = async () => {
    const strict = new aws.Provider("strict", { region: "us-east-1", allowedAccountIds: ["999999999999"] });
    new aws.s3.Bucket("bucket", {}, { provider: strict });
  };
  await expect(stack.up(program)).rejects.toThrow(/belong to account 123456789012.*allows only 999999999999/);
});

it("records types that no emulator serves, in state only", async () => {
  const stack = surroundings.stack();
  const before = surroundings.journal().length;
  const program = (size: string) => async () => {
    new aws.sagemaker.NotebookInstance("notebook", {
      roleArn: "arn:aws:iam::123456789012:role/a",
      instanceType: size,
    });
  };
  await stack.up(program("ml.t3.medium"));
  expect(touched(await stack.up(program("ml.t3.large")), "update")).toHaveLength(1);
  expect(touched(await stack.refresh(), "update", "delete")).toEqual([]);
  expect(touched(await stack.destroy(), "delete")).toHaveLength(1);
  expect(surroundings.journal()).toHaveLength(before);
});

it("says why a bucket with a held object cannot be emptied, and empties one with a governance lock", async () => {
  const stack = surroundings.stack();
  await stack.up(async () => {
    new aws.s3.Bucket("locked", { bucket: "locked-objects", objectLockEnabled: true, forceDestroy: true });
  });
  const s3 = new S3Client({ ...surroundings.endpoints.aws, forcePathStyle: true });
  const object = { Bucket: "locked-objects", Key: "model.tar.gz", Body: "model" };
  const tomorrow = new Date(Date.now() + 24 * 3_600_000);
  const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: tomorrow } as const;
  await s3.send(new PutObjectCommand({ ...object, ...lock, ObjectLockLegalHoldStatus: "ON" }));
  await expect(stack.destroy()).rejects.toThrow(
    /object versions in bucket locked-objects may not be deleted/,
  );
  expect(await stack.resources()).toHaveLength(1);
  const { Bucket, Key } = object;
  await s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status: "OFF" } }));
  await stack.destroy();
  expect(await stack.resources()).toHaveLength(0);
});

it("answers look-ups from AWS", async () => {
  const stack = surroundings.stack();
  const answers: Record<string, unknown> = {};
  await stack.up(async () => {
    const [identity, region, zones, partition] = await Promise.all([
      aws.getCallerIdentity(),
      aws.getRegion(),
      aws.getAvailabilityZones({ state: "available" }),
      aws.getPartition(),
    ]);
    const document = await aws.iam.getPolicyDocument({
      statements: [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["lambda.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [identity.accountId] }],
        },
      ],
    });
    Object.assign(answers, { account: identity.accountId, region: region.region, zones: zones.names });
    Object.assign(answers, { partition: partition.partition, document: JSON.parse(document.json) });
  });
  expect(answers).toEqual({
    account: "123456789012",
    region: "us-east-1",
    zones: expect.arrayContaining(["us-east-1a", "us-east-1b"]),
    partition: "aws",
    document: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    },
  });
});

it("leaves alone what a resource does not own: policies added to a role by others", async () => {
  const stack = surroundings.stack();
  const program = async () =>
    void new aws.iam.Role("shared", { name: "shared-role", assumeRolePolicy: trust });
  await stack.up(program);
  const PolicyDocument = JSON.stringify({
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
  });
  await new IAMClient(surroundings.endpoints.aws).send(
    new PutRolePolicyCommand({ RoleName: "shared-role", PolicyName: "theirs", PolicyDocument }),
  );
  expect(touched(await stack.refresh(), "update")).toEqual([]);
  expect(touched(await stack.up(program), "update", "replace")).toEqual([]);
});

it("ends with code 0 when it is asked to", async () => {
  expect(await surroundings.provider.stop()).toBe(0);
});
