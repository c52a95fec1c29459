import {
  type Action,
  CreateTriggerCommand,
  CreateWorkflowCommand,
  DeleteTriggerCommand,
  DeleteWorkflowCommand,
  type EventBatchingCondition,
  GetTriggerCommand,
  GetWorkflowCommand,
  GlueClient,
  type Predicate,
  StartTriggerCommand,
  StopTriggerCommand,
  type TriggerType,
  UpdateTriggerCommand,
  UpdateWorkflowCommand,
} from "@aws-sdk/client-glue";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, glueArn, readTags } from "./tagging";

const casing: CasingRules = { maps: ["arguments"] };

type TriggerInputs = Plain<aws.glue.TriggerArgs>;

function triggerSettings(inputs: TriggerInputs) {
  const [batching] = inputs.eventBatchingConditions ?? [];
  return {
    Name: inputs.name,
    Description: inputs.description,
    Schedule: inputs.schedule,
    Actions: toService<Action[]>(inputs.actions, casing),
    Predicate: toService<Predicate | undefined>(inputs.predicate, casing),
    EventBatchingCondition: toService<EventBatchingCondition | undefined>(batching, casing),
  };
}

/** Only a trigger that fires by itself can be switched on. */
async function activate(inputs: TriggerInputs, context: HandlerContext): Promise<void> {
  if (inputs.type === "ON_DEMAND") return;
  const Name = inputs.name;
  const command =
    inputs.enabled === false ? new StopTriggerCommand({ Name }) : new StartTriggerCommand({ Name });
  await context.client(GlueClient).send(command);
}

export const trigger = defineResource<aws.glue.TriggerArgs>({
  type: "aws:glue/trigger:Trigger",
  autoname: { property: "name", maximumLength: 255 },
  required: ["actions", "type"],
  replaceOn: ["name", "type", "workflowName"],
  taggable: true,
  computed: ["arn", "state"],
  changedByUpdate: ["state"],

  async create(inputs, context) {
    await context.client(GlueClient).send(
      new CreateTriggerCommand({
        ...triggerSettings(inputs),
        Type: inputs.type as TriggerType,
        WorkflowName: inputs.workflowName,
        StartOnCreation: inputs.type === "ON_DEMAND" ? undefined : inputs.startOnCreation,
        Tags: inputs.tags,
      }),
    );
    context.created(inputs.name!);
    if (inputs.enabled !== false && inputs.startOnCreation !== true) await activate(inputs, context);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(context.client(GlueClient).send(new GetTriggerCommand({ Name: id })));
    const found = answer?.Trigger;
    if (!found) return undefined;
    const fields = fieldsFromService(found, casing);
    const arn = await glueArn(`trigger/${id}`, context);
    return {
      ...seen(fields, ["name", "actions", "description", "schedule", "type", "workflowName", "state"]),
      ...answered(fields, ["predicate"]),
      arn,
      tags: await readTags(arn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(`trigger/${id}`, olds.tags, news.tags, context);
    await context
      .client(GlueClient)
      .send(new UpdateTriggerCommand({ Name: id, TriggerUpdate: triggerSettings(news) }));
    if ((olds.enabled ?? true) !== (news.enabled ?? true)) await activate(news, context);
  },

  async delete(id, _properties, context) {
    await context.client(GlueClient).send(new DeleteTriggerCommand({ Name: id }));
  },
});

const workflowCasing: CasingRules = { maps: ["defaultRunProperties"] };
const workflowSettings = ["name", "description", "defaultRunProperties", "maxConcurrentRuns"] as const;

export const workflow = defineResource<aws.glue.WorkflowArgs>({
  type: "aws:glue/workflow:Workflow",
  autoname: { property: "name", maximumLength: 255 },
  replaceOn: ["name"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    const settings = toService<object>(seen(inputs, [...workflowSettings]), workflowCasing);
    await context
      .client(GlueClient)
      .send(new CreateWorkflowCommand({ Name: inputs.name, ...settings, Tags: inputs.tags }));
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(context.client(GlueClient).send(new GetWorkflowCommand({ Name: id })));
    const found = answer?.Workflow;
    if (!found) return undefined;
    const fields = fieldsFromService(found, workflowCasing);
    const arn = await glueArn(`workflow/${id}`, context);
    return {
      ...seen(fields, ["name", "description", "defaultRunProperties"]),
      ...answered(fields, ["maxConcurrentRuns"]),
      arn,
      tags: await readTags(arn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(`workflow/${id}`, olds.tags, news.tags, context);
    const settings = toService<object>(seen(news, [...workflowSettings]), workflowCasing);
    await context.client(GlueClient).send(new UpdateWorkflowCommand({ ...settings, Name: id }));
  },

  async delete(id, _properties, context) {
    await context.client(GlueClient).send(new DeleteWorkflowCommand({ Name: id }));
  },
});
