import type * as pulumi from "@pulumi/pulumi";

import { settingsSchema as replayerSettings } from "../../../lambdas/firehose-replayer/settings";
import { settingsSchema as writerSettings } from "../../../lambdas/record-writer/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, MockedDeployment, parsePolicy } from "../../support/pulumi-mocks";
import { ingestionSamples } from "../ingestion-samples";
import { rightsOf } from "./rights";

const sourcesWithWriter = ["QueueSource", "KafkaSource", "MessageBrokerSource", "DeviceSource"];
const topic = "arn:aws:sns:eu-west-1:123456789012:alerts";
const sampleOf = (component: string) =>
  ingestionSamples.find((sample) => sample.component === component) ?? ingestionSamples[0];

describe.each(ingestionSamples)("the source $component", ({ component, create }) => {
  const deploy = (common: object = {}) => deployInMocks(() => create(common as never));

  test("tags what it makes with owner, data set and classification, below the caller's tags", async () => {
    const tags = { owner: "other-team", stage: "test" };
    const deployed = await deploy({ tags });
    const tagged = deployed.resources.filter(({ inputs, custom }) => custom && inputs.tags !== undefined);
    expect(tagged.length).toBeGreaterThan(0);
    for (const { inputs } of tagged) {
      expect(inputs.tags).toEqual({ dataset: "flights", classification: "internal", ...tags });
    }
  });

  test("has an alarm that names the owner and tells the topic", async () => {
    const deployed = await deploy({ alarmTopicArn: topic });
    const alarms = deployed.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.length).toBeGreaterThan(0);
    for (const { inputs } of alarms) expect(inputs.alarmActions).toEqual([topic]);
    expect(
      alarms.some(({ inputs }) => (inputs.alarmDescription as string).endsWith("Owner: platform-team.")),
    ).toBe(true);
  });

  test("says everything that is wrong with its description at once", async () => {
    const wrong = { owner: " ", dataset: "Flights", classification: "secret" };
    const faults = await faultsOf(() => create(wrong as never));
    expect(faults.paths).toEqual(["owner", "dataset", "classification"]);
    expect(faults.registered).toBe(0);
    expect(faults.message).toContain(`${component}: owner: `);
    expect(faults.message).toContain('"Flights" was given; 1 to 31 lower-case letters');
    expect(faults.message).toContain("allowed are public, internal, confidential, personal");
  });

  test("refuses a data set named as a folder of the lake", async () => {
    const { message } = await faultsOf(() => create({ dataset: "dead-letters" } as never));
    expect(message).toContain("are folders of the lake itself");
  });
});

describe.each(sourcesWithWriter)("the record writer of %s", (component) => {
  let deployed: MockedDeployment<pulumi.ComponentResource>;
  beforeAll(async () => {
    deployed = await deployInMocks(() => sampleOf(component)!.create({}));
  });

  test("has an environment that the function accepts", () => {
    const { environment } = deployed.one("aws:lambda/function:Function").inputs;
    expect(readEnvironment(writerSettings, environment.variables as Record<string, string>)).toEqual({
      DATASET: "flights",
      SOURCE: "sample",
      RAW_BUCKET: "raw",
      DEAD_LETTER_QUEUE_URL: "https://sqs.eu-west-1.test/123456789012/sample-refused",
      ADD_METADATA: false,
    });
  });

  test("may write below its own folder and use its own dead letters, and nothing else of the lake", () => {
    const rights = rightsOf(deployed, "sample-writer");
    expect(rights.WriteRaw).toEqual([
      ["s3:PutObject"],
      ["arn:aws:s3:::raw/flights/sample/*", "arn:aws:s3:::raw/dead-letters/flights/sample/*"],
    ]);
    expect(rights.ReadDeadRecords).toEqual([
      ["s3:GetObject"],
      ["arn:aws:s3:::raw/dead-letters/flights/sample/*"],
    ]);
    expect(rights.DeadRecords?.[1]).toEqual(["arn:aws:sqs:eu-west-1:123456789012:sample-refused"]);
    const ids = Object.keys(rights);
    const { inputs } = deployed.one("aws:iam/rolePolicy:RolePolicy", "sample-writer");
    // IAM refuses a policy with the same id twice.
    expect(parsePolicy(inputs.policy).Statement).toHaveLength(ids.length);
  });

  test("is called by one mapping", () => {
    const mapping = deployed.one("aws:lambda/eventSourceMapping:EventSourceMapping");
    expect(mapping.inputs.functionName).toBe("arn:aws:lambda:eu-west-1:123456789012:sample-writer");
  });
});

test("the replayer of a Kinesis source has an environment that the function accepts and only its rights", async () => {
  const deployed = await deployInMocks(() => sampleOf("KinesisSource")!.create({}));
  const { environment } = deployed.one("aws:lambda/function:Function").inputs;
  expect(readEnvironment(replayerSettings, environment.variables as Record<string, string>)).toMatchObject({
    DEAD_LETTER_PREFIX: "dead-letters/flights/sample/",
    REPLAYED_PREFIX: "dead-letters-replayed/flights/sample/",
  });
  const rights = rightsOf(deployed, "sample-replayer");
  expect(rights.MoveDeadRecords).toEqual([
    ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
    ["arn:aws:s3:::raw/dead-letters/flights/sample/*"],
  ]);
  expect(rights.PutBack).toEqual([["kinesis:PutRecords"], ["arn:aws:kinesis:eu-west-1:123456789012:sample"]]);
});
