import { ApiAuthenticationKind, ApiMethod, ApiPagination, ApiSource } from "../../../components";
import { settingsSchema } from "../../../lambdas/api-poller/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { deployInMocks, MockedDeployment, parsePolicy } from "../../support/pulumi-mocks";
import { apiSourceArgs } from "../capture-samples";

const deploy = (changes: object = {}): Promise<MockedDeployment<ApiSource>> =>
  deployInMocks(() => new ApiSource("shop", { ...apiSourceArgs, ...changes }));

const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:api";

describe("the source of an API", () => {
  test("gives the poller an environment that it accepts", async () => {
    const deployed = await deploy({
      headers: { accept: "application/vnd.shop+json" },
      graphqlQuery: "query($after: String) { orders(after: $after) { id } }",
      paging: { kind: ApiPagination.GraphQLCursor, cursorPath: "data.orders.pageInfo" },
      increment: { field: "updated_at", parameter: "since", initial: "2026-01-01" },
      authentication: { kind: ApiAuthenticationKind.Bearer },
      secretArn,
    });
    const { environment } = deployed.one("aws:lambda/function:Function").inputs;
    expect(readEnvironment(settingsSchema, environment.variables as Record<string, string>)).toMatchObject({
      API: {
        url: "https://api.example.com/orders",
        headers: { accept: "application/vnd.shop+json" },
        recordsPath: "",
        paging: { kind: "graphql-cursor", cursorPath: "data.orders.pageInfo" },
      },
      DATASET: "orders",
      SOURCE: "shop",
      SECRET_ARN: secretArn,
      MAXIMUM_PAGES: 1000,
      RETRIES: 4,
      BREAKER_PAUSE_SECONDS: 900,
    });
  });

  test("may write only where its records go, and read only its secret", async () => {
    const deployed = await deploy({ secretArn, authentication: { kind: ApiAuthenticationKind.Bearer } });
    const policy = parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy", "shop-poller").inputs.policy);
    const allowed = Object.fromEntries(
      policy.Statement.map(({ Sid, Action, Resource }) => [Sid, { Action, Resource }]),
    );
    expect(allowed).toMatchObject({
      WriteRaw: {
        Action: ["s3:PutObject"],
        Resource: ["arn:aws:s3:::raw/orders/shop/*", "arn:aws:s3:::raw/dead-letters/orders/shop/*"],
      },
      ReadDeadRecords: { Resource: ["arn:aws:s3:::raw/dead-letters/orders/shop/*"] },
      State: { Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"] },
      Credentials: { Action: ["secretsmanager:GetSecretValue"], Resource: [secretArn] },
    });
    const without = await deploy();
    const text = without.one("aws:iam/rolePolicy:RolePolicy", "shop-poller").inputs.policy as string;
    expect(text).not.toContain("secretsmanager");
  });

  test("polls on its schedule, one call at a time", async () => {
    const deployed = await deploy({ scheduleExpression: "rate(5 minutes)" });
    expect(deployed.one("aws:scheduler/schedule:Schedule").inputs.scheduleExpression).toBe("rate(5 minutes)");
    expect(deployed.one("aws:lambda/function:Function").inputs.reservedConcurrentExecutions).toBe(1);
  });

  test("rings when records are refused, the circuit opens, or no poll succeeds", async () => {
    const deployed = await deploy({ alarmTopicArn: "arn:topic", heartbeatHours: 6 });
    const alarms = deployed.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.every(({ inputs }) => inputs.alarmActions[0] === "arn:topic")).toBe(true);
    const alarm = (name: string) => deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).inputs;
    const dimensions = { service: "api-poller", Dataset: "orders", Source: "shop" };
    expect(alarm("shop-circuit")).toMatchObject({ metricName: "CircuitOpen", dimensions });
    expect(alarm("shop-heartbeat")).toMatchObject({
      metricName: "PollsSucceeded",
      dimensions,
      evaluationPeriods: 6,
      treatMissingData: "breaching",
    });
    expect(alarm("shop-refused").metricName).toBe("ApproximateNumberOfMessagesVisible");
    expect(alarm("shop-refused").alarmDescription).toContain("sales");
  });

  test.each([
    ["url", { url: "http://api.example.com" }],
    ["url", { url: "https://me:secret@api.example.com" }],
    ["headers.Authorization", { headers: { Authorization: "Bearer x" } }],
    ["body", { body: "{}" }],
    ["body", { body: "{", method: ApiMethod.Post }],
    ["graphqlVariables", { graphqlVariables: "{}" }],
    ["graphqlVariables", { graphqlQuery: "{a}", graphqlVariables: "[]" }],
    ["paging.cursorPath", { paging: { kind: ApiPagination.Cursor } }],
    ["paging.cursorPath", { paging: { kind: ApiPagination.Offset, cursorPath: "next" } }],
    ["paging.kind", { paging: { kind: ApiPagination.GraphQLCursor, cursorPath: "info" } }],
    ["paging.pageSize", { paging: { kind: ApiPagination.Offset, pageSize: 5 } }],
    ["secretArn", { authentication: { kind: ApiAuthenticationKind.Basic } }],
    ["secretArn", { secretArn }],
    [
      "authentication.tokenUrl",
      { secretArn, authentication: { kind: ApiAuthenticationKind.OAuth2ClientCredentials } },
    ],
    [
      "authentication.tokenUrl",
      {
        secretArn,
        authentication: { kind: ApiAuthenticationKind.OAuth2ClientCredentials, tokenUrl: "http://a.test" },
      },
    ],
    ["scheduleExpression", { scheduleExpression: "hourly" }],
    ["timeoutSeconds", { timeoutSeconds: 900 }],
    ["securityGroupIds", { securityGroupIds: ["sg-1"] }],
    ["dataset", { dataset: "Orders" }],
    ["graphqlQuery", { graphqlQuery: `{ ${"a".repeat(3000)} }` }],
  ])("refuses a wrong %s", async (path, changes) => {
    const failure = await deploy(changes).catch((error: Error) => error.message);
    expect(failure).toContain(`${path}: `);
    expect(failure).not.toContain("secret@");
  });

  test("accepts an API on this machine, which the sandbox has", async () => {
    await expect(deploy({ url: "http://127.0.0.1:9000/orders" })).resolves.toBeDefined();
  });
});
