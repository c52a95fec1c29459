import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  ListDashboardsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { DescribeRepositoriesCommand, ECRClient, PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
import {
  ListActivitiesCommand,
  ListStateMachinesCommand,
  SFNClient,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ecr from "@pulumi/aws/ecr";
import * as sfn from "@pulumi/aws/sfn";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";

const account = "123456789012";

export const cloudWatchCase: ServiceCase = {
  service: "cloudwatch",
  program(changed) {
    const topic = new sns.Topic("alarms", {});
    const drift = new cloudwatch.MetricAlarm("drift", {
      name: "case-drift",
      alarmDescription: "Drift of the model",
      namespace: "MLOps",
      metricName: "FeatureDrift",
      dimensions: { ModelName: "flights", environment: "test" },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      threshold: changed ? 0.25 : 0.2,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "breaching",
      alarmActions: [topic],
      tags: changed ? { stage: "b" } : { stage: "a" },
    });
    const ratio = new cloudwatch.MetricAlarm("ratio", {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      threshold: 0.1,
      metricQueries: [
        {
          id: "ratio",
          expression: changed ? "errors / (requests + 1)" : "errors / requests",
          label: "Ratio",
          returnData: true,
        },
        {
          id: "errors",
          metric: {
            metricName: "Errors",
            namespace: "MLOps",
            period: 60,
            stat: "Sum",
            dimensions: { Model: "a" },
          },
        },
        { id: "requests", metric: { metricName: "Requests", namespace: "MLOps", period: 60, stat: "Sum" } },
      ],
    });
    new cloudwatch.CompositeAlarm("either", {
      alarmName: "case-either",
      alarmRule: pulumi.interpolate`ALARM("${drift.name}") ${changed ? "AND" : "OR"} ALARM("${ratio.name}")`,
      alarmActions: [topic.arn],
    });
    new cloudwatch.Dashboard("board", {
      dashboardName: "case-board",
      dashboardBody: JSON.stringify({
        widgets: [
          {
            type: "text",
            x: 0,
            y: 0,
            width: 6,
            height: 3,
            properties: { markdown: changed ? "# B" : "# A" },
          },
        ],
      }),
    });
    new cloudwatch.QueryDefinition("errors", {
      name: "case/errors",
      queryString: changed ? "fields @message | limit 20" : "fields @message",
    });
  },
  updated: [
    "aws:cloudwatch/metricAlarm:MetricAlarm drift",
    "aws:cloudwatch/metricAlarm:MetricAlarm ratio",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm either",
    "aws:cloudwatch/dashboard:Dashboard board",
    "aws:cloudwatch/queryDefinition:QueryDefinition errors",
  ],
  async tamper({ aws }) {
    const client = new CloudWatchClient(aws);
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["case-drift"] }));
    const { AlarmName, ComparisonOperator, EvaluationPeriods, ...rest } = MetricAlarms![0]!;
    const { Namespace, MetricName, Dimensions, Statistic, Period, AlarmActions, AlarmDescription } = rest;
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName,
        AlarmDescription,
        AlarmActions,
        ComparisonOperator,
        EvaluationPeriods,
        DatapointsToAlarm: 2,
        Namespace,
        MetricName,
        Dimensions,
        Statistic,
        Period,
        Threshold: 0.9,
        TreatMissingData: "notBreaching",
      }),
    );
    await client.send(new DeleteDashboardsCommand({ DashboardNames: ["case-board"] }));
  },
  repaired: ["aws:cloudwatch/metricAlarm:MetricAlarm drift"],
  recreated: ["aws:cloudwatch/dashboard:Dashboard board"],
  async leftovers({ aws }) {
    const client = new CloudWatchClient(aws);
    const alarms = await client.send(
      new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    );
    return [
      ...(alarms.MetricAlarms ?? []),
      ...(alarms.CompositeAlarms ?? []),
      ...((await client.send(new ListDashboardsCommand({}))).DashboardEntries ?? []),
    ];
  },
};

export const ecrCase: ServiceCase = {
  service: "ecr",
  program(changed) {
    const repository = new ecr.Repository("model", {
      name: "case/model",
      imageTagMutability: changed ? "MUTABLE" : "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: true,
      tags: { team: "ml" },
    });
    new ecr.Repository("Second", {});
    new ecr.LifecyclePolicy("lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            selection: {
              tagStatus: "untagged",
              countType: "imageCountMoreThan",
              countNumber: changed ? 5 : 10,
            },
            action: { type: "expire" },
          },
        ],
      }),
    });
    new ecr.RepositoryPolicy("policy", {
      repository: repository.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: changed ? "Second" : "First",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: ["ecr:BatchGetImage"],
          },
        ],
      }),
    });
    new ecr.RegistryScanningConfiguration("scanning", { scanType: "ENHANCED" });
  },
  updated: [
    "aws:ecr/repository:Repository model",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy lifecycle",
    "aws:ecr/repositoryPolicy:RepositoryPolicy policy",
  ],
  async tamper({ aws }) {
    await new ECRClient(aws).send(
      new PutImageTagMutabilityCommand({ repositoryName: "case/model", imageTagMutability: "IMMUTABLE" }),
    );
  },
  repaired: ["aws:ecr/repository:Repository model"],
  async leftovers({ aws }) {
    return (await new ECRClient(aws).send(new DescribeRepositoriesCommand({}))).repositories ?? [];
  },
};

function definition(seconds: number): string {
  return JSON.stringify(
    { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: seconds, End: true } } },
    undefined,
    2,
  );
}

export const stepFunctionsCase: ServiceCase = {
  service: "step-functions",
  program(changed) {
    const roleArn = caseRoleArn("states", "states.amazonaws.com");
    const machine = new sfn.StateMachine("training", {
      name: "case-training",
      definition: definition(changed ? 2 : 1),
      roleArn,
      publish: true,
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: false,
        logDestination: `arn:aws:logs:us-east-1:${account}:log-group:/case/training:*`,
      },
      tracingConfiguration: { enabled: true },
      tags: changed ? { stage: "b" } : { stage: "a" },
    });
    new sfn.StateMachine("plain", {
      name: "case-plain",
      definition: definition(1),
      roleArn,
      type: changed ? "EXPRESS" : "STANDARD",
    });
    new sfn.Activity("review", { name: "case-review", tags: changed ? { stage: "b" } : { stage: "a" } });
    new sfn.Alias("live", {
      name: "live",
      description: changed ? "second" : "first",
      routingConfigurations: [{ stateMachineVersionArn: machine.stateMachineVersionArn, weight: 100 }],
    });
  },
  updated: [
    "aws:sfn/stateMachine:StateMachine training",
    "aws:sfn/activity:Activity review",
    "aws:sfn/alias:Alias live",
  ],
  replaced: ["aws:sfn/stateMachine:StateMachine plain"],
  async tamper({ aws }) {
    const client = new SFNClient(aws);
    const stateMachineArn = `arn:aws:states:us-east-1:${account}:stateMachine:case-plain`;
    await client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: definition(99) }));
  },
  repaired: ["aws:sfn/stateMachine:StateMachine plain"],
  async leftovers({ aws }) {
    const client = new SFNClient(aws);
    return [
      ...((await client.send(new ListStateMachinesCommand({}))).stateMachines ?? []),
      ...((await client.send(new ListActivitiesCommand({}))).activities ?? []),
    ];
  },
};
