import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutCompositeAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { type CasingRules, fieldsFromService, seen } from "../support/casing";
import { changeTags, readTags } from "./tagging";

const casing: CasingRules = { names: { okActions: "OKActions" } };

const settings = [
  "actionsEnabled",
  "alarmActions",
  "alarmDescription",
  "alarmName",
  "alarmRule",
  "insufficientDataActions",
  "okActions",
];

async function putAlarm(
  inputs: Plain<aws.cloudwatch.CompositeAlarmArgs>,
  context: HandlerContext,
  tags?: Record<string, string>,
): Promise<void> {
  const suppressor = inputs.actionsSuppressor;
  await context.client(CloudWatchClient).send(
    new PutCompositeAlarmCommand({
      AlarmName: inputs.alarmName,
      AlarmRule: inputs.alarmRule,
      AlarmDescription: inputs.alarmDescription,
      ActionsEnabled: inputs.actionsEnabled ?? true,
      AlarmActions: inputs.alarmActions,
      OKActions: inputs.okActions,
      InsufficientDataActions: inputs.insufficientDataActions,
      ActionsSuppressor: suppressor?.alarm,
      ActionsSuppressorExtensionPeriod: suppressor?.extensionPeriod,
      ActionsSuppressorWaitPeriod: suppressor?.waitPeriod,
      Tags: tags && toTagList(tags),
    }),
  );
}

export const compositeAlarm = defineResource<aws.cloudwatch.CompositeAlarmArgs>({
  type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  autoname: { property: "alarmName", maximumLength: 255 },
  required: ["alarmRule"],
  replaceOn: ["alarmName"],
  taggable: true,
  unordered: ["alarmActions", "okActions", "insufficientDataActions"],
  computed: ["arn"],

  async create(inputs, context) {
    await putAlarm(inputs, context, inputs.tags);
    context.created(inputs.alarmName);
    return { id: inputs.alarmName };
  },

  async read(id, _properties, context) {
    const { CompositeAlarms } = await context
      .client(CloudWatchClient)
      .send(new DescribeAlarmsCommand({ AlarmNames: [id], AlarmTypes: ["CompositeAlarm"] }));
    const found = CompositeAlarms?.find((alarm) => alarm.AlarmName === id);
    if (!found?.AlarmArn) return undefined;
    return {
      ...seen(fieldsFromService(found, casing), settings),
      ...(found.ActionsSuppressor === undefined
        ? {}
        : {
            actionsSuppressor: {
              alarm: found.ActionsSuppressor,
              extensionPeriod: found.ActionsSuppressorExtensionPeriod,
              waitPeriod: found.ActionsSuppressorWaitPeriod,
            },
          }),
      arn: found.AlarmArn,
      tags: await readTags(found.AlarmArn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    await putAlarm(news, context);
  },

  async delete(id, _properties, context) {
    await context.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
  },
});
