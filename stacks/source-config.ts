import { z } from "zod";

import {
  ApiAuthenticationKind,
  ApiIncrement,
  ApiMethod,
  ApiPaging,
  ApiPagination,
  apiAddressFault,
} from "../components/contracts/api-polling";
import { DataClassification } from "../components/contracts/source";
import { KafkaAuthentication, KafkaStartingPosition } from "../components/ingestion/kafka-args";
import { DatabaseEngine, DatabaseTls, ReplicationType } from "../components/ingestion/database-args";
import { schedule } from "./schedule-config";

/** Files that producers put into the raw zone themselves. */
export interface FilesConfig {
  /** ARNs of the roles, users or accounts that deliver. */
  producerArns: string[];
  /** Hours without a good row after which the alarm rings. @default 24 */
  maximumSilenceHours: number;
}

/** A Kinesis stream that Firehose brings into the lake as Parquet. */
export interface KinesisConfig {
  /** ARN of an existing stream. @default a new stream */
  streamArn?: string;
  /** Hours that a new stream keeps its records. @default 168 */
  retentionHours: number;
  /** Seconds that records are collected into one file. @default 300 */
  bufferingSeconds: number;
}

/** An SQS queue. */
export interface QueueConfig {
  /** ARN of an existing queue. @default a new queue */
  queueArn?: string;
  /** Seconds that messages are collected. @default 20 */
  batchingWindowSeconds: number;
}

/** A topic of Kafka: a new MSK Serverless cluster, an existing one, or one that is managed elsewhere. */
export interface KafkaConfig {
  topic: string;
  /** ARN of an existing MSK cluster. @default a new MSK Serverless cluster */
  clusterArn?: string;
  /** Brokers of a cluster that is not MSK, as `host:port`. */
  bootstrapServers?: string[];
  authentication?: KafkaAuthentication;
  credentialsSecretArn?: string;
  startingPosition: KafkaStartingPosition;
  /** Security groups that may reach the brokers. @default those of the platform's workloads, which reach port 443 only */
  securityGroupIds?: string[];
}

/** A queue of RabbitMQ on Amazon MQ. */
export interface MessageBrokerConfig {
  queueName: string;
  virtualHost: string;
  /** ARN of an existing broker; then `credentialsSecretArn` is needed too. @default a new broker */
  brokerArn?: string;
  credentialsSecretArn?: string;
  highlyAvailable: boolean;
}

/** Devices that publish over MQTT to IoT Core. */
export interface DeviceConfig {
  /** Filter of their topics, for example `stations/+/weather`. */
  topicFilter: string;
  batchingWindowSeconds: number;
}

/** An API that is polled. */
export interface ApiConfig {
  url: string;
  method?: ApiMethod;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  graphqlQuery?: string;
  recordsPath?: string;
  paging?: ApiPaging;
  increment?: ApiIncrement;
  authentication?: { kind: ApiAuthenticationKind; header?: string; tokenUrl?: string; scope?: string };
  secretArn?: string;
  /** Key of the secret, where it is not the platform's. */
  secretKmsKeyArn?: string;
  /** @default rate(1 hour) */
  schedule: string;
  /** Hours without a successful poll after which the alarm rings; longer than the schedule. @default 24 */
  heartbeatHours?: number;
}

/** A database whose tables and changes are replicated with DMS Serverless. */
export interface DatabaseConfig {
  engine: DatabaseEngine;
  /** Secret with host, port, user and password, as DMS reads it. */
  secretArn: string;
  databaseName: string;
  /** Tables that are replicated. */
  tables: { schema: string; table: string }[];
  /** How the connection is encrypted. @default that of the engine */
  tls?: DatabaseTls;
  /** Certificate of the database's authority, as imported to DMS; MySQL needs one. */
  certificateArn?: string;
  /** Key of the secret, where it is not the platform's. */
  secretKmsKeyArn?: string;
  /** Security groups that may reach the database. @default those of the platform's workloads, which reach port 443 only */
  securityGroupIds?: string[];
  replication: ReplicationType;
  /** Most capacity units of DMS. @default 4 */
  maximumCapacityUnits: number;
}

/** One way by which records come into the lake: the same words for every kind, and one block that says which kind. */
export interface SourceConfig {
  /** Name of the source, unique in the platform. */
  name: string;
  /** Data set that it feeds. */
  dataset: string;
  /** Team that answers for the data. */
  owner: string;
  classification: DataClassification;
  files?: FilesConfig;
  kinesis?: KinesisConfig;
  queue?: QueueConfig;
  kafka?: KafkaConfig;
  messageBroker?: MessageBrokerConfig;
  device?: DeviceConfig;
  api?: ApiConfig;
  database?: DatabaseConfig;
}

const arn = (service: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `must be an ARN that begins with arn:aws:${service}:`);
const secretArn = arn("secretsmanager");
const securityGroupIds = z.array(z.string().startsWith("sg-")).min(1);
const batchingWindowSeconds = z.int().min(1).max(300).default(20);

const filesSchema = z.strictObject({
  producerArns: z.array(z.string().startsWith("arn:")).min(1),
  maximumSilenceHours: z.int().min(1).max(168).default(24),
}) satisfies z.ZodType<FilesConfig>;

const kinesisSchema = z.strictObject({
  streamArn: arn("kinesis").optional(),
  retentionHours: z.int().min(24).max(8760).default(168),
  bufferingSeconds: z.int().min(0).max(900).default(300),
}) satisfies z.ZodType<KinesisConfig>;

const queueSchema = z.strictObject({
  queueArn: arn("sqs").optional(),
  batchingWindowSeconds,
}) satisfies z.ZodType<QueueConfig>;

const kafkaSchema = z
  .strictObject({
    topic: z.string().min(1),
    clusterArn: arn("kafka").optional(),
    bootstrapServers: z
      .array(z.string().regex(/^[^:]+:\d+$/, "must be host:port"))
      .min(1)
      .optional(),
    authentication: z.enum(KafkaAuthentication).optional(),
    credentialsSecretArn: secretArn.optional(),
    startingPosition: z.enum(KafkaStartingPosition).default(KafkaStartingPosition.Oldest),
    securityGroupIds: securityGroupIds.optional(),
  })
  .refine(({ clusterArn, bootstrapServers }) => clusterArn === undefined || bootstrapServers === undefined, {
    error: "clusterArn and bootstrapServers name two clusters; give one of them",
    path: ["clusterArn"],
  }) satisfies z.ZodType<KafkaConfig>;

const messageBrokerSchema = z
  .strictObject({
    queueName: z.string().min(1),
    virtualHost: z.string().default("/"),
    brokerArn: arn("mq").optional(),
    credentialsSecretArn: secretArn.optional(),
    highlyAvailable: z.boolean().default(true),
  })
  .refine(
    ({ brokerArn, credentialsSecretArn }) =>
      (brokerArn === undefined) === (credentialsSecretArn === undefined),
    {
      error: "brokerArn and credentialsSecretArn describe an existing broker together; give both or neither",
      path: ["brokerArn"],
    },
  ) satisfies z.ZodType<MessageBrokerConfig>;

const deviceSchema = z.strictObject({
  topicFilter: z.string().min(1),
  batchingWindowSeconds,
}) satisfies z.ZodType<DeviceConfig>;

const apiSchema = z.strictObject({
  url: z.string().check((context) => {
    const message = apiAddressFault(context.value);
    if (message !== undefined) context.issues.push({ code: "custom", input: context.value, message });
  }),
  method: z.enum(ApiMethod).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  query: z.record(z.string(), z.string()).optional(),
  graphqlQuery: z.string().min(1).optional(),
  recordsPath: z.string().optional(),
  paging: z
    .strictObject({
      kind: z.enum(ApiPagination),
      parameter: z.string().optional(),
      sizeParameter: z.string().optional(),
      pageSize: z.int().min(1).optional(),
      firstPage: z.int().min(0).optional(),
      cursorPath: z.string().optional(),
      hasMorePath: z.string().optional(),
    })
    .optional(),
  increment: z
    .strictObject({
      field: z.string(),
      parameter: z.string(),
      initial: z.string(),
      overlap: z.number().min(0).optional(),
    })
    .optional(),
  authentication: z
    .strictObject({
      kind: z.enum(ApiAuthenticationKind),
      header: z.string().optional(),
      tokenUrl: z.string().optional(),
      scope: z.string().optional(),
    })
    .optional(),
  secretArn: secretArn.optional(),
  secretKmsKeyArn: arn("kms").optional(),
  heartbeatHours: z.int().min(1).max(168).optional(),
  schedule: schedule.default("rate(1 hour)"),
}) satisfies z.ZodType<ApiConfig>;

const databaseSchema = z.strictObject({
  engine: z.enum(DatabaseEngine),
  secretArn,
  databaseName: z.string().min(1),
  tables: z.array(z.strictObject({ schema: z.string().min(1), table: z.string().min(1) })).min(1),
  tls: z.enum(DatabaseTls).optional(),
  certificateArn: arn("dms").optional(),
  secretKmsKeyArn: arn("kms").optional(),
  securityGroupIds: securityGroupIds.optional(),
  replication: z.enum(ReplicationType).default(ReplicationType.FullLoadAndChanges),
  maximumCapacityUnits: z.int().min(1).default(4),
}) satisfies z.ZodType<DatabaseConfig>;

const kinds = ["files", "kinesis", "queue", "kafka", "messageBroker", "device", "api", "database"] as const;

/** Schema of a source. */
export const sourceSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and hyphens, at most 31"),
    dataset: z.string(),
    owner: z.string().min(1),
    classification: z.enum(DataClassification),
    files: filesSchema.optional(),
    kinesis: kinesisSchema.optional(),
    queue: queueSchema.optional(),
    kafka: kafkaSchema.optional(),
    messageBroker: messageBrokerSchema.optional(),
    device: deviceSchema.optional(),
    api: apiSchema.optional(),
    database: databaseSchema.optional(),
  })
  .check((context) => {
    const given = kinds.filter((kind) => context.value[kind] !== undefined);
    if (given.length === 1) return;
    const message = `a source is of one kind: ${kinds.join(", ")}; ${given.length === 0 ? "none" : given.join(" and ")} was given`;
    context.issues.push({ code: "custom", input: context.value, message });
  }) satisfies z.ZodType<SourceConfig>;
