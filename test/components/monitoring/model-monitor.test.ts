import { AlertTopic, ModelMonitor } from "../../../components";
import { MetricRef, ModelMetrics, modelMetrics } from "../../../components/contracts/metric-ref";
import type { ModelMonitorArgs } from "../../../components/monitoring/model-monitor";
import { settingsSchema } from "../../../lambdas/drift-detector/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { deployInMocks, MockedDeployment, parsePolicy, valueOf } from "../../support/pulumi-mocks";
import { modelMonitorArgs } from "../loop-samples";

const topic = "arn:aws:sns:eu-west-1:123456789012:alerts";
const deploy = (changes: Partial<ModelMonitorArgs> = {}): Promise<MockedDeployment<ModelMonitor>> =>
  deployInMocks(() => new ModelMonitor("delays", { ...modelMonitorArgs, alarmTopicArn: topic, ...changes }));
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("the model monitor", () => {
  let deployed: MockedDeployment<ModelMonitor>;
  beforeAll(async () => void (deployed = await deploy()));

  const environment = (): Record<string, string> =>
    deployed.one("aws:lambda/function:Function").inputs.environment.variables as Record<string, string>;
  const emitted = (): ModelMetrics => readEnvironment(settingsSchema, environment()).METRICS as ModelMetrics;

  test("gives the function an environment that it accepts", () => {
    expect(readEnvironment(settingsSchema, environment())).toMatchObject({
      MODEL_NAME: "delays",
      METRICS: modelMetrics("test", "delays"),
      WINDOW_HOURS: 24,
      DRIFT_THRESHOLD: 0.2,
      MINIMUM_RECORDS: 100,
    });
  });

  test("watches exactly the metrics that the function emits", () => {
    const identity = ({ namespace, name, dimensions, unit }: MetricRef) => ({
      namespace,
      metricName: name,
      dimensions,
      unit,
    });
    expect(deployed.one(alarmType, "delays-drift").inputs).toMatchObject(identity(emitted().drift));
    expect(deployed.one(alarmType, "delays-heartbeat").inputs).toMatchObject(identity(emitted().heartbeat));
  });

  test("draws every metric that the function emits, and no other", () => {
    const { widgets } = JSON.parse(
      deployed.one("aws:cloudwatch/dashboard:Dashboard").inputs.dashboardBody as string,
    ) as { widgets: { properties: { metrics?: unknown[][]; alarms?: string[]; region?: string } }[] };
    const drawn = widgets
      .flatMap(({ properties }) => properties.metrics ?? [])
      .map((line) => line.slice(0, -1));
    const known = Object.values(emitted()).map(({ namespace, name, dimensions }: MetricRef) => [
      namespace,
      name,
      ...Object.entries(dimensions).flat(),
    ]);
    expect(drawn.sort()).toEqual(known.sort());
    const alarms = deployed.ofType(alarmType).filter(({ name }) => /drift|heartbeat/.test(name));
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? [])).toHaveLength(alarms.length);
  });

  test("goes off when nothing is measured, and tells the topic", () => {
    for (const name of ["delays-drift", "delays-heartbeat"]) {
      expect(deployed.one(alarmType, name).inputs).toMatchObject({
        treatMissingData: "breaching",
        alarmActions: [topic],
      });
      expect(deployed.one(alarmType, name).inputs.alarmDescription).toMatch(
        /Owner: .+\. Runbook: docs\/runbooks\/\w+\.md$/,
      );
    }
    expect(deployed.one(alarmType, "delays-drift").inputs).toMatchObject({
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0.2,
      statistic: "Maximum",
      period: 3600,
    });
  });

  test("lets the function read and write only its own model's objects, and emit only its own metrics", () => {
    const statements = parsePolicy(
      deployed.one("aws:iam/rolePolicy:RolePolicy", "delays-monitor").inputs.policy,
    ).Statement;
    const find = (sid: string) => statements.find((statement) => statement.Sid === sid);
    expect(find("WriteReports")?.Resource).toEqual(["arn:aws:s3:::captures/delays/reports/*"]);
    expect(find("ReadCaptures")?.Resource).toEqual(["arn:aws:s3:::captures/delays/year=*"]);
    expect(find("EmitMetrics")?.Condition).toEqual({
      StringEquals: { "cloudwatch:namespace": [emitted().drift.namespace] },
    });
    expect(find("ReadChampion")?.Resource).toEqual([
      "arn:aws:ssm:eu-west-1:123456789012:parameter/mlops/test/delays/champion",
    ]);
  });

  test("runs on its schedule, with a way for what cannot be delivered", () => {
    expect(deployed.one("aws:scheduler/schedule:Schedule").inputs).toMatchObject({
      scheduleExpression: "rate(1 hour)",
      target: {
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 20 },
        deadLetterConfig: { arn: expect.stringContaining("dead-letters") },
      },
    });
  });

  test("silence holds back people's alarm but never the one that asks for a retraining", () => {
    const alarm = (name: string) => deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).inputs;
    expect(alarm("delays-drift")).toMatchObject({ treatMissingData: "breaching", period: 3600 });
    expect(alarm("delays-retraining")).toMatchObject({ treatMissingData: "notBreaching", period: 60 });
    for (const same of ["namespace", "metricName", "dimensions", "unit", "statistic", "threshold"]) {
      expect(alarm("delays-retraining")[same]).toEqual(alarm("delays-drift")[same]);
    }
  });

  test("hands out what the controller needs", async () => {
    expect(await valueOf(deployed.result.driftAlarmArn)).toContain("delays-drift");
    expect(await valueOf(deployed.result.retrainingAlarmArn)).toContain("delays-retraining");
  });
});

test("every wrong argument is named at once", async () => {
  const wrong = {
    modelName: "Delays!",
    evaluationPeriodSeconds: 45,
    driftThreshold: 0,
    windowHours: 0,
    scheduleExpression: "hourly",
  };
  await expect(deploy(wrong)).rejects.toThrow(
    /modelName: "Delays!".*evaluationPeriodSeconds: 45.*driftThreshold: 0.*windowHours: 0.*|scheduleExpression: "hourly"/s,
  );
});

describe("the alert topic", () => {
  test("lets alarms of this account publish, asks every address, and refuses unencrypted transport", async () => {
    const deployed = await deployInMocks(
      () => new AlertTopic("alerts", { emailAddresses: ["a@b.test", "c@d.test"] }),
    );
    expect(
      deployed.ofType("aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => inputs.endpoint),
    ).toEqual(["a@b.test", "c@d.test"]);
    const [allow, deny] = parsePolicy(
      deployed.one("aws:sns/topicPolicy:TopicPolicy").inputs.policy,
    ).Statement;
    expect(allow).toMatchObject({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
    expect(deny).toMatchObject({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
  });

  test("names every address that is none", async () => {
    const create = () =>
      deployInMocks(() => new AlertTopic("alerts", { emailAddresses: ["team", "a@b.test", "x y@z"] }));
    await expect(create()).rejects.toThrow(/emailAddresses\[0\]: "team".*emailAddresses\[2\]: "x y@z"/);
  });
});
