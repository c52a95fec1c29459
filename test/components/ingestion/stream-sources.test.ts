import { DeviceSource, FileSource, KinesisSource, QueueSource } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy, valueOf } from "../../support/pulumi-mocks";
import {
  deviceSourceArgs,
  existingQueueArn,
  existingStreamArn,
  fileSourceArgs,
  kinesisSourceArgs,
  sourceArgs,
} from "../ingestion-samples";
import { rightsOf } from "./rights";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

describe("the queue source", () => {
  const deploy = (changes: object = {}) =>
    deployInMocks(() => new QueueSource("live", { ...sourceArgs, ...changes }));

  test("moves a message that fails five times to the queue that takes from it alone", async () => {
    const deployed = await deploy();
    const { redrivePolicy, visibilityTimeoutSeconds } = deployed.one("aws:sqs/queue:Queue", "live").inputs;
    expect(JSON.parse(redrivePolicy as string)).toEqual({
      deadLetterTargetArn: arn("sqs", "live-refused"),
      maxReceiveCount: 5,
    });
    expect(visibilityTimeoutSeconds).toBe(360);
    const allow = deployed.one("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy").inputs;
    expect(JSON.parse(allow.redriveAllowPolicy as string)).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: [arn("sqs", "live")],
    });
    expect(deployed.one(mappingType).inputs).toMatchObject({
      eventSourceArn: arn("sqs", "live"),
      functionResponseTypes: ["ReportBatchItemFailures"],
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 20,
    });
  });

  test("reads a queue that exists without making one", async () => {
    const deployed = await deploy({ existingQueueArn, maximumConcurrency: 4 });
    expect(deployed.ofType("aws:sqs/queue:Queue").map(({ name }) => name)).not.toContain("live");
    expect(deployed.one(mappingType).inputs).toMatchObject({
      eventSourceArn: existingQueueArn,
      scalingConfig: { maximumConcurrency: 4 },
    });
    expect(rightsOf(deployed, "live-writer").ReadQueue?.[1]).toEqual([existingQueueArn]);
    expect(await valueOf(deployed.result.queueUrl)).toBe("");
  });

  test("keeps within what Lambda allows for a FIFO queue", async () => {
    const deployed = await deploy({ existingQueueArn: `${existingQueueArn}.fifo` });
    expect(deployed.one(mappingType).inputs).toMatchObject({
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
    });
  });

  test.each([
    [{ existingQueueArn, maximumReceives: 3 }, ["existingQueueArn"]],
    [
      { maximumReceives: 0, batchSize: 20_000, maximumConcurrency: 1 },
      ["maximumReceives", "batchSize", "maximumConcurrency"],
    ],
    [{ batchSize: 11, batchingWindowSeconds: 0 }, ["batchingWindowSeconds"]],
    [{ existingQueueArn: `${existingQueueArn}.fifo`, batchSize: 11 }, ["batchSize"]],
  ])("refuses %j", async (changes, paths) => {
    const faults = await faultsOf(() => new QueueSource("live", { ...sourceArgs, ...changes }));
    expect(faults).toMatchObject({ paths, registered: 0 });
  });
});

describe("the Kinesis source", () => {
  const deploy = (changes: object = {}) =>
    deployInMocks(() => new KinesisSource("live", { ...kinesisSourceArgs, ...changes }));
  const deliveryType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

  test("writes Parquet by the hour, and what is no JSON beside the lake", async () => {
    const { extendedS3Configuration: target, kinesisSourceConfiguration: source } = (await deploy()).one(
      deliveryType,
    ).inputs;
    const hour = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";
    expect(target).toMatchObject({
      prefix: `flights/live/${hour}`,
      errorOutputPrefix: `dead-letters/flights/live/!{firehose:error-output-type}/${hour}`,
      compressionFormat: "UNCOMPRESSED",
    });
    expect(source.kinesisStreamArn).toBe(arn("kinesis", "live"));
  });

  test("takes every column as text, so that a wrong value reaches the validator", async () => {
    const contract = { dataset: "flights", version: "1", columns: [{ name: "id", type: "integer" }] };
    const table = (await deploy({ contract: JSON.stringify(contract) })).one(
      "aws:glue/catalogTable:CatalogTable",
    );
    expect(table.inputs.storageDescriptor.columns).toEqual([{ name: "id", type: "string" }]);
  });

  test("gives Firehose the rights on its stream, its folders and its table, and no others", async () => {
    const rights = rightsOf(await deploy(), "live-delivery");
    expect(Object.fromEntries(Object.entries(rights).map(([sid, [, on]]) => [sid, on]))).toEqual({
      ReadStream: [arn("kinesis", "live")],
      WriteLake: ["arn:aws:s3:::raw/flights/live/*", "arn:aws:s3:::raw/dead-letters/flights/live/*"],
      FindUploads: ["arn:aws:s3:::raw"],
      ReadColumns: [
        arn("glue", "catalog"),
        arn("glue", "database/raw_records"),
        arn("glue", "table/raw_records/live-1234567"),
      ],
      Logs: [`${arn("cloudwatch", "live-delivery")}:log-stream:*`],
    });
  });

  test("watches delay, refused records, the distance to the stream and throttling", async () => {
    const alarms = (await deploy({ maximumDelayMinutes: 60 })).ofType(
      "aws:cloudwatch/metricAlarm:MetricAlarm",
    );
    const watched = Object.fromEntries(alarms.map(({ inputs }) => [inputs.metricName, inputs.threshold]));
    expect(watched).toMatchObject({
      "DeliveryToS3.DataFreshness": 3600,
      "FailedConversion.Records": 0,
      KinesisMillisBehindLatest: 3_600_000,
      WriteProvisionedThroughputExceeded: 0,
    });
  });

  test("reads a stream that exists without making one", async () => {
    const deployed = await deploy({ existingStreamArn });
    expect(deployed.ofType("aws:kinesis/stream:Stream")).toEqual([]);
    expect(await valueOf(deployed.result.streamName)).toBe("departures");
  });

  test.each([
    [{ contract: "no json" }, /contract: "no json" was given; a data contract in JSON is needed/],
    [
      { contract: JSON.stringify({ columns: [{ name: "Id" }] }) },
      /contract: the column "Id" was given; Firehose writes columns in lower-case/,
    ],
    [{ existingStreamArn, retentionHours: 24 }, /existingStreamArn and retentionHours were both given/],
    [{ retentionHours: 23 }, /retentionHours: 23 was given; allowed is 24 to 8760/],
    [{ bufferingMegabytes: 5 }, /bufferingMegabytes: 5 was given; allowed is 64 to 128/],
  ])("refuses %j", async (changes, message) => {
    await expect(deploy(changes)).rejects.toThrow(message);
  });
});

describe("the device source", () => {
  const deploy = (changes: object = {}) =>
    deployInMocks(() => new DeviceSource("live-weather", { ...deviceSourceArgs, ...changes }));

  test("passes messages to a queue, and what fails on the way to the queue of dead letters", async () => {
    const deployed = await deploy();
    const rule = deployed.one("aws:iot/topicRule:TopicRule").inputs;
    expect(rule).toMatchObject({
      name: "test_live_weather",
      sql: "SELECT * FROM 'stations/+/weather'",
      sqs: [{ queueUrl: "https://sqs.eu-west-1.test/123456789012/live-weather", useBase64: false }],
      errorAction: {
        sqs: { queueUrl: "https://sqs.eu-west-1.test/123456789012/live-weather-refused", useBase64: false },
      },
    });
    expect(rightsOf(deployed, "live-weather-rule")).toEqual({
      PassOn: [["sqs:SendMessage"], [arn("sqs", "live-weather"), arn("sqs", "live-weather-refused")]],
    });
    expect(deployed.ofType("aws:iot/policy:Policy")).toEqual([]);
  });

  test("adds topic and time when that is asked for", async () => {
    const rule = (await deploy({ addDeviceFields: true, selection: "temperature" })).one(
      "aws:iot/topicRule:TopicRule",
    );
    expect(rule.inputs.sql).toBe(
      "SELECT temperature, topic() AS device_topic, timestamp() AS device_time FROM 'stations/+/weather'",
    );
  });

  test("lets a device connect as itself and publish to the topics only", async () => {
    const deployed = await deploy({ createDevicePolicy: true, topicFilter: "stations/+/weather/#" });
    const { Statement } = parsePolicy(deployed.one("aws:iot/policy:Policy").inputs.policy);
    expect(Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["iot:Connect"], [`${arn("iot", "client")}/\${iot:Connection.Thing.ThingName}`]],
      [["iot:Publish"], [arn("iot", "topic/stations/*/weather/*")]],
    ]);
  });

  test.each(["", "/a", "a//b", "a/#/b", "a/b+", "it's", "$aws/things", "a b", "#"])(
    "refuses the topic filter %j",
    async (topicFilter) => {
      await expect(deploy({ topicFilter })).rejects.toThrow(/topicFilter: /);
    },
  );

  test.each(["a", "+", "a/+/b", "a/#", "+/+/#"])("accepts the topic filter %j", async (topicFilter) => {
    await expect(deploy({ topicFilter })).resolves.toBeDefined();
  });
});

describe("the file source", () => {
  const deploy = (changes: object = {}) =>
    deployInMocks(() => new FileSource("partner", { ...fileSourceArgs, ...changes }));

  test("lets the producers add files below the data set and do nothing else", async () => {
    const deployed = await deploy({ externalId: "word" });
    expect(rightsOf(deployed, "partner-producer")).toEqual({
      Deliver: [["s3:PutObject", "s3:AbortMultipartUpload"], ["arn:aws:s3:::raw/flights/*"]],
    });
    const trust = parsePolicy(deployed.one("aws:iam/role:Role").inputs.assumeRolePolicy).Statement;
    expect(trust).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: fileSourceArgs.producerArns },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "sts:ExternalId": "word" } },
      },
    ]);
  });

  test("rings when no good row came for the hours allowed, also when the validator is silent", async () => {
    const alarm = (await deploy({ maximumSilenceHours: 6 })).one("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarm.inputs).toMatchObject({
      namespace: "mlops/data-quality",
      metricName: "GoodRows",
      dimensions: { service: "data-validator", Dataset: "flights" },
      period: 3600,
      evaluationPeriods: 6,
      treatMissingData: "breaching",
    });
  });

  test.each([
    [{ producerArns: [] }, ["producerArns"]],
    [{ producerArns: ["*"] }, ["producerArns[0]"]],
    [{ maximumSilenceHours: 0 }, ["maximumSilenceHours"]],
  ])("refuses %j", async (changes, paths) => {
    expect(await faultsOf(() => new FileSource("partner", { ...fileSourceArgs, ...changes }))).toMatchObject({
      paths,
      registered: 0,
    });
  });
});
