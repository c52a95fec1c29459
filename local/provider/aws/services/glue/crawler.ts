import {
  CreateCrawlerCommand,
  type CreateCrawlerCommandInput,
  type CrawlerTargets,
  DeleteCrawlerCommand,
  GetCrawlerCommand,
  GlueClient,
  UpdateCrawlerCommand,
} from "@aws-sdk/client-glue";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, glueArn, readTags } from "./tagging";

const casing: CasingRules = {
  names: {
    securityConfiguration: "CrawlerSecurityConfiguration",
    dynamodbTargets: "DynamoDBTargets",
    mongodbTargets: "MongoDBTargets",
  },
};

const settings = [
  "name",
  "databaseName",
  "description",
  "role",
  "tablePrefix",
  "classifiers",
  "configuration",
] as const;

/** Policies that AWS fills in where the program gives none. */
const filledByAws = [
  "lakeFormationConfiguration",
  "lineageConfiguration",
  "recrawlPolicy",
  "schemaChangePolicy",
  "securityConfiguration",
] as const;

const targetKinds = [
  "catalogTargets",
  "deltaTargets",
  "dynamodbTargets",
  "hudiTargets",
  "icebergTargets",
  "jdbcTargets",
  "mongodbTargets",
  "s3Targets",
] as const;

function request(inputs: Plain<aws.glue.CrawlerArgs>): CreateCrawlerCommandInput {
  return {
    ...toService<CreateCrawlerCommandInput>(seen(inputs, [...settings, ...filledByAws]), casing),
    Targets: toService<CrawlerTargets>(seen(inputs, [...targetKinds]), casing),
    Schedule: inputs.schedule ?? "",
  };
}

export const crawler = defineResource<aws.glue.CrawlerArgs>({
  type: "aws:glue/crawler:Crawler",
  autoname: { property: "name", maximumLength: 255 },
  required: ["databaseName", "role"],
  replaceOn: ["name"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    await context
      .client(GlueClient)
      .send(new CreateCrawlerCommand({ ...request(inputs), Schedule: inputs.schedule, Tags: inputs.tags }));
    context.created(inputs.name!);
    // MiniStack forgets the tags that a crawler is made with, and keeps later ones when it goes.
    await changeTags(`crawler/${inputs.name}`, undefined, inputs.tags, context);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(context.client(GlueClient).send(new GetCrawlerCommand({ Name: id })));
    const found = answer?.Crawler;
    if (!found) return undefined;
    const fields = fieldsFromService(found, casing);
    const arn = await glueArn(`crawler/${id}`, context);
    return {
      ...seen(fields, [...settings]),
      ...answered(fields, [...filledByAws]),
      ...seen(fieldsFromService(found.Targets, casing), [...targetKinds]),
      schedule: found.Schedule?.ScheduleExpression,
      arn,
      tags: await readTags(arn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(`crawler/${id}`, olds.tags, news.tags, context);
    await context.client(GlueClient).send(new UpdateCrawlerCommand(request(news)));
  },

  async delete(id, properties, context) {
    await changeTags(`crawler/${id}`, properties.tags, undefined, context);
    await context.client(GlueClient).send(new DeleteCrawlerCommand({ Name: id }));
  },
});
