/** What comes into the sandbox: records of streams, messages of devices, features. */
import { CreateDeliveryStreamCommand, FirehoseClient } from "@aws-sdk/client-firehose";
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateTopicRuleCommand, IoTClient } from "@aws-sdk/client-iot";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateFeatureGroupCommand, DeleteFeatureGroupCommand, FeatureType } from "@aws-sdk/client-sagemaker";
import {
  BatchGetRecordCommand,
  DeleteRecordCommand,
  GetRecordCommand,
  PutRecordCommand,
  SageMakerFeatureStoreRuntimeClient,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";
import {
  createRole,
  Inbox,
  RunningGateway,
  TestClients,
  waitFor,
} from "../local/gateway/support/running-gateway";
import { Objects } from "../local/gateway/support/objects";

const bucket = "gateway-streams";
let running: RunningGateway;
let clients: TestClients;
let settings: ReturnType<RunningGateway["settings"]>;
let objects: Objects;

jest.setTimeout(10 * 60_000);

beforeAll(async () => {
  running = await RunningGateway.start();
  clients = running.clients();
  settings = running.settings();
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  objects = new Objects(clients, bucket);
});

afterAll(async () => {
  await running.stop();
});

describe("Kinesis", () => {
  const stream = "readings";

  async function createDelivery(): Promise<void> {
    const role = await createRole(clients, "firehose", "firehose");
    const glue = new GlueClient(settings);
    const columns = [
      { Name: "sensor", Type: "string" },
      { Name: "celsius", Type: "double" },
    ];
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "raw" } }));
    await glue.send(
      new CreateTableCommand({
        DatabaseName: "raw",
        TableInput: { Name: "readings", StorageDescriptor: { Columns: columns } },
      }),
    );
    const kinesis = new KinesisClient(settings);
    await kinesis.send(
      new CreateStreamCommand({ StreamName: stream, StreamModeDetails: { StreamMode: "ON_DEMAND" } }),
    );
    const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
    await new FirehoseClient(settings).send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: "readings",
        DeliveryStreamType: "KinesisStreamAsSource",
        KinesisStreamSourceConfiguration: {
          KinesisStreamARN: summary.StreamDescriptionSummary?.StreamARN,
          RoleARN: role,
        },
        ExtendedS3DestinationConfiguration: {
          RoleARN: role,
          BucketARN: `arn:aws:s3:::${bucket}`,
          Prefix: "readings/year=!{timestamp:yyyy}/",
          ErrorOutputPrefix: "dead-letters/readings/!{firehose:error-output-type}/",
          DataFormatConversionConfiguration: {
            Enabled: true,
            InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
            OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
            SchemaConfiguration: { DatabaseName: "raw", TableName: "readings", RoleARN: role },
          },
        },
      }),
    );
  }

  it("reaches S3 as Parquet through Firehose, and poison reaches the error prefix as it came", async () => {
    await createDelivery();
    const sent = [
      { sensor: "a", celsius: 20.5 },
      { sensor: "b", celsius: 21 },
    ];
    const poison = ['{"sensor": "c", "celsius":', "\u0000\u0001 not JSON"];
    const texts = [...sent.map((record) => JSON.stringify(record)), ...poison];
    // The SDK's Kinesis client speaks HTTP/2 to any endpoint.
    const answer = await new KinesisClient(settings).send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: texts.map((text, index) => ({ Data: Buffer.from(text), PartitionKey: String(index) })),
      }),
    );
    expect(answer.FailedRecordCount).toBe(0);
    const good = await waitFor("Parquet of every good record", async () => {
      const keys = await objects.keysBelow("readings/");
      return keys.length === sent.length ? keys : undefined;
    });
    const bad = await waitFor("error object of every poison record", async () => {
      const keys = await objects.keysBelow("dead-letters/");
      return keys.length === poison.length ? keys : undefined;
    });
    expect(good.every((key) => /^readings\/year=\d{4}\/.*\.parquet$/.test(key))).toBe(true);
    expect(await objects.rows(good)).toEqual(sent);
    expect(bad[0]).toMatch(/^dead-letters\/readings\/format-conversion-failed\//);
    const errors = await Promise.all(
      bad.map(async (key) => JSON.parse((await objects.content(key)).toString()) as Record<string, string>),
    );
    const raw = errors.map(({ rawData = "" }) => Buffer.from(rawData, "base64").toString());
    expect(raw.sort()).toEqual([...poison].sort());
    expect(errors[0]).toMatchObject({
      ErrorCode: expect.stringMatching(/^DataFormatConversion\./) as string,
    });
  });
});

describe("IoT Core", () => {
  it("sends what a device publishes through a topic rule to a queue, and what fails to the error action", async () => {
    const role = await createRole(clients, "devices", "iot");
    const [readings, failures] = [
      await Inbox.create(clients, "devices"),
      await Inbox.create(clients, "failures"),
    ];
    const iot = new IoTClient(settings);
    const toQueue = (queueUrl: string) => ({ sqs: { queueUrl, roleArn: role, useBase64: false } });
    const payload = (topics: string, queueUrl: string) => ({
      sql: `SELECT *, topic(2) AS sensor, timestamp() AS received FROM '${topics}'`,
      awsIotSqlVersion: "2016-03-23",
      actions: [toQueue(queueUrl)],
      errorAction: toQueue(failures.url),
    });
    await iot.send(
      new CreateTopicRuleCommand({
        ruleName: "readings",
        topicRulePayload: payload("sensors/+/readings", readings.url),
      }),
    );
    const gone = `${new URL(readings.url).origin}/${running.sandbox.accountId}/nowhere`;
    await iot.send(
      new CreateTopicRuleCommand({ ruleName: "lost", topicRulePayload: payload("lost/+", gone) }),
    );
    const device = new IoTDataPlaneClient(settings);
    const publish = (topic: string, document: object) =>
      device.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(JSON.stringify(document)) }));
    await publish("sensors/one/readings", { celsius: 20.5 });
    await publish("elsewhere", { celsius: 1 });
    await publish("lost/two", { celsius: 21 });
    const message = await readings.find<Record<string, unknown>>("reading", () => true);
    expect(message).toEqual({ celsius: 20.5, sensor: "one", received: expect.any(Number) as number });
    const failure = await failures.find<{
      base64OriginalPayload: string;
      failures: { errorMessage: string }[];
    }>("message of the error action", () => true);
    expect(JSON.parse(Buffer.from(failure.base64OriginalPayload, "base64").toString())).toEqual({
      celsius: 21,
    });
    expect(failure.failures[0]?.errorMessage).toMatch(/nowhere|exist/i);
    expect(await readings.all()).toHaveLength(1);
  });
});

describe("feature records", () => {
  const definitions = [
    { FeatureName: "id", FeatureType: FeatureType.STRING },
    { FeatureName: "at", FeatureType: FeatureType.FRACTIONAL },
    { FeatureName: "flights", FeatureType: FeatureType.INTEGRAL },
  ];
  const now = Math.floor(Date.now() / 1000);

  it("are kept by event time, end with their time to live and go with their group", async () => {
    const role = await createRole(clients, "features", "sagemaker");
    const group = {
      FeatureGroupName: "carriers",
      RecordIdentifierFeatureName: "id",
      EventTimeFeatureName: "at",
      FeatureDefinitions: definitions,
      OnlineStoreConfig: { EnableOnlineStore: true },
      RoleArn: role,
    };
    await clients.sageMaker.send(new CreateFeatureGroupCommand(group));
    const runtime = new SageMakerFeatureStoreRuntimeClient(settings);
    const FeatureGroupName = group.FeatureGroupName;
    const put = (id: string, at: number, flights: string, more: object = {}) => {
      const values = { id, at: String(at), flights };
      const Record = Object.entries(values).map(([FeatureName, ValueAsString]) => ({
        FeatureName,
        ValueAsString,
      }));
      return runtime.send(new PutRecordCommand({ FeatureGroupName, Record, ...more }));
    };
    const get = async (id: string) => {
      const command = new GetRecordCommand({
        FeatureGroupName,
        RecordIdentifierValueAsString: id,
        FeatureNames: ["flights"],
      });
      return (await runtime.send(command)).Record?.[0]?.ValueAsString;
    };
    await put("UA", now, "5");
    await put("UA", now - 60, "4");
    expect(await get("UA")).toBe("5");
    await put("old", now - 3600, "1", { TtlDuration: { Unit: "Minutes", Value: 1 } });
    expect(await get("old")).toBeUndefined();
    await put("B6", now, "7", { TtlDuration: { Unit: "Days", Value: 1 } });
    const batch = await runtime.send(
      new BatchGetRecordCommand({
        Identifiers: [{ FeatureGroupName, RecordIdentifiersValueAsString: ["UA", "B6", "old", "none"] }],
        ExpirationTimeResponse: "Enabled",
      }),
    );
    expect(batch.Records?.map((record) => [record.RecordIdentifierValueAsString, record.ExpiresAt])).toEqual([
      ["UA", undefined],
      ["B6", new Date((now + 86_400) * 1000).toISOString().replace(".000", "")],
    ]);
    await expect(put("UA", now, "many")).rejects.toMatchObject({ name: "ValidationError" });
    await runtime.send(
      new DeleteRecordCommand({
        FeatureGroupName,
        RecordIdentifierValueAsString: "UA",
        EventTime: String(now + 1),
      }),
    );
    await put("UA", now, "6");
    expect(await get("UA")).toBeUndefined();
    await clients.sageMaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName }));
    await expect(get("B6")).rejects.toMatchObject({ name: "ResourceNotFound" });
    await clients.sageMaker.send(new CreateFeatureGroupCommand(group));
    expect(await get("B6")).toBeUndefined();
  });
});
