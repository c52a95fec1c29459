import { DataValidator } from "../../../components";
import { settingsSchema } from "../../../lambdas/data-validator/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy } from "../../support/pulumi-mocks";
import { contract, dataValidatorArgs } from "../loop-samples";

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

  test("gives the function an environment that it accepts", async () => {
    const { environment, ephemeralStorage } = (await deploy({ maximumFileMegabytes: 100 })).one(
      "aws:lambda/function:Function",
    ).inputs;
    expect(readEnvironment(settingsSchema, environment.variables as Record<string, string>)).toMatchObject({
      CONTRACT: contract,
      MAXIMUM_FILE_BYTES: 100 * 1024 * 1024,
    });
    expect(ephemeralStorage).toEqual({ size: 712 });
  });

  test("may read the raw zone and write the others, only below its data set, and never delete", async () => {
    const policy = (await deploy()).one("aws:iam/rolePolicy:RolePolicy").inputs.policy;
    const s3 = parsePolicy(policy).Statement.filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith("s3:")),
    );
    expect(s3.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["s3:GetObject", "s3:GetObjectVersion"], ["arn:aws:s3:::raw/flights/*"]],
      [["s3:PutObject"], ["arn:aws:s3:::curated/flights/*", "arn:aws:s3:::quarantine/flights/*"]],
    ]);
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
    [JSON.stringify({ ...contract, dataset: "a/b" }), /contract: dataset: must be a name without a slash/],
    [JSON.stringify({ ...contract, columns: [] }), /contract: columns: /],
    [
      JSON.stringify({ ...contract, primaryKey: ["nr"] }),
      /contract: primaryKey names "nr", which is no column/,
    ],
  ])("refuses the contract %s", async (text, message) => {
    await expect(deploy({ contract: text })).rejects.toThrow(message);
  });

  test("refuses a contract that does not fit into the function's environment, measured in bytes", async () => {
    const ofBytes = (bytes: number): string => {
      const text = JSON.stringify({ ...contract, version: "ü" });
      return text + " ".repeat(bytes - Buffer.byteLength(text));
    };
    const faults = await faultsOf(
      () => new DataValidator("flights", { ...dataValidatorArgs, contract: ofBytes(3501) }),
    );
    expect(faults).toMatchObject({ paths: ["contract"], registered: 0 });
    expect(faults.message).toMatch(/3501 bytes were given; at most 3500 are allowed/);
    await expect(deploy({ contract: ofBytes(3500) })).resolves.toBeDefined();
  });
});
