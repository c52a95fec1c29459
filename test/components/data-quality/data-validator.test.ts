import { createHash } from "node:crypto";

import { DataValidator } from "../../../components";
import { settingsSchema } from "../../../lambdas/data-validator/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, MockedDeployment, parsePolicy } from "../../support/pulumi-mocks";
import { contract, dataValidatorArgs } from "../loop-samples";
import { richContract } from "../quality-samples";

const mebibyte = 1024 * 1024;
const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";

const deploy = (changes: object = {}) =>
  deployInMocks(() => new DataValidator("flights", { ...dataValidatorArgs, ...changes }));

describe("the data validator", () => {
  test("listens to new files of its data set in the raw bucket and to nothing else", async () => {
    const rule = (await deploy()).one("aws:cloudwatch/eventRule:EventRule");
    expect(JSON.parse(rule.inputs.eventPattern as string)).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["raw"] }, object: { key: [{ prefix: "flights/" }] } },
    });
  });

  const environmentOf = (deployed: MockedDeployment<unknown>): Record<string, string> =>
    deployed.one("aws:lambda/function:Function").inputs.environment.variables as Record<string, string>;

  test("gives the function an environment that it accepts", async () => {
    const deployed = await deploy({ maximumFileMegabytes: 100, memoryMegabytes: 2048 });
    expect(readEnvironment(settingsSchema, environmentOf(deployed))).toMatchObject({
      CONTRACT: contract,
      MAXIMUM_FILE_BYTES: 100 * mebibyte,
    });
    expect(environmentOf(deployed)).toMatchObject({
      MAXIMUM_DECODED_BYTES: String(400 * mebibyte),
      MEMORY_LIMIT_MEGABYTES: "1024",
      DEAD_LETTER_QUEUE_URL: "https://sqs.eu-west-1.test/123456789012/flights-validator-dead-letters",
    });
    expect(deployed.one("aws:lambda/function:Function").inputs).toMatchObject({
      memorySize: 2048,
      timeout: 900,
    });
  });

  test.each([
    [1, 4, 1033],
    [100, 400, 1924],
    [512, 2048, 5632],
    // The largest temporary folder bounds the content, and never below the size of the file.
    [2000, 3608, 10_240],
    [4608, 4608, 10_240],
  ])("a file of %i MB may hold %i MB and gets a folder of %i MB", async (file, decoded, folder) => {
    const deployed = await deploy({ maximumFileMegabytes: file });
    expect(environmentOf(deployed).MAXIMUM_DECODED_BYTES).toBe(String(decoded * mebibyte));
    expect(deployed.one("aws:lambda/function:Function").inputs.ephemeralStorage).toEqual({ size: folder });
  });

  const rightsOf = (deployed: MockedDeployment<unknown>): unknown[][] =>
    parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy").inputs.policy)
      .Statement.filter(({ Sid = "" }) => !["Logs", "Traces", "DeadLetters", "Idempotency"].includes(Sid))
      .map(({ Action, Resource, Condition }) => [Action, Resource, ...(Condition ? [Condition] : [])]);
  const replayRight = [
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    ["arn:aws:sqs:eu-west-1:123456789012:flights-validator-dead-letters"],
  ];
  const lineageRight = [
    ["events:PutEvents"],
    ["arn:aws:events:eu-west-1:123456789012:event-bus/default"],
    { "ForAllValues:StringEquals": { "events:source": "mlops.lineage" } },
  ];

  test("may read the raw zone and write the others, only below its data set, and never delete", async () => {
    expect(rightsOf(await deploy())).toEqual([
      replayRight,
      [["s3:GetObject", "s3:GetObjectVersion"], ["arn:aws:s3:::raw/flights/*"]],
      [
        ["s3:PutObject", "s3:AbortMultipartUpload"],
        [
          "arn:aws:s3:::curated/flights/*",
          "arn:aws:s3:::quarantine/flights/*",
          "arn:aws:s3:::quarantine/reports/flights/*",
        ],
      ],
      [["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::curated/profiles/flights.json"]],
      [["s3:GetObject"], ["arn:aws:s3:::curated/contracts/flights/*"]],
      [
        ["s3:ListBucket"],
        ["arn:aws:s3:::curated"],
        { StringEqualsIfExists: { "s3:prefix": ["profiles/flights.json"] } },
      ],
      lineageRight,
    ]);
  });

  test("may read and list the data sets that its contract refers to", async () => {
    const rights = rightsOf(await deploy({ contract: JSON.stringify(richContract) }));
    expect(rights).toContainEqual([
      ["s3:GetObject"],
      ["arn:aws:s3:::curated/contracts/flights/*", "arn:aws:s3:::curated/us-airports/*"],
    ]);
    expect(rights).toContainEqual([
      ["s3:ListBucket"],
      ["arn:aws:s3:::curated"],
      { StringEqualsIfExists: { "s3:prefix": ["profiles/flights.json", "us-airports/"] } },
    ]);
  });

  test("remembers records only where it is asked to, and then may claim and give up, no more", async () => {
    const claimed = await deploy({ contract: JSON.stringify(richContract), recordDeduplicationDays: 14 });
    const table = claimed.one("aws:dynamodb/table:Table", "flights-validator-claims");
    expect(table.inputs).toMatchObject({
      hashKey: "id",
      ttl: { attributeName: "expiration", enabled: true },
    });
    expect(environmentOf(claimed)).toMatchObject({
      RECORD_CLAIMS_TABLE: "flights-validator-claims-1234567",
      RECORD_CLAIM_DAYS: "14",
    });
    expect(rightsOf(claimed)).toContainEqual([
      ["dynamodb:PutItem", "dynamodb:DeleteItem"],
      ["arn:aws:dynamodb:eu-west-1:123456789012:flights-validator-claims"],
    ]);
    const without = await deploy();
    expect(without.ofType("aws:dynamodb/table:Table").map(({ name }) => name)).toEqual([
      "flights-validator-idempotency",
    ]);
    expect(Object.keys(environmentOf(without))).not.toContain("RECORD_CLAIMS_TABLE");
  });

  test("tells the topic of quarantined files and of unusual ones, by the metric that the function emits", async () => {
    const deployed = await deploy({ alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:alerts" });
    for (const [kind, metricName] of [
      ["quarantine", "QuarantinedFiles"],
      ["anomalies", "Anomalies"],
    ]) {
      expect(
        deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", `flights-validator-${kind}`).inputs,
      ).toMatchObject({
        namespace: "mlops/data-quality",
        metricName,
        dimensions: { service: "data-validator", Dataset: "flights" },
        statistic: "Sum",
        threshold: 0,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
        alarmActions: ["arn:aws:sns:eu-west-1:123456789012:alerts"],
      });
    }
    expect(environmentOf(deployed).POWERTOOLS_SERVICE_NAME).toBe("data-validator");
  });

  test("keeps what cannot be delivered: the rule's target has a queue that takes events from this rule alone", async () => {
    const deployed = await deploy();
    const target = deployed.one("aws:cloudwatch/eventTarget:EventTarget");
    expect(target.inputs).toMatchObject({
      retryPolicy: { maximumEventAgeInSeconds: 21600, maximumRetryAttempts: 20 },
      deadLetterConfig: { arn: "arn:aws:sqs:eu-west-1:123456789012:flights-validator-dead-letters" },
    });
    const [statement] = parsePolicy(deployed.one("aws:sqs/queuePolicy:QueuePolicy").inputs.policy).Statement;
    expect(statement?.Condition).toMatchObject({
      ArnEquals: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:flights-validator" },
    });
    expect(deployed.one("aws:lambda/permission:Permission").inputs).toMatchObject({
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:cloudwatch:eu-west-1:123456789012:flights-validator",
      sourceAccount: "123456789012",
    });
  });

  test.each([
    ["not json", /contract: "not json" was given; a data contract in JSON is needed/],
    [JSON.stringify({ ...contract, dataset: "a/b" }), /contract: dataset: must be lower-case letters/],
    [JSON.stringify({ ...contract, columns: [] }), /contract: columns: /],
    [
      JSON.stringify({ ...contract, primaryKey: ["nr"] }),
      /contract: primaryKey\.0: "nr" is not a column of the data set/,
    ],
  ])("refuses the contract %s", async (text, message) => {
    await expect(deploy({ contract: text })).rejects.toThrow(message);
  });

  test("names every wrong argument at once", async () => {
    const wrong = {
      maximumFileMegabytes: 0,
      memoryMegabytes: 512,
      recordDeduplicationDays: 0,
    };
    const faults = await faultsOf(() => new DataValidator("flights", { ...dataValidatorArgs, ...wrong }));
    expect(faults).toMatchObject({
      registered: 0,
      paths: [
        "maximumFileMegabytes",
        "memoryMegabytes",
        "recordDeduplicationDays",
        "recordDeduplicationDays",
      ],
    });
    expect(faults.message).toMatch(/records are recognised by the contract's primaryKey, and it has none/);
  });

  test("passes a contract as a variable, and one that is too large for that as an object", async () => {
    const ofBytes = (bytes: number): string => {
      const text = JSON.stringify(contract);
      return text + " ".repeat(bytes - Buffer.byteLength(text));
    };
    const small = await deploy({ contract: ofBytes(2500) });
    expect(environmentOf(small).CONTRACT).toBe(ofBytes(2500));
    expect(small.ofType(objectType)).toEqual([]);
    const large = await deploy({ contract: ofBytes(2501) });
    expect(large.one(objectType).inputs).toMatchObject({
      bucket: "curated",
      key: "contracts/flights/1.json",
      content: ofBytes(2501),
    });
    expect(environmentOf(large)).toMatchObject({
      CONTRACT_KEY: "contracts/flights/1.json",
      CONTRACT_SHA256: createHash("sha256").update(ofBytes(2501)).digest("hex"),
    });
    expect(Object.keys(environmentOf(large))).not.toContain("CONTRACT");
  });

  test("gives the function at most the 4 KB of variables that Lambda takes, with the longest names", async () => {
    const text = JSON.stringify({ ...richContract, version: "1" }).padEnd(2500, " ");
    const longest = "b".repeat(63);
    const deployed = await deploy({
      contract: text,
      recordDeduplicationDays: 14,
      rawBucketName: longest,
      curatedBucketName: longest,
      quarantineBucketName: longest,
    });
    const bytes = Buffer.byteLength(JSON.stringify(environmentOf(deployed)));
    // Tables and the queue may have names of 80 characters and more than the mocked ones.
    expect(bytes + 3 * 80).toBeLessThan(4096);
  });
});
