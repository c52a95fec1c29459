import {
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListArchivesCommand,
  ListConnectionsCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  DeleteScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as scheduler from "@pulumi/aws/scheduler";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";

const account = "123456789012";

export const eventBridgeCase: ServiceCase = {
  service: "eventbridge",
  program(changed) {
    const queue = new sqs.Queue("target", {});
    const roleArn = caseRoleArn("events", "events.amazonaws.com");
    const deadLetters = new sqs.Queue("undelivered", {});
    const bus = new cloudwatch.EventBus("models", { name: "case-models", tags: { team: "ml" } });
    const pattern = { source: ["aws.sagemaker"], "detail-type": [changed ? "Changed" : "Created"] };
    const approved = new cloudwatch.EventRule("approved", {
      name: "case-approved",
      eventPattern: JSON.stringify(pattern),
      description: changed ? "second" : undefined,
      tags: changed ? { stage: "b" } : { stage: "a" },
    });
    new cloudwatch.EventTarget("queue", {
      rule: approved.name,
      targetId: "queue",
      arn: queue.arn,
      deadLetterConfig: { arn: deadLetters.arn },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: changed ? 5 : 3 },
      inputTransformer: { inputPaths: { Model: "$.detail.Model" }, inputTemplate: '{"model": <Model>}' },
    });
    const forwarded = new cloudwatch.EventRule("forwarded", {
      eventBusName: bus.name,
      scheduleExpression: undefined,
      eventPattern: JSON.stringify({ source: ["mlops"] }),
      state: changed ? "DISABLED" : "ENABLED",
    });
    new cloudwatch.EventTarget("bus", {
      rule: forwarded.name,
      eventBusName: bus.name,
      arn: `arn:aws:events:us-east-1:${account}:event-bus/default`,
      roleArn,
      input: changed ? '{"a": 1}' : '{"a":1}',
    });
    new cloudwatch.EventBusPolicy("policy", {
      eventBusName: bus.name,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: changed ? "Second" : "First",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: "events:PutEvents",
            Resource: bus.arn,
          },
        ],
      }),
    });
    new cloudwatch.EventPermission("permission", { principal: "111122223333", statementId: "partner" });
    new cloudwatch.EventArchive("archive", { eventSourceArn: bus.arn, retentionDays: changed ? 30 : 7 });
    const connection = new cloudwatch.EventConnection("connection", {
      authorizationType: "API_KEY",
      authParameters: {
        apiKey: { key: "x-api-key", value: pulumi.secret(changed ? "second-secret" : "first-secret") },
      },
    });
    new cloudwatch.EventApiDestination("hook", {
      connectionArn: connection.arn,
      httpMethod: "POST",
      invocationEndpoint: changed ? "https://example.com/v2" : "https://example.com/v1",
    });
  },
  updated: [
    "aws:cloudwatch/eventRule:EventRule approved",
    "aws:cloudwatch/eventRule:EventRule forwarded",
    "aws:cloudwatch/eventTarget:EventTarget queue",
    "aws:cloudwatch/eventTarget:EventTarget bus",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy policy",
    "aws:cloudwatch/eventArchive:EventArchive archive",
    "aws:cloudwatch/eventConnection:EventConnection connection",
    "aws:cloudwatch/eventApiDestination:EventApiDestination hook",
  ],
  async tamper({ aws }) {
    const client = new EventBridgeClient(aws);
    await client.send(new RemoveTargetsCommand({ Rule: "case-approved", Ids: ["queue"] }));
    await client.send(
      new PutRuleCommand({
        Name: "case-approved",
        EventPattern: JSON.stringify({ source: ["someone.else"] }),
        Description: "second",
      }),
    );
  },
  repaired: ["aws:cloudwatch/eventRule:EventRule approved"],
  recreated: ["aws:cloudwatch/eventTarget:EventTarget queue"],
  async leftovers({ aws }) {
    const client = new EventBridgeClient(aws);
    const { EventBuses = [] } = await client.send(new ListEventBusesCommand({}));
    return [
      ...((await client.send(new ListRulesCommand({}))).Rules ?? []),
      ...((await client.send(new ListArchivesCommand({}))).Archives ?? []),
      ...((await client.send(new ListConnectionsCommand({}))).Connections ?? []),
      ...((await client.send(new ListApiDestinationsCommand({}))).ApiDestinations ?? []),
      ...EventBuses.filter(({ Name }) => Name !== "default"),
      ...EventBuses.filter(({ Policy }) => Policy?.includes("partner")),
    ];
  },
};

export const schedulerCase: ServiceCase = {
  service: "scheduler",
  program(changed) {
    const queue = new sqs.Queue("scheduled", {});
    const roleArn = caseRoleArn("scheduler", "scheduler.amazonaws.com");
    const group = new scheduler.ScheduleGroup("group", {
      name: "case-group",
      tags: changed ? { stage: "b" } : { stage: "a" },
    });
    const target = {
      arn: queue.arn,
      roleArn,
      input: JSON.stringify({ reason: "schedule" }),
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 2 },
    };
    new scheduler.Schedule("weekly", {
      name: "case-weekly",
      groupName: group.name,
      scheduleExpression: changed ? "rate(14 days)" : "rate(7 days)",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
      target,
      description: "Retrains every week",
    });
    new scheduler.Schedule("once", {
      scheduleExpression: "at(2099-01-01T00:00:00)",
      scheduleExpressionTimezone: "Europe/Amsterdam",
      flexibleTimeWindow: { mode: "OFF" },
      endDate: "2099-06-01T00:00:00Z",
      state: "DISABLED",
      target,
    });
  },
  updated: ["aws:scheduler/schedule:Schedule weekly", "aws:scheduler/scheduleGroup:ScheduleGroup group"],
  async tamper({ aws }) {
    const client = new SchedulerClient(aws);
    await client.send(new DeleteScheduleCommand({ GroupName: "case-group", Name: "case-weekly" }));
  },
  recreated: ["aws:scheduler/schedule:Schedule weekly"],
  async leftovers({ aws }) {
    const client = new SchedulerClient(aws);
    const { ScheduleGroups = [] } = await client.send(new ListScheduleGroupsCommand({}));
    const { Schedules = [] } = await client.send(new ListSchedulesCommand({}));
    return [...Schedules, ...ScheduleGroups.filter(({ Name }) => Name !== "default")];
  },
};
