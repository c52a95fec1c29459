import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  type TableDescription,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";
import {
  attributeDefinitions,
  fromDescription,
  globalIndex,
  indexUpdates,
  keySchema,
  localIndex,
  streamSpecification,
  type TableInputs,
  tableSettings,
  throughput,
} from "./schema";

/** How long a table may take to become active, and how often that is looked at (milliseconds). */
const activeTimeout = 60_000;
const activeInterval = 200;

async function describe(client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  return (await orGone(client.send(new DescribeTableCommand({ TableName }))))?.Table;
}

async function untilActive(client: DynamoDBClient, TableName: string): Promise<TableDescription> {
  const deadline = Date.now() + activeTimeout;
  for (;;) {
    const table = await describe(client, TableName);
    const indexes = table?.GlobalSecondaryIndexes ?? [];
    const ready = indexes.every(({ IndexStatus }) => IndexStatus === undefined || IndexStatus === "ACTIVE");
    if (table?.TableStatus === "ACTIVE" && ready) return table;
    if (Date.now() > deadline) {
      throw new Error(
        `table ${TableName} is not active after ${activeTimeout / 1000} s, it is ${table?.TableStatus}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, activeInterval));
  }
}

/** Settings that have calls of their own. */
async function setCompanions(
  client: DynamoDBClient,
  olds: Partial<TableInputs>,
  news: TableInputs,
): Promise<void> {
  const TableName = news.name!;
  if (!sameValue(olds.pointInTimeRecovery, news.pointInTimeRecovery)) {
    const { enabled = false, recoveryPeriodInDays } = news.pointInTimeRecovery ?? {};
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: enabled,
          RecoveryPeriodInDays: enabled ? recoveryPeriodInDays : undefined,
        },
      }),
    );
  }
  if (!sameValue(olds.ttl, news.ttl)) {
    const attribute = news.ttl?.attributeName ?? olds.ttl?.attributeName;
    const Enabled = news.ttl !== undefined && news.ttl.enabled !== false;
    if (!attribute || (!Enabled && !olds.ttl)) return;
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: attribute, Enabled },
      }),
    );
  }
}

async function companions(client: DynamoDBClient, TableName: string, given: Partial<TableInputs>) {
  const [backups, ttl] = await Promise.all([
    orGone(client.send(new DescribeContinuousBackupsCommand({ TableName }))),
    orGone(client.send(new DescribeTimeToLiveCommand({ TableName }))),
  ]);
  const recovery = backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const period = given.pointInTimeRecovery?.recoveryPeriodInDays;
  const enabled = recovery?.PointInTimeRecoveryStatus === "ENABLED";
  const live = ttl?.TimeToLiveDescription;
  const ttlEnabled = live?.TimeToLiveStatus === "ENABLED" || live?.TimeToLiveStatus === "ENABLING";
  return {
    pointInTimeRecovery: {
      enabled,
      ...(period === undefined ? {} : { recoveryPeriodInDays: recovery?.RecoveryPeriodInDays ?? period }),
    },
    ttl:
      live?.AttributeName && ttlEnabled
        ? { attributeName: live.AttributeName, enabled: true }
        : given.ttl && { ...given.ttl, enabled: false },
  };
}

export const table = defineResource<aws.dynamodb.TableArgs>({
  type: "aws:dynamodb/table:Table",
  autoname: { property: "name", maximumLength: 255, transform: (name) => name.replace(/[^\w.-]/g, "-") },
  required: ["attributes", "hashKey"],
  taggable: true,
  replaceOn: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
  unordered: ["attributes", "globalSecondaryIndexes", "localSecondaryIndexes"],
  computed: ["arn", "streamArn", "streamLabel", "pointInTimeRecovery", "billingMode", "tableClass"],
  changedByUpdate: ["streamArn", "streamLabel"],

  async create(inputs, context) {
    const client = context.client(DynamoDBClient);
    const TableName = inputs.name!;
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: attributeDefinitions(inputs),
        KeySchema: keySchema(inputs),
        ...tableSettings(inputs),
        ...throughput(inputs),
        StreamSpecification: streamSpecification(inputs),
        GlobalSecondaryIndexes: inputs.globalSecondaryIndexes?.map((index) => globalIndex(index, inputs)),
        LocalSecondaryIndexes: inputs.localSecondaryIndexes?.map((index) => localIndex(index, inputs)),
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(TableName);
    await untilActive(client, TableName);
    await setCompanions(client, {}, inputs);
    return { id: TableName };
  },

  async read(id, properties, context) {
    const client = context.client(DynamoDBClient);
    const found = await describe(client, id);
    if (!found || found.TableStatus === "DELETING") return undefined;
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: found.TableArn }));
    return {
      ...fromDescription(found, properties),
      ...(await companions(client, id, properties)),
      tags: fromTagList(Tags),
    };
  },

  async update(id, olds, news, context) {
    const client = context.client(DynamoDBClient);
    const updates = [
      ...(sameValue(tableSettings(olds), tableSettings(news)) && sameValue(throughput(olds), throughput(news))
        ? []
        : [{ ...tableSettings(news), ...throughput(news) }]),
      ...(sameValue(streamSpecification(olds), streamSpecification(news))
        ? []
        : [{ StreamSpecification: streamSpecification(news) ?? { StreamEnabled: false } }]),
      // DynamoDB takes one change of an index at a time.
      ...indexUpdates(olds, news).map((change) => ({
        AttributeDefinitions: attributeDefinitions(news),
        GlobalSecondaryIndexUpdates: [change],
      })),
    ];
    for (const update of updates) {
      await client.send(new UpdateTableCommand({ TableName: id, ...update }));
      await untilActive(client, id);
    }
    await setCompanions(client, olds, news);
    const ResourceArn = String((olds as { arn?: string }).arn);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => client.send(new TagResourceCommand({ ResourceArn, Tags: toTagList(tags) })),
      remove: (TagKeys) => client.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    });
  },

  async delete(id, _properties, context) {
    const client = context.client(DynamoDBClient);
    await client.send(new DeleteTableCommand({ TableName: id }));
    const deadline = Date.now() + activeTimeout;
    while ((await describe(client, id)) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, activeInterval));
    }
  },
});
