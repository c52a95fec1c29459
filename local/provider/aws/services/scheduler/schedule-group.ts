import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleGroupCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-scheduler";
import type * as aws from "@pulumi/aws";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

export const scheduleGroup = defineResource<aws.scheduler.ScheduleGroupArgs>({
  type: "aws:scheduler/scheduleGroup:ScheduleGroup",
  autoname: { property: "name", maximumLength: 64, transform: (name) => name.replace(/[^.\w-]/g, "-") },
  replaceOn: ["name", "namePrefix"],
  taggable: true,
  computed: ["arn", "state", "creationDate", "lastModificationDate"],

  async create(inputs, context) {
    await context
      .client(SchedulerClient)
      .send(new CreateScheduleGroupCommand({ Name: inputs.name, Tags: toTagList(inputs.tags) }));
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const scheduler = context.client(SchedulerClient);
    const found = await orMissing(scheduler.send(new GetScheduleGroupCommand({ Name: id })));
    if (!found?.Arn || found.State === "DELETING") return undefined;
    const { Tags } = await scheduler.send(new ListTagsForResourceCommand({ ResourceArn: found.Arn }));
    return {
      name: found.Name,
      arn: found.Arn,
      state: found.State,
      creationDate: found.CreationDate?.toISOString(),
      tags: fromTagList(Tags),
    };
  },

  async update(_id, olds, news, context) {
    const scheduler = context.client(SchedulerClient);
    const ResourceArn = String(olds.arn);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => scheduler.send(new TagResourceCommand({ ResourceArn, Tags: toTagList(tags) })),
      remove: (TagKeys) => scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    });
  },

  async delete(id, _properties, context) {
    const scheduler = context.client(SchedulerClient);
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: id }));
    await waitUntil(
      `the deletion of the schedule group ${id}`,
      () => orMissing(scheduler.send(new GetScheduleGroupCommand({ Name: id }))),
      (group) => group === undefined,
    );
  },
});
