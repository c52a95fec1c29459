import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
  type RuleState,
} from "@aws-sdk/client-eventbridge";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { fieldsFromService, seen } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, readTags } from "./tagging";

type RuleInputs = Plain<aws.cloudwatch.EventRuleArgs>;

/** A rule's id is its name, with the bus before it unless that is the default one. */
function partsOf(id: string): { EventBusName?: string; Name: string } {
  const slash = id.lastIndexOf("/");
  return slash < 0 ? { Name: id } : { EventBusName: id.slice(0, slash), Name: id.slice(slash + 1) };
}

async function putRule(inputs: RuleInputs, context: HandlerContext, tags?: Record<string, string>) {
  const state = inputs.state ?? (inputs.isEnabled === false ? "DISABLED" : "ENABLED");
  await context.client(EventBridgeClient).send(
    new PutRuleCommand({
      Name: inputs.name,
      EventBusName: inputs.eventBusName,
      Description: inputs.description,
      EventPattern: inputs.eventPattern,
      ScheduleExpression: inputs.scheduleExpression,
      RoleArn: inputs.roleArn,
      State: state as RuleState,
      Tags: tags && toTagList(tags),
    }),
  );
}

export const eventRule = defineResource<aws.cloudwatch.EventRuleArgs>({
  type: "aws:cloudwatch/eventRule:EventRule",
  autoname: { property: "name", maximumLength: 64, transform: (name) => name.replace(/[^.\w-]/g, "-") },
  replaceOn: ["name", "eventBusName"],
  taggable: true,
  computed: ["arn"],
  check: ({ eventPattern, scheduleExpression }) =>
    eventPattern === undefined && scheduleExpression === undefined
      ? [
          {
            property: "eventPattern",
            reason: "a rule needs an eventPattern or a scheduleExpression; neither was given",
          },
        ]
      : [],

  async create(inputs, context) {
    const bus = inputs.eventBusName;
    const id = bus === undefined || bus === "default" ? inputs.name! : `${bus}/${inputs.name}`;
    await putRule(inputs, context, inputs.tags);
    context.created(id);
    return { id };
  },

  async read(id, properties, context) {
    const found = await orMissing(
      context.client(EventBridgeClient).send(new DescribeRuleCommand(partsOf(id))),
    );
    if (!found?.Arn) return undefined;
    return {
      ...seen(fieldsFromService(found), [
        "name",
        "arn",
        "description",
        "eventPattern",
        "roleArn",
        "scheduleExpression",
      ]),
      // A rule's state has two spellings; the one that the program uses is kept.
      ...(properties.isEnabled === undefined
        ? { state: found.State }
        : { isEnabled: found.State !== "DISABLED" }),
      eventBusName: found.EventBusName ?? "default",
      tags: await readTags(found.Arn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    await putRule(news, context);
  },

  async delete(id, properties, context) {
    const events = context.client(EventBridgeClient);
    const { EventBusName, Name } = partsOf(id);
    if (properties.forceDestroy) {
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }));
      const Ids = Targets.map((target) => target.Id!);
      if (Ids.length > 0) await events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids }));
    }
    await events.send(new DeleteRuleCommand({ EventBusName, Name }));
  },
});
