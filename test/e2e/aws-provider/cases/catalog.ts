import * as assert from "node:assert/strict";
import { AthenaClient, ListWorkGroupsCommand, UpdateWorkGroupCommand } from "@aws-sdk/client-athena";
import {
  DeleteTableCommand,
  GetCrawlersCommand,
  GetDatabasesCommand,
  GetJobsCommand,
  GetSecurityConfigurationsCommand,
  GetTriggersCommand,
  GlueClient,
  GetWorkflowCommand,
  ListRegistriesCommand,
  UpdateCrawlerCommand,
  UpdateSchemaCommand,
} from "@aws-sdk/client-glue";
import * as athena from "@pulumi/aws/athena";
import * as glue from "@pulumi/aws/glue";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";

const account = "123456789012";
const key = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`;

function flightSchema(changed: boolean): object {
  const properties = { carrier: { type: "string" }, ...(changed ? { delay: { type: "number" } } : {}) };
  return { $schema: "http://json-schema.org/draft-07/schema#", type: "object", properties };
}

export const glueCase: ServiceCase = {
  service: "glue",
  program(changed) {
    const role = caseRoleArn("glue", "glue.amazonaws.com");
    const database = new glue.CatalogDatabase("lake", {
      name: "case_lake",
      description: changed ? "second" : "first",
      tags: { team: "ml" },
    });
    new glue.CatalogTable("flights", {
      name: "flights",
      databaseName: database.name,
      tableType: "EXTERNAL_TABLE",
      parameters: { EXTERNAL: "TRUE", "projection.enabled": "true", Owner: changed ? "b" : "a" },
      partitionKeys: [{ name: "day", type: "string" }],
      storageDescriptor: {
        location: "s3://case-curated/flights/",
        inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        columns: [
          { name: "Carrier", type: "string" },
          { name: "delay", type: "double" },
        ],
        serDeInfo: {
          serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
          parameters: { "serialization.format": "1" },
        },
      },
    });
    const security = new glue.SecurityConfiguration("security", {
      encryptionConfiguration: {
        cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: key },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: key },
        s3Encryption: {
          s3EncryptionMode: changed ? "SSE-S3" : "SSE-KMS",
          kmsKeyArn: changed ? undefined : key,
        },
      },
    });
    const crawler = new glue.Crawler("crawl", {
      name: "case-crawl",
      databaseName: database.name,
      role,
      s3Targets: [{ path: "s3://case-curated/flights/", exclusions: ["**.tmp"] }],
      schedule: changed ? undefined : "cron(0 1 * * ? *)",
      schemaChangePolicy: { deleteBehavior: "LOG", updateBehavior: "UPDATE_IN_DATABASE" },
      securityConfiguration: security.name,
      tags: changed ? { stage: "b" } : { stage: "a", team: "ml" },
    });
    const job = new glue.Job("etl", {
      roleArn: role,
      command: { scriptLocation: "s3://case-code/etl.py", pythonVersion: "3" },
      glueVersion: "4.0",
      workerType: "G.1X",
      numberOfWorkers: changed ? 3 : 2,
      defaultArguments: { "--enable-metrics": "true", "--Mixed_Case": "x" },
      tags: { team: "ml" },
    });
    const workflow = new glue.Workflow("flow", {
      name: "case-flow",
      description: changed ? "second" : "first",
      defaultRunProperties: { Stage: "test" },
    });
    new glue.Trigger("nightly", {
      type: "SCHEDULED",
      schedule: changed ? "cron(0 3 * * ? *)" : "cron(0 2 * * ? *)",
      workflowName: workflow.name,
      actions: [{ jobName: job.name, arguments: { "--Day": "today" } }],
    });
    new glue.Trigger("after", {
      type: "CONDITIONAL",
      enabled: !changed,
      actions: [{ crawlerName: crawler.name }],
      predicate: { conditions: [{ jobName: job.name, state: "SUCCEEDED" }] },
    });
    new glue.DataCatalogEncryptionSettings("encryption", {
      dataCatalogEncryptionSettings: {
        connectionPasswordEncryption: { awsKmsKeyId: key, returnConnectionPasswordEncrypted: true },
        encryptionAtRest: { catalogEncryptionMode: "SSE-KMS", sseAwsKmsKeyId: key },
      },
    });
    const registry = new glue.Registry("schemas", {
      registryName: "case-schemas",
      description: changed ? "second" : "first",
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    new glue.Schema("contract", {
      schemaName: "case-flights",
      registryArn: registry.arn,
      dataFormat: "JSON",
      compatibility: changed ? "FULL" : "BACKWARD",
      schemaDefinition: JSON.stringify(flightSchema(changed)),
    });
    new glue.DataQualityRuleset("rules", { ruleset: "Rules = [RowCount > 0]" });
    new glue.CatalogTableOptimizer("compaction", {
      catalogId: account,
      databaseName: database.name,
      tableName: "flights",
      type: "compaction",
      configuration: { enabled: true, roleArn: role },
    });
  },
  updated: [
    "aws:glue/catalogDatabase:CatalogDatabase lake",
    "aws:glue/catalogTable:CatalogTable flights",
    "aws:glue/crawler:Crawler crawl",
    "aws:glue/job:Job etl",
    "aws:glue/registry:Registry schemas",
    "aws:glue/schema:Schema contract",
    "aws:glue/trigger:Trigger after",
    "aws:glue/trigger:Trigger nightly",
    "aws:glue/workflow:Workflow flow",
  ],
  replaced: ["aws:glue/securityConfiguration:SecurityConfiguration security"],
  async tamper({ aws }) {
    const client = new GlueClient(aws);
    await client.send(new UpdateCrawlerCommand({ Name: "case-crawl", Description: "someone else's" }));
    await client.send(new DeleteTableCommand({ DatabaseName: "case_lake", Name: "flights" }));
    await client.send(
      new UpdateSchemaCommand({
        SchemaId: { RegistryName: "case-schemas", SchemaName: "case-flights" },
        SchemaVersionNumber: { LatestVersion: true },
        Compatibility: "NONE",
      }),
    );
  },
  repaired: ["aws:glue/crawler:Crawler crawl", "aws:glue/schema:Schema contract"],
  recreated: ["aws:glue/catalogTable:CatalogTable flights"],
  async leftovers({ aws }) {
    const client = new GlueClient(aws);
    await assert.rejects(client.send(new GetWorkflowCommand({ Name: "case-flow" })), {
      name: "EntityNotFoundException",
    });
    return [
      ...((await client.send(new GetDatabasesCommand({}))).DatabaseList ?? []).filter(
        ({ Name }) => Name !== "default",
      ),
      ...((await client.send(new GetCrawlersCommand({}))).Crawlers ?? []),
      ...((await client.send(new GetJobsCommand({}))).Jobs ?? []),
      ...((await client.send(new GetTriggersCommand({}))).Triggers ?? []),
      ...((await client.send(new GetSecurityConfigurationsCommand({}))).SecurityConfigurations ?? []),
      ...((await client.send(new ListRegistriesCommand({}))).Registries ?? []),
    ];
  },
};

export const athenaCase: ServiceCase = {
  service: "athena",
  program(changed) {
    const workgroup = new athena.Workgroup("analysts", {
      name: "case-analysts",
      description: "Queries of the team",
      configuration: {
        bytesScannedCutoffPerQuery: changed ? 20_000_000_000 : 10_000_000_000,
        resultConfiguration: {
          outputLocation: "s3://case-results/",
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key },
        },
      },
      forceDestroy: true,
      tags: changed ? { stage: "b" } : { stage: "a" },
    });
    new athena.NamedQuery("late", {
      name: "late",
      database: "case_lake",
      query: changed ? "select 2" : "select 1",
      workgroup: workgroup.name,
    });
  },
  updated: ["aws:athena/workgroup:Workgroup analysts"],
  replaced: ["aws:athena/namedQuery:NamedQuery late"],
  async tamper({ aws }) {
    await new AthenaClient(aws).send(
      new UpdateWorkGroupCommand({
        WorkGroup: "case-analysts",
        ConfigurationUpdates: { BytesScannedCutoffPerQuery: 99_000_000_000 },
      }),
    );
  },
  repaired: ["aws:athena/workgroup:Workgroup analysts"],
  async leftovers({ aws }) {
    const { WorkGroups = [] } = await new AthenaClient(aws).send(new ListWorkGroupsCommand({}));
    return WorkGroups.filter(({ Name }) => Name !== "primary");
  },
};
