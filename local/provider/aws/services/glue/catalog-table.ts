import {
  CreateTableCommand,
  DeleteTableCommand,
  GetTableCommand,
  GlueClient,
  type PartitionIndex,
  type TableInput,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import type * as aws from "@pulumi/aws";
import { defineResource, type Properties } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, overlay, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { glueArn } from "./tagging";

const casing: CasingRules = { names: { serDeInfo: "SerdeInfo" }, maps: ["skewedColumnValueLocationMaps"] };

const settings = [
  "name",
  "description",
  "owner",
  "parameters",
  "partitionKeys",
  "tableType",
  "viewExpandedText",
  "viewOriginalText",
] as const;

const rarelyAnswered = ["retention", "targetTable"] as const;

/** The catalog, the database and the table inside the id. */
function partsOf(id: string): { CatalogId: string; DatabaseName: string; Name: string } {
  const [CatalogId = "", DatabaseName = "", ...name] = id.split(":");
  return { CatalogId, DatabaseName, Name: name.join(":") };
}

function tableInput(inputs: object): TableInput {
  return toService<TableInput>(
    seen({ ...inputs }, [...settings, ...rarelyAnswered, "storageDescriptor"]),
    casing,
  );
}

/** The storage as answered, without the switches that Glue adds in their "off" position. */
function storageOf(answer: unknown, known: unknown): Properties | undefined {
  const given = (known ?? {}) as Properties;
  const seenNow = Object.entries((answer ?? {}) as Properties).filter(
    ([key, value]) => key in given || !(value === false || value === 0 || isEmpty(value)),
  );
  return overlay(undefined, seenNow.length > 0 ? Object.fromEntries(seenNow) : undefined);
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

export const catalogTable = defineResource<aws.glue.CatalogTableArgs>({
  type: "aws:glue/catalogTable:CatalogTable",
  autoname: {
    property: "name",
    maximumLength: 255,
    transform: (name) => name.toLowerCase().replace(/[^a-z0-9_-]/g, "_"),
  },
  required: ["databaseName"],
  replaceOn: ["name", "databaseName", "catalogId", "partitionIndices", "openTableFormatInput"],
  computed: ["arn", "catalogId"],

  async create(inputs, context) {
    const CatalogId = inputs.catalogId ?? (await context.accountId());
    await context.client(GlueClient).send(
      new CreateTableCommand({
        CatalogId,
        DatabaseName: inputs.databaseName,
        TableInput: tableInput(inputs),
        PartitionIndexes: inputs.partitionIndices?.map(({ indexName, keys }): PartitionIndex => ({
          IndexName: indexName,
          Keys: keys,
        })),
        OpenTableFormatInput: toService(inputs.openTableFormatInput),
      }),
    );
    const id = `${CatalogId}:${inputs.databaseName}:${inputs.name}`;
    context.created(id);
    return { id };
  },

  async read(id, properties, context) {
    const answer = await orMissing(context.client(GlueClient).send(new GetTableCommand(partsOf(id))));
    const found = answer?.Table;
    if (!found) return undefined;
    const fields = fieldsFromService(found, casing);
    return {
      ...seen(fields, [...settings]),
      ...answered(
        fields,
        rarelyAnswered.filter((name) => properties[name] !== undefined),
      ),
      storageDescriptor: storageOf(fields.storageDescriptor, properties.storageDescriptor),
      databaseName: found.DatabaseName ?? partsOf(id).DatabaseName,
      catalogId: found.CatalogId ?? partsOf(id).CatalogId,
      arn: await glueArn(`table/${partsOf(id).DatabaseName}/${found.Name}`, context),
    };
  },

  async update(id, _olds, news, context) {
    const { CatalogId, DatabaseName } = partsOf(id);
    await context
      .client(GlueClient)
      .send(
        new UpdateTableCommand({ CatalogId, DatabaseName, TableInput: tableInput(news), SkipArchive: true }),
      );
  },

  async delete(id, _properties, context) {
    await context.client(GlueClient).send(new DeleteTableCommand(partsOf(id)));
  },
});
