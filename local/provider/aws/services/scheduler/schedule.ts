import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";

const casing: CasingRules = {
  names: {
    eventbridgeParameters: "EventBridgeParameters",
    sagemakerPipelineParameters: "SageMakerPipelineParameters",
    pipelineParameters: "PipelineParameterList",
  },
};

const settings = [
  "description",
  "flexibleTimeWindow",
  "groupName",
  "kmsKeyArn",
  "name",
  "scheduleExpression",
  "scheduleExpressionTimezone",
  "state",
  "target",
] as const;

function request(inputs: Plain<aws.scheduler.ScheduleArgs>): CreateScheduleCommandInput {
  return {
    ...toService<CreateScheduleCommandInput>(seen(inputs, [...settings]), casing),
    StartDate: inputs.startDate === undefined ? undefined : new Date(inputs.startDate),
    EndDate: inputs.endDate === undefined ? undefined : new Date(inputs.endDate),
    ActionAfterCompletion:
      inputs.actionAfterCompletion as CreateScheduleCommandInput["ActionAfterCompletion"],
  };
}

/** The group and the name inside the id. */
function partsOf(id: string): { GroupName: string; Name: string } {
  const slash = id.indexOf("/");
  return { GroupName: id.slice(0, slash), Name: id.slice(slash + 1) };
}

/** The program's spelling of a date that is the same moment. */
function sameMoment(given: string | undefined, date: Date | undefined): string | undefined {
  if (given !== undefined && date !== undefined && new Date(given).getTime() === date.getTime()) return given;
  return date?.toISOString();
}

export const schedule = defineResource<aws.scheduler.ScheduleArgs>({
  type: "aws:scheduler/schedule:Schedule",
  autoname: { property: "name", maximumLength: 64, transform: (name) => name.replace(/[^.\w-]/g, "-") },
  required: ["flexibleTimeWindow", "scheduleExpression", "target"],
  replaceOn: ["name", "groupName"],
  computed: ["arn"],

  async create(inputs, context) {
    const id = `${inputs.groupName ?? "default"}/${inputs.name}`;
    await context.client(SchedulerClient).send(new CreateScheduleCommand(request(inputs)));
    context.created(id);
    return { id };
  },

  async read(id, properties, context) {
    const found = await orMissing(context.client(SchedulerClient).send(new GetScheduleCommand(partsOf(id))));
    if (!found) return undefined;
    const fields = fieldsFromService(found, casing);
    return {
      ...seen(fields, [...settings, "arn"]),
      ...answered(fields, ["actionAfterCompletion"]),
      startDate: sameMoment(properties.startDate, found.StartDate),
      endDate: sameMoment(properties.endDate, found.EndDate),
    };
  },

  async update(_id, _olds, news, context) {
    await context.client(SchedulerClient).send(new UpdateScheduleCommand(request(news)));
  },

  async delete(id, _properties, context) {
    await context.client(SchedulerClient).send(new DeleteScheduleCommand(partsOf(id)));
  },
});
