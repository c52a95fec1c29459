import {
  type Compatibility,
  CreateRegistryCommand,
  CreateSchemaCommand,
  type DataFormat,
  DeleteRegistryCommand,
  DeleteSchemaCommand,
  GetRegistryCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  GlueClient,
  RegisterSchemaVersionCommand,
  UpdateRegistryCommand,
  UpdateSchemaCommand,
} from "@aws-sdk/client-glue";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags, readTags } from "./tagging";

/** What follows the account in an ARN of Glue: tags go by it. */
function pathOf(arn: string): string {
  return arn.split(":").slice(5).join(":");
}

const latest = { LatestVersion: true };

export const registry = defineResource<aws.glue.RegistryArgs>({
  type: "aws:glue/registry:Registry",
  required: ["registryName"],
  replaceOn: ["registryName"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    const { RegistryArn } = await context.client(GlueClient).send(
      new CreateRegistryCommand({
        RegistryName: inputs.registryName,
        Description: inputs.description,
      }),
    );
    context.created(RegistryArn!);
    // The schema registry and the tags of Glue are kept by two emulators, so tags come by their own call.
    await changeTags(pathOf(RegistryArn!), undefined, inputs.tags, context);
    return { id: RegistryArn! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(GlueClient).send(new GetRegistryCommand({ RegistryId: { RegistryArn: id } })),
    );
    if (!found?.RegistryArn || found.Status === "DELETING") return undefined;
    return {
      registryName: found.RegistryName,
      description: found.Description || undefined,
      arn: found.RegistryArn,
      tags: await readTags(id, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(pathOf(id), olds.tags, news.tags, context);
    if (olds.description === news.description) return;
    const RegistryId = { RegistryArn: id };
    await context
      .client(GlueClient)
      .send(new UpdateRegistryCommand({ RegistryId, Description: news.description ?? "" }));
  },

  async delete(id, properties, context) {
    await changeTags(pathOf(id), properties.tags, undefined, context);
    await context.client(GlueClient).send(new DeleteRegistryCommand({ RegistryId: { RegistryArn: id } }));
  },
});

async function definitionOf(arn: string, context: HandlerContext): Promise<string | undefined> {
  const version = await waitUntil(
    `the newest version of the schema ${arn}`,
    () =>
      context
        .client(GlueClient)
        .send(new GetSchemaVersionCommand({ SchemaId: { SchemaArn: arn }, SchemaVersionNumber: latest })),
    ({ Status }) => Status !== "PENDING",
  );
  return version.SchemaDefinition;
}

/** Registers the definition as the newest version; Glue refuses one that breaks the schema's compatibility. */
async function register(arn: string, definition: string, context: HandlerContext): Promise<void> {
  const answer = await context
    .client(GlueClient)
    .send(new RegisterSchemaVersionCommand({ SchemaId: { SchemaArn: arn }, SchemaDefinition: definition }));
  if (answer.Status === "FAILURE") {
    throw new Error(`the definition breaks the compatibility that the schema ${arn} promises`);
  }
}

export const schema = defineResource<aws.glue.SchemaArgs>({
  type: "aws:glue/schema:Schema",
  required: ["compatibility", "dataFormat", "schemaDefinition", "schemaName"],
  replaceOn: ["schemaName", "registryArn", "dataFormat"],
  taggable: true,
  computed: ["arn", "registryName", "latestSchemaVersion", "nextSchemaVersion", "schemaCheckpoint"],
  changedByUpdate: ["latestSchemaVersion", "nextSchemaVersion"],

  async create(inputs, context) {
    const { registryArn } = inputs;
    const { SchemaArn } = await context.client(GlueClient).send(
      new CreateSchemaCommand({
        RegistryId: registryArn ? { RegistryArn: registryArn } : undefined,
        SchemaName: inputs.schemaName,
        DataFormat: inputs.dataFormat as DataFormat,
        Compatibility: inputs.compatibility as Compatibility,
        Description: inputs.description,
        SchemaDefinition: inputs.schemaDefinition,
      }),
    );
    context.created(SchemaArn!);
    await changeTags(pathOf(SchemaArn!), undefined, inputs.tags, context);
    return { id: SchemaArn! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(GlueClient).send(new GetSchemaCommand({ SchemaId: { SchemaArn: id } })),
    );
    if (!found?.SchemaArn || found.SchemaStatus === "DELETING") return undefined;
    return {
      schemaName: found.SchemaName,
      registryArn: found.RegistryArn,
      registryName: found.RegistryName,
      compatibility: found.Compatibility,
      dataFormat: found.DataFormat,
      description: found.Description || undefined,
      latestSchemaVersion: found.LatestSchemaVersion,
      nextSchemaVersion: found.NextSchemaVersion,
      schemaCheckpoint: found.SchemaCheckpoint,
      schemaDefinition: await definitionOf(id, context),
      arn: found.SchemaArn,
      tags: await readTags(id, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(pathOf(id), olds.tags, news.tags, context);
    const SchemaId = { SchemaArn: id };
    if (olds.compatibility !== news.compatibility || olds.description !== news.description) {
      await context.client(GlueClient).send(
        new UpdateSchemaCommand({
          SchemaId,
          SchemaVersionNumber: latest,
          Compatibility: news.compatibility as Compatibility,
          Description: news.description,
        }),
      );
    }
    if (!sameValue(olds.schemaDefinition, news.schemaDefinition)) {
      await register(id, news.schemaDefinition, context);
    }
  },

  async delete(id, properties, context) {
    await changeTags(pathOf(id), properties.tags, undefined, context);
    await context.client(GlueClient).send(new DeleteSchemaCommand({ SchemaId: { SchemaArn: id } }));
    await waitUntil(
      `the deletion of the schema ${id}`,
      () => orMissing(context.client(GlueClient).send(new GetSchemaCommand({ SchemaId: { SchemaArn: id } }))),
      (found) => found === undefined,
    );
  },
});
