import type { HandlerContext, Properties, ResourceHandler } from "../framework/types";
import { catalogDatabase } from "./glue/catalog-database";
import { catalogTable } from "./glue/catalog-table";
import { crawler } from "./glue/crawler";
import { job } from "./glue/job";
import { registry, schema } from "./glue/schema-registry";
import { securityConfiguration } from "./glue/security-configuration";
import { glueArn } from "./glue/tagging";
import { trigger, workflow } from "./glue/workflow";
import { recorded } from "./support/recorded";

function madeUpArn(path: string, name: string) {
  return async (id: string, inputs: Properties, context: HandlerContext): Promise<Properties> => ({
    arn: await glueArn(`${path}/${String(inputs[name] ?? id)}`, context),
  });
}

export const resources: ResourceHandler[] = [
  catalogDatabase,
  catalogTable,
  crawler,
  job,
  securityConfiguration,
  trigger,
  workflow,
  recorded(
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    "the emulator has no encryption settings of the catalogue",
    async (_id, _inputs, context) => ({ catalogId: await context.accountId() }),
  ),
  registry,
  schema,
  recorded(
    "aws:glue/dataQualityRuleset:DataQualityRuleset",
    "no emulator has Glue Data Quality",
    madeUpArn("dataQualityRuleset", "name"),
    true,
  ),
  recorded(
    "aws:glue/catalogTableOptimizer:CatalogTableOptimizer",
    "no emulator compacts tables or expires their snapshots",
  ),
];
