import * as fs from "node:fs";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { parsePlatformConfig } from "../../stacks/config";
import { deployPlatform } from "../../stacks/platform";
import { deployInMocks } from "../support/pulumi-mocks";

const file = path.join(__dirname, "..", "..", "Pulumi.dev.yaml");
const raw = (parse(fs.readFileSync(file, "utf8")) as { config: Record<string, Record<string, unknown>> })
  .config["mlops:platform"] as Record<string, unknown>;

const secret = (name: string): string => `arn:aws:secretsmanager:eu-central-1:111111111111:secret:${name}`;

/** One source of every kind, existing and created, and the component that it must become. */
const kinds: [name: string, kind: Record<string, unknown>, type: string][] = [
  ["files", { files: { producerArns: ["arn:aws:iam::111111111111:role/shop"] } }, "FileSource"],
  ["new-stream", { kinesis: {} }, "KinesisSource"],
  [
    "old-stream",
    { kinesis: { streamArn: "arn:aws:kinesis:eu-central-1:111111111111:stream/s" } },
    "KinesisSource",
  ],
  ["new-queue", { queue: {} }, "QueueSource"],
  ["old-queue", { queue: { queueArn: "arn:aws:sqs:eu-central-1:111111111111:q" } }, "QueueSource"],
  ["new-kafka", { kafka: { topic: "weather" } }, "KafkaSource"],
  [
    "old-kafka",
    {
      kafka: {
        topic: "weather",
        clusterArn:
          "arn:aws:kafka:eu-central-1:111111111111:cluster/c/11111111-2222-3333-4444-555555555555-1",
      },
    },
    "KafkaSource",
  ],
  [
    "other-kafka",
    {
      kafka: {
        topic: "weather",
        bootstrapServers: ["kafka.example.com:9092"],
        credentialsSecretArn: secret("kafka"),
      },
    },
    "KafkaSource",
  ],
  [
    "old-broker",
    {
      messageBroker: {
        queueName: "weather",
        brokerArn: "arn:aws:mq:eu-central-1:111111111111:broker:b:b-1",
        credentialsSecretArn: secret("broker"),
      },
    },
    "MessageBrokerSource",
  ],
  ["devices", { device: { topicFilter: "stations/+/weather" } }, "DeviceSource"],
  ["api", { api: { url: "https://weather.example.com" } }, "ApiSource"],
  [
    "mysql",
    {
      database: {
        engine: "mysql",
        secretArn: secret("mysql"),
        databaseName: "shop",
        tls: "verify-ca",
        certificateArn: "arn:aws:dms:eu-central-1:111111111111:cert:shop",
        securityGroupIds: ["sg-1"],
        tables: [{ schema: "shop", table: "weather" }],
      },
    },
    "DatabaseSource",
  ],
  ["new-broker", { messageBroker: { queueName: "weather", highlyAvailable: false } }, "MessageBrokerSource"],
  [
    "database",
    {
      database: {
        engine: "postgres",
        secretArn: secret("database"),
        databaseName: "shop",
        tables: [{ schema: "public", table: "weather" }],
      },
    },
    "DatabaseSource",
  ],
];

beforeAll(() => pulumi.runtime.setAllConfig({ "mlops:new-broker-password": "a-long-password" }));

test("every kind of source in the configuration becomes its component", async () => {
  const sources = kinds.map(([name, kind]) => ({
    name,
    dataset: "weather",
    owner: "weather-team",
    classification: "internal",
    ...kind,
  }));
  const { resources } = await deployInMocks(() => deployPlatform(parsePlatformConfig({ ...raw, sources })));
  const made = resources.map(({ type, name }) => `${type} ${name}`);
  for (const [name, , type] of kinds) expect(made).toContain(`mlops:index:${type} ${name}`);
});
