import * as pulumi from "@pulumi/pulumi";

import { ModelMonitor, RetrainingController, TrainingPipeline } from "../../../components";
import { settingsSchema } from "../../../lambdas/retraining-controller/settings";
import { toRequest } from "../../../lambdas/retraining-controller/request";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { deployInMocks, MockedDeployment } from "../../support/pulumi-mocks";
import { modelMonitorArgs, retrainingControllerArgs, trainingPipelineArgs } from "../loop-samples";

const deploy = (changes: object = {}): Promise<MockedDeployment<RetrainingController>> =>
  deployInMocks(() => new RetrainingController("delays", { ...retrainingControllerArgs, ...changes }));

describe("the retraining controller", () => {
  test("gives the function an environment that it accepts", async () => {
    const { environment } = (await deploy()).one("aws:lambda/function:Function").inputs;
    expect(readEnvironment(settingsSchema, environment.variables as Record<string, string>)).toMatchObject({
      STATE_MACHINE_ARN: retrainingControllerArgs.stateMachineArn,
      DATA_URI: "s3://curated/flights/",
      COOL_DOWN_SECONDS: 21600,
      DAILY_CAP: 3,
    });
  });

  test("listens to the drift alarm, and only when it goes off", async () => {
    const rule = (await deploy()).one("aws:cloudwatch/eventRule:EventRule");
    expect(JSON.parse(rule.inputs.eventPattern as string)).toEqual({
      source: ["aws.cloudwatch"],
      "detail-type": ["CloudWatch Alarm State Change"],
      resources: [retrainingControllerArgs.driftAlarmArn],
      detail: { state: { value: ["ALARM"] } },
    });
  });

  test("is called by the schedule with a request that the function understands, once for each due time", async () => {
    const { target } = (await deploy()).one("aws:scheduler/schedule:Schedule").inputs;
    const due = (target.input as string).replace("<aws.scheduler.scheduled-time>", "2026-01-11T03:00:00Z");
    expect(toRequest(JSON.parse(due))).toMatchObject({
      trigger: "schedule",
      idempotencyKey: "schedule 2026-01-11T03:00:00Z",
      hasData: true,
    });
  });

  test("protects its decisions until both keys are turned", async () => {
    const table = (await deploy()).one("aws:dynamodb/table:Table");
    expect(table).toMatchObject({ protect: true, retainOnDelete: true });
    expect(table.inputs).toMatchObject({
      deletionProtectionEnabled: true,
      ttl: { attributeName: "expiresAt", enabled: true },
    });
    const disposable = (await deploy({ forceDestroy: true })).one("aws:dynamodb/table:Table");
    expect(disposable).toMatchObject({ protect: false, retainOnDelete: false });
    expect(disposable.inputs.deletionProtectionEnabled).toBe(false);
  });

  test("names every wrong argument at once", async () => {
    const wrong = {
      coolDownSeconds: -1,
      dailyCap: 0,
      dataUri: "curated/flights",
      scheduleExpression: "weekly",
    };
    const failure = await deploy(wrong).catch((error: Error) => error.message);
    for (const path of Object.keys(wrong)) expect(failure).toContain(`${path}: `);
  });
});

test("the loop is closed: emitter → alarm → rule → controller → state machine are the same things", async () => {
  const deployed = await deployInMocks(() => {
    const monitor = new ModelMonitor("delays", modelMonitorArgs);
    const pipeline = new TrainingPipeline("delays", trainingPipelineArgs);
    return new RetrainingController("delays", {
      ...retrainingControllerArgs,
      driftAlarmArn: monitor.retrainingAlarmArn,
      stateMachineArn: pipeline.stateMachineArn,
    });
  });
  const one = (type: string, name?: string): pulumi.Inputs =>
    deployed.one(type, name).inputs as pulumi.Inputs;
  const variables = (name: string): Record<string, string> =>
    (one("aws:lambda/function:Function", name).environment as { variables: Record<string, string> })
      .variables;

  const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "delays-retraining");
  const { drift } = JSON.parse(variables("delays-monitor").METRICS ?? "") as { drift: { name: string } };
  expect(alarm.metricName).toBe(drift.name);

  const pattern = JSON.parse(one("aws:cloudwatch/eventRule:EventRule").eventPattern) as {
    resources: string[];
  };
  expect(pattern.resources).toEqual(["arn:aws:cloudwatch:eu-west-1:123456789012:delays-retraining"]);
  expect(one("aws:cloudwatch/eventTarget:EventTarget").arn).toBe(
    "arn:aws:lambda:eu-west-1:123456789012:delays-retraining",
  );
  expect(variables("delays-retraining").STATE_MACHINE_ARN).toBe("arn:aws:sfn:eu-west-1:123456789012:delays");
});
