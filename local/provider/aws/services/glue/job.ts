import {
  CreateJobCommand,
  type CreateJobCommandInput,
  DeleteJobCommand,
  GetJobCommand,
  GlueClient,
  type JobUpdate,
  UpdateJobCommand,
} from "@aws-sdk/client-glue";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { changeTags, glueArn, readTags } from "./tagging";

const casing: CasingRules = { maps: ["defaultArguments", "nonOverridableArguments"] };

const settings = [
  "command",
  "defaultArguments",
  "description",
  "glueVersion",
  "securityConfiguration",
] as const;

/** Settings that AWS fills in where the program gives none, and an emulator may not answer. */
const filledByAws = [
  "executionClass",
  "executionProperty",
  "jobMode",
  "jobRunQueuingEnabled",
  "maintenanceWindow",
  "maxCapacity",
  "maxRetries",
  "nonOverridableArguments",
  "notificationProperty",
  "numberOfWorkers",
  "sourceControlDetails",
  "timeout",
  "workerType",
] as const;

function jobUpdate(inputs: Plain<aws.glue.JobArgs>): JobUpdate {
  const sized = inputs.workerType !== undefined || inputs.numberOfWorkers !== undefined;
  return {
    ...toService<JobUpdate>(seen(inputs, [...settings, ...filledByAws]), casing),
    // AWS refuses a capacity beside a worker type.
    MaxCapacity: sized ? undefined : inputs.maxCapacity,
    Role: inputs.roleArn,
    Connections: inputs.connections && { Connections: inputs.connections },
  };
}

export const job = defineResource<aws.glue.JobArgs>({
  type: "aws:glue/job:Job",
  autoname: { property: "name", maximumLength: 255 },
  required: ["command", "roleArn"],
  replaceOn: ["name"],
  taggable: true,
  unordered: ["connections"],
  computed: ["arn"],

  async create(inputs, context) {
    const request = { ...jobUpdate(inputs), Name: inputs.name, Tags: inputs.tags } as CreateJobCommandInput;
    await context.client(GlueClient).send(new CreateJobCommand(request));
    context.created(inputs.name!);
    // MiniStack forgets the tags that a job is made with, and keeps later ones when it goes.
    await changeTags(`job/${inputs.name}`, undefined, inputs.tags, context);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(context.client(GlueClient).send(new GetJobCommand({ JobName: id })));
    const found = answer?.Job;
    if (!found) return undefined;
    const fields = fieldsFromService(found, casing);
    const arn = await glueArn(`job/${id}`, context);
    return {
      ...seen(fields, [...settings]),
      ...answered(fields, [...filledByAws]),
      name: found.Name,
      roleArn: found.Role,
      connections: found.Connections?.Connections,
      arn,
      tags: await readTags(arn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(`job/${id}`, olds.tags, news.tags, context);
    await context.client(GlueClient).send(new UpdateJobCommand({ JobName: id, JobUpdate: jobUpdate(news) }));
  },

  async delete(id, properties, context) {
    await changeTags(`job/${id}`, properties.tags, undefined, context);
    await context.client(GlueClient).send(new DeleteJobCommand({ JobName: id }));
  },
});
