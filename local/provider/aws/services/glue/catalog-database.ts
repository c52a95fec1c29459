import {
  CreateDatabaseCommand,
  type DatabaseInput,
  DeleteDatabaseCommand,
  GetDatabaseCommand,
  GlueClient,
  UpdateDatabaseCommand,
} from "@aws-sdk/client-glue";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, glueArn, readTags } from "./tagging";

const settings = ["name", "description", "locationUri", "parameters"] as const;
const rarelyAnswered = ["createTableDefaultPermissions", "targetDatabase", "federatedDatabase"] as const;

/** The catalog and the database inside the id. */
function partsOf(id: string): { CatalogId: string; Name: string } {
  const colon = id.indexOf(":");
  return { CatalogId: id.slice(0, colon), Name: id.slice(colon + 1) };
}

function databaseInput(inputs: object): DatabaseInput {
  return toService<DatabaseInput>(seen({ ...inputs }, [...settings, ...rarelyAnswered]));
}

export const catalogDatabase = defineResource<aws.glue.CatalogDatabaseArgs>({
  type: "aws:glue/catalogDatabase:CatalogDatabase",
  autoname: {
    property: "name",
    maximumLength: 255,
    transform: (name) => name.toLowerCase().replace(/[^a-z0-9_-]/g, "_"),
  },
  replaceOn: ["name", "catalogId", "federatedDatabase"],
  taggable: true,
  computed: ["arn", "catalogId"],

  async create(inputs, context) {
    const CatalogId = inputs.catalogId ?? (await context.accountId());
    await context
      .client(GlueClient)
      .send(
        new CreateDatabaseCommand({ CatalogId, DatabaseInput: databaseInput(inputs), Tags: inputs.tags }),
      );
    const id = `${CatalogId}:${inputs.name}`;
    context.created(id);
    return { id };
  },

  async read(id, properties, context) {
    const answer = await orMissing(context.client(GlueClient).send(new GetDatabaseCommand(partsOf(id))));
    const found = answer?.Database;
    if (!found) return undefined;
    const fields = fieldsFromService(found);
    const arn = await glueArn(`database/${found.Name}`, context);
    return {
      ...seen(fields, [...settings]),
      // Default permissions are only looked at where the program gave some: AWS fills them in otherwise.
      ...answered(
        fields,
        rarelyAnswered.filter((name) => properties[name] !== undefined),
      ),
      catalogId: found.CatalogId ?? partsOf(id).CatalogId,
      arn,
      tags: await readTags(arn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(`database/${partsOf(id).Name}`, olds.tags, news.tags, context);
    await context
      .client(GlueClient)
      .send(new UpdateDatabaseCommand({ ...partsOf(id), DatabaseInput: databaseInput(news) }));
  },

  async delete(id, _properties, context) {
    await context.client(GlueClient).send(new DeleteDatabaseCommand(partsOf(id)));
  },
});
