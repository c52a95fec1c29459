import {
  type Action,
  CreateTopicRuleCommand,
  DeleteTopicRuleCommand,
  GetTopicRuleCommand,
  type GetTopicRuleCommandOutput,
  IoTClient,
  ReplaceTopicRuleCommand,
  type TopicRulePayload,
} from "@aws-sdk/client-iot";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { changeTags, readTags } from "./tagging";

type RuleInputs = Plain<aws.iot.TopicRuleArgs>;

/** Name of an action in AWS → the list of such actions in the program, and the action's name in `errorAction`. */
const actionNames: Record<string, { list: keyof RuleInputs & string; single: string }> = {
  cloudwatchLogs: { list: "cloudwatchLogs", single: "cloudwatchLogs" },
  dynamoDBv2: { list: "dynamodbv2s", single: "dynamodbv2" },
  firehose: { list: "firehoses", single: "firehose" },
  kafka: { list: "kafkas", single: "kafka" },
  kinesis: { list: "kineses", single: "kinesis" },
  lambda: { list: "lambdas", single: "lambda" },
  republish: { list: "republishes", single: "republish" },
  s3: { list: "s3", single: "s3" },
  sns: { list: "sns", single: "sns" },
  sqs: { list: "sqs", single: "sqs" },
  stepFunctions: { list: "stepFunctions", single: "stepFunctions" },
};

const actionLists = Object.values(actionNames).map(({ list }) => list);

/** Actions that no rule of the sandbox may have, because the handler does not know how they are written. */
const untranslated = [
  "cloudwatchAlarms",
  "cloudwatchMetrics",
  "dynamodbs",
  "elasticsearch",
  "https",
  "iotAnalytics",
  "iotEvents",
  "timestreams",
] as const;

function actionsOf(inputs: Partial<RuleInputs>): Action[] {
  return Object.entries(actionNames).flatMap(([name, { list }]) =>
    ((inputs[list] ?? []) as object[]).map((settings) => ({ [name]: settings }) as unknown as Action),
  );
}

function errorActionOf(inputs: Partial<RuleInputs>): Action | undefined {
  const given = Object.entries(inputs.errorAction ?? {}).find(([, settings]) => settings !== undefined);
  if (!given) return undefined;
  const name = Object.keys(actionNames).find((each) => actionNames[each]!.single === given[0]);
  return { [name ?? given[0]]: given[1] } as unknown as Action;
}

function payloadOf(inputs: RuleInputs): TopicRulePayload {
  return {
    sql: inputs.sql,
    awsIotSqlVersion: inputs.sqlVersion,
    description: inputs.description,
    ruleDisabled: !inputs.enabled,
    actions: actionsOf(inputs),
    errorAction: errorActionOf(inputs),
  };
}

/** The lists of actions as the rule has them now; one that is empty was looked at and is not set. */
function listsOf(actions: Action[]): Properties {
  const lists: Record<string, unknown[]> = Object.fromEntries(actionLists.map((list) => [list, []]));
  for (const action of actions) {
    for (const [name, settings] of Object.entries(action)) {
      const list = actionNames[name]?.list;
      if (list !== undefined && settings !== undefined) lists[list]!.push(settings);
    }
  }
  return Object.fromEntries(
    Object.entries(lists).map(([list, found]) => [list, found.length > 0 ? found : undefined]),
  );
}

function singleOf(action: Action | undefined): Properties | undefined {
  const given = Object.entries(action ?? {}).find(([, settings]) => settings !== undefined);
  return given && { [actionNames[given[0]]?.single ?? given[0]]: given[1] as unknown };
}

/** A rule that is not there is answered as one that may not be seen. */
async function find(name: string, context: HandlerContext): Promise<GetTopicRuleCommandOutput | undefined> {
  try {
    return await context.client(IoTClient).send(new GetTopicRuleCommand({ ruleName: name }));
  } catch (error) {
    if (error instanceof Error && error.name === "UnauthorizedException") return undefined;
    throw error;
  }
}

export const topicRule = defineResource<aws.iot.TopicRuleArgs>({
  type: "aws:iot/topicRule:TopicRule",
  autoname: {
    property: "name",
    maximumLength: 128,
    transform: (name) => name.replace(/\W/g, "_"),
    separator: "_",
  },
  required: ["enabled", "sql", "sqlVersion"],
  replaceOn: ["name"],
  taggable: true,
  computed: ["arn"],
  check: (inputs) =>
    untranslated
      .filter((list) => inputs[list] !== undefined)
      .map((list) => ({
        property: list,
        reason: `the sandbox does not translate this action of a topic rule; use one of ${actionLists.join(", ")}`,
      })),

  async create(inputs, context) {
    const name = inputs.name!;
    await context.client(IoTClient).send(
      new CreateTopicRuleCommand({
        ruleName: name,
        topicRulePayload: payloadOf(inputs),
        tags: inputs.tags && new URLSearchParams(inputs.tags).toString(),
      }),
    );
    context.created(name);
    return { id: name };
  },

  async read(id, _properties, context) {
    const found = await find(id, context);
    if (!found?.rule || !found.ruleArn) return undefined;
    const { rule } = found;
    return {
      name: rule.ruleName,
      sql: rule.sql,
      sqlVersion: rule.awsIotSqlVersion,
      description: rule.description || undefined,
      enabled: !rule.ruleDisabled,
      ...listsOf(rule.actions ?? []),
      errorAction: singleOf(rule.errorAction),
      arn: found.ruleArn,
      tags: await readTags(found.ruleArn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(String(olds.arn), olds.tags, news.tags, context);
    await context
      .client(IoTClient)
      .send(new ReplaceTopicRuleCommand({ ruleName: id, topicRulePayload: payloadOf(news) }));
  },

  async delete(id, _properties, context) {
    if (!(await find(id, context))) return;
    await context.client(IoTClient).send(new DeleteTopicRuleCommand({ ruleName: id }));
  },
});
