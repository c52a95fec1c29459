import type {
  AttributeDefinition,
  BillingMode,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexDescription,
  GlobalSecondaryIndexUpdate,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
  ProvisionedThroughput,
  ScalarAttributeType,
  SSESpecification,
  StreamSpecification,
  StreamViewType,
  TableClass,
  TableDescription,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import type { Plain, Properties } from "../../framework/types";

export type TableInputs = Plain<aws.dynamodb.TableArgs>;
type GlobalIndex = NonNullable<TableInputs["globalSecondaryIndexes"]>[number];
type LocalIndex = NonNullable<TableInputs["localSecondaryIndexes"]>[number];

export function attributeDefinitions(inputs: Partial<TableInputs>): AttributeDefinition[] | undefined {
  return inputs.attributes?.map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type as ScalarAttributeType,
  }));
}

export function keySchema({
  hashKey,
  rangeKey,
}: {
  hashKey?: string;
  rangeKey?: string;
}): KeySchemaElement[] {
  return [
    ...(hashKey === undefined ? [] : [{ AttributeName: hashKey, KeyType: "HASH" as const }]),
    ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
  ];
}

function isProvisioned(inputs: Partial<TableInputs>): boolean {
  return (inputs.billingMode ?? "PROVISIONED") === "PROVISIONED";
}

function capacity(units: { readCapacity?: number; writeCapacity?: number }): ProvisionedThroughput {
  return { ReadCapacityUnits: units.readCapacity ?? 1, WriteCapacityUnits: units.writeCapacity ?? 1 };
}

/** Billing mode, with the capacity that only one of the modes has. */
export function throughput(inputs: Partial<TableInputs>): {
  BillingMode: BillingMode;
  ProvisionedThroughput?: ProvisionedThroughput;
} {
  if (!isProvisioned(inputs)) return { BillingMode: "PAY_PER_REQUEST" };
  return { BillingMode: "PROVISIONED", ProvisionedThroughput: capacity(inputs) };
}

export function tableSettings(inputs: Partial<TableInputs>): {
  TableClass?: TableClass;
  DeletionProtectionEnabled: boolean;
  SSESpecification?: SSESpecification;
} {
  const { serverSideEncryption: encryption } = inputs;
  return {
    TableClass: inputs.tableClass as TableClass | undefined,
    DeletionProtectionEnabled: inputs.deletionProtectionEnabled ?? false,
    SSESpecification: encryption && {
      Enabled: encryption.enabled,
      ...(encryption.enabled ? { SSEType: "KMS" as const, KMSMasterKeyId: encryption.kmsKeyArn } : {}),
    },
  };
}

export function streamSpecification(inputs: Partial<TableInputs>): StreamSpecification | undefined {
  if (!inputs.streamEnabled) return undefined;
  return { StreamEnabled: true, StreamViewType: inputs.streamViewType as StreamViewType };
}

function projection(index: { projectionType: string; nonKeyAttributes?: string[] }): Projection {
  return {
    ProjectionType: index.projectionType as Projection["ProjectionType"],
    NonKeyAttributes: index.nonKeyAttributes,
  };
}

export function globalIndex(index: GlobalIndex, inputs: TableInputs): GlobalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: index.keySchemas
      ? index.keySchemas.map(({ attributeName, keyType }) => ({
          AttributeName: attributeName,
          KeyType: keyType as KeySchemaElement["KeyType"],
        }))
      : keySchema(index),
    Projection: projection(index),
    ...(isProvisioned(inputs) ? { ProvisionedThroughput: capacity(index) } : {}),
  };
}

export function localIndex(index: LocalIndex, inputs: TableInputs): LocalSecondaryIndex {
  return {
    IndexName: index.name,
    KeySchema: keySchema({ hashKey: inputs.hashKey, rangeKey: index.rangeKey }),
    Projection: projection(index),
  };
}

/** An index whose keys or projection change is deleted and made anew; deletes come first. */
export function indexUpdates(olds: Partial<TableInputs>, news: TableInputs): GlobalSecondaryIndexUpdate[] {
  const before = olds.globalSecondaryIndexes ?? [];
  const after = news.globalSecondaryIndexes ?? [];
  const kept = (index: GlobalIndex, others: GlobalIndex[]) => others.some((other) => sameValue(other, index));
  return [
    ...before.filter((index) => !kept(index, after)).map(({ name }) => ({ Delete: { IndexName: name } })),
    ...after.filter((index) => !kept(index, before)).map((index) => ({ Create: globalIndex(index, news) })),
  ];
}

function keyNames(schema: KeySchemaElement[] | undefined) {
  const name = (type: string) => schema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const rangeKey = name("RANGE");
  return { hashKey: name("HASH"), ...(rangeKey === undefined ? {} : { rangeKey }) };
}

function fromIndex(index: GlobalSecondaryIndexDescription, given: GlobalIndex | undefined) {
  const live = {
    name: index.IndexName,
    ...keyNames(index.KeySchema),
    projectionType: index.Projection?.ProjectionType,
    ...(index.Projection?.NonKeyAttributes?.length
      ? { nonKeyAttributes: index.Projection.NonKeyAttributes }
      : {}),
  };
  // Fields that DynamoDB does not answer (or answers in another form) stay as they were given.
  if (given?.keySchemas) {
    return { ...given, name: live.name, projectionType: live.projectionType };
  }
  return { ...given, ...live };
}

/** The table as DynamoDB describes it, in Pulumi's words. */
export function fromDescription(found: TableDescription, given: Partial<TableInputs>): Properties {
  const provisioned = found.BillingModeSummary?.BillingMode !== "PAY_PER_REQUEST";
  const stream = found.StreamSpecification?.StreamEnabled ?? false;
  const encrypted = found.SSEDescription?.Status === "ENABLED" || found.SSEDescription?.Status === "UPDATING";
  return {
    name: found.TableName,
    arn: found.TableArn,
    attributes: found.AttributeDefinitions?.map((attribute) => ({
      name: attribute.AttributeName,
      type: attribute.AttributeType,
    })),
    rangeKey: undefined,
    ...keyNames(found.KeySchema),
    billingMode: provisioned ? "PROVISIONED" : "PAY_PER_REQUEST",
    ...(provisioned && given.readCapacity !== undefined
      ? {
          readCapacity: found.ProvisionedThroughput?.ReadCapacityUnits,
          writeCapacity: found.ProvisionedThroughput?.WriteCapacityUnits,
        }
      : {}),
    deletionProtectionEnabled: found.DeletionProtectionEnabled ?? false,
    streamEnabled: stream,
    streamViewType: stream ? found.StreamSpecification?.StreamViewType : undefined,
    streamArn: stream ? found.LatestStreamArn : undefined,
    streamLabel: stream ? found.LatestStreamLabel : undefined,
    serverSideEncryption: encrypted
      ? {
          enabled: true,
          ...(given.serverSideEncryption?.kmsKeyArn
            ? { kmsKeyArn: found.SSEDescription?.KMSMasterKeyArn }
            : {}),
        }
      : given.serverSideEncryption && { enabled: false },
    globalSecondaryIndexes: found.GlobalSecondaryIndexes?.map((index) =>
      fromIndex(
        index,
        given.globalSecondaryIndexes?.find(({ name }) => name === index.IndexName),
      ),
    ),
  };
}
