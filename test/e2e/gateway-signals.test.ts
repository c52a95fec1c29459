/** What the gateway adds to the emulators around state machines: alarms that are evaluated, tokens that are checked. */
import {
  DescribeAlarmsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateAccessEntryCommand, CreateClusterCommand, DescribeClusterCommand } from "@aws-sdk/client-eks";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";

import {
  createRole,
  Inbox,
  RunningGateway,
  TestClients,
  waitFor,
} from "../local/gateway/support/running-gateway";
import { tokenFunction } from "../local/gateway/support/token-function";

const functionName = "promoter";
const roleFolder = "/team/";
let running: RunningGateway;
let clients: TestClients;
let inbox: Inbox;
let functionRole: string;

jest.setTimeout(10 * 60_000);

beforeAll(async () => {
  running = await RunningGateway.start();
  clients = running.clients();
  inbox = await Inbox.create(clients, "signals");
  functionRole = await createRole(clients, functionName, "lambda", roleFolder);
  const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: inbox.arn };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await clients.iam.send(
    new PutRolePolicyCommand({ RoleName: functionName, PolicyName: "send", PolicyDocument }),
  );
  await clients.lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Role: functionRole,
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Timeout: 30,
      Code: { ZipFile: tokenFunction() },
      Environment: { Variables: { INBOX: inbox.url } },
    }),
  );
});

afterAll(async () => {
  await running.stop();
});

describe("alarms", () => {
  const dimensions = (model: string) => [
    { Name: "Model", Value: model },
    { Name: "Environment", Value: "local" },
  ];
  const alarm = (AlarmName: string, model: string, more: Partial<PutMetricAlarmCommandInput> = {}) =>
    clients.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: "mlops/models",
        MetricName: "Drift",
        Dimensions: dimensions(model),
        Statistic: "Maximum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0.2,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "notBreaching",
        ...more,
      }),
    );
  const stateOf = async (name: string): Promise<string | undefined> => {
    const types = ["MetricAlarm", "CompositeAlarm"] as const;
    const found = await clients.cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: [...types] }),
    );
    return found.MetricAlarms?.[0]?.StateValue ?? found.CompositeAlarms?.[0]?.StateValue;
  };
  const inState = (name: string, state: string) =>
    waitFor(`alarm ${name} in ${state}`, async () => ((await stateOf(name)) === state ? true : undefined));

  it("judges each set of dimensions by itself and tells topic, function, bus and composite alarm", async () => {
    const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: "alerts" }));
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: inbox.arn }));
    await inbox.listen("alarms", { source: ["aws.cloudwatch"], detail: { alarmName: ["drift", "any"] } });
    const functionArn = `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`;
    await alarm("drift", "a", { AlarmActions: [TopicArn ?? "", functionArn] });
    await alarm("drift-of-another", "b");
    await alarm("silence", "c", { TreatMissingData: "breaching" });
    await clients.cloudWatch.send(
      new PutCompositeAlarmCommand({ AlarmName: "any", AlarmRule: 'ALARM("drift")' }),
    );
    await inState("drift", "OK");
    await inState("silence", "ALARM");

    const datum = (model: string, Value: number) => ({
      MetricName: "Drift",
      Dimensions: dimensions(model).reverse(),
      Value,
    });
    const MetricData = [datum("a", 0.35), datum("b", 0.05)];
    await clients.cloudWatch.send(new PutMetricDataCommand({ Namespace: "mlops/models", MetricData }));
    await inState("drift", "ALARM");
    expect(await stateOf("drift-of-another")).toBe("OK");

    type Event = {
      detail?: { alarmName: string; state: { value: string; reasonData: string }; previousState: object };
    };
    const told =
      (name: string) =>
      (event: Event): boolean =>
        event.detail?.alarmName === name && event.detail.state.value === "ALARM";
    const event = await inbox.find<Event>("event of the alarm", told("drift"));
    expect(event).toMatchObject({
      "detail-type": "CloudWatch Alarm State Change",
      resources: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:drift"],
      detail: { previousState: { value: "OK" } },
    });
    expect(JSON.parse(event.detail?.state.reasonData ?? "")).toMatchObject({
      recentDatapoints: [0.35],
      threshold: 0.2,
    });
    await inbox.find<Event>("event of the composite alarm", told("any"));
    await inbox.find<{ Subject?: string }>(
      "message of the topic",
      ({ Subject }) => Subject === 'ALARM: "drift" in us-east-1',
    );
    const called = await inbox.find<{ alarmData?: { alarmName: string } }>(
      "call of the function",
      (body) => !!body.alarmData,
    );
    expect(called.alarmData?.alarmName).toBe("drift");
  });

  it("lists what it cannot evaluate", async () => {
    const MetricStat = { Metric: { Namespace: "n", MetricName: "m" }, Period: 60, Stat: "Sum" };
    await clients.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: "ratio",
        ComparisonOperator: "GreaterThanThreshold",
        EvaluationPeriods: 1,
        Threshold: 1,
        Metrics: [
          { Id: "ratio", Expression: "one / one" },
          { Id: "one", MetricStat, ReturnData: false },
        ],
      }),
    );
    type Status = { alarms: { notEvaluated: { name: string; reason: string }[] } };
    const listed = await waitFor("alarm in the status", async () => {
      const status = (await (await fetch(`${running.sandbox.gatewayUrl}/_gateway/status`)).json()) as Status;
      return status.alarms.notEvaluated.find(({ name }) => name === "ratio");
    });
    expect(listed.reason).toMatch(/metric math/);
    expect(await stateOf("ratio")).toBe("INSUFFICIENT_DATA");
  });
});

describe("EKS", () => {
  const cluster = "serving";
  const invoke = async (name: string): Promise<{ arn: string; token: string }> => {
    const Payload = JSON.stringify({ cluster: name });
    const answer = await clients.lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
    return JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as { arn: string; token: string };
  };
  const review = async (token: string): Promise<Record<string, unknown>> => {
    const body = JSON.stringify({
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token },
    });
    const answer = await fetch(`${running.sandbox.gatewayUrl}/_gateway/eks-auth`, { method: "POST", body });
    return ((await answer.json()) as { status: Record<string, unknown> }).status;
  };

  beforeAll(async () => {
    const roleArn = await createRole(clients, "cluster", "eks");
    const resourcesVpcConfig = { subnetIds: ["subnet-1"] };
    await clients.eks.send(new CreateClusterCommand({ name: cluster, roleArn, resourcesVpcConfig }));
  });

  it("describes a cluster with the address of the real API server", async () => {
    const active = await waitFor("active cluster", async () => {
      const described = await clients.eks.send(new DescribeClusterCommand({ name: cluster }));
      return described.cluster?.status === "ACTIVE" ? described.cluster : undefined;
    });
    expect(active.endpoint).toBe(running.sandbox.kubernetesUrl);
    expect(active.certificateAuthority?.data).toBe(Buffer.from("certificate").toString("base64"));
  });

  it("lets in the role of an access entry, with a token for this cluster and no other", async () => {
    const { arn, token } = await invoke(cluster);
    expect(arn).toBe(`arn:aws:sts::123456789012:assumed-role/${functionName}/${functionName}`);
    expect(await review(token)).toMatchObject({ authenticated: false });
    const kubernetesGroups = ["mlops:promoters"];
    await clients.eks.send(
      new CreateAccessEntryCommand({ clusterName: cluster, principalArn: functionRole, kubernetesGroups }),
    );
    expect(await review(token)).toEqual({
      authenticated: true,
      user: { username: arn, uid: arn, groups: kubernetesGroups },
    });
    expect(await review((await invoke("another")).token)).toMatchObject({ authenticated: false });
    const forged = Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString();
    const signature = (digit: string): string => `X-Amz-Signature=${digit.repeat(64)}`;
    const changed = forged.replace(/X-Amz-Signature=[0-9a-f]{64}/, signature("0"));
    expect(await review(`k8s-aws-v1.${Buffer.from(changed).toString("base64url")}`)).toMatchObject({
      authenticated: false,
    });
  });
});
