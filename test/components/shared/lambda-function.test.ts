import * as pulumi from "@pulumi/pulumi";

import {
  createLambdaFunction,
  LambdaFunctionParts,
  LambdaFunctionSpec,
} from "../../../components/shared/lambda-function";
import { deployInMocks, MockedDeployment, parsePolicy, valueOf } from "../../support/pulumi-mocks";

/** The bundles are built by another command; here it only matters that they are found. */
const mockPlaces: string[] = [];
jest.mock("node:fs", () => ({
  ...jest.requireActual<typeof import("node:fs")>("node:fs"),
  existsSync: (path: string) => mockPlaces.some((place) => path.endsWith(place)),
}));
beforeEach(() => {
  mockPlaces.splice(0, Infinity, "/lambdas/dist/data-validator/index.js");
});

class Parent extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Parent", "parent");
  }
}

const spec: LambdaFunctionSpec = {
  bundle: "data-validator",
  description: "Checks deliveries",
  environment: { CONTRACT: "{}" },
  statements: [{ sid: "Raw", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::raw/*"] }],
  timeoutSeconds: 60,
  memoryMegabytes: 512,
};
const deploy = (
  more: Partial<LambdaFunctionSpec> = {},
  kmsKeyArn?: string,
): Promise<MockedDeployment<LambdaFunctionParts>> =>
  deployInMocks(() => createLambdaFunction("validator", { ...spec, ...more }, { kmsKeyArn }, new Parent()));

test("a function logs to its own group, traces, and keeps events that fail for good", async () => {
  const deployed = await deploy();
  const { logGroup, deadLetterQueue } = deployed.result;
  expect(deployed.one("aws:lambda/function:Function").inputs).toMatchObject({
    handler: "index.handler",
    timeout: 60,
    memorySize: 512,
    environment: { variables: { POWERTOOLS_SERVICE_NAME: "data-validator", CONTRACT: "{}" } },
    tracingConfig: { mode: "Active" },
    loggingConfig: { logFormat: "JSON", logGroup: await valueOf(logGroup.name) },
    deadLetterConfig: { targetArn: await valueOf(deadLetterQueue.arn) },
  });
  expect(deployed.one("aws:sqs/queue:Queue").inputs).toMatchObject({
    messageRetentionSeconds: 14 * 24 * 3600,
    sqsManagedSseEnabled: true,
  });
});

test("its role may do what it was given, and reach the key only where there is one", async () => {
  const sids = async (kmsKeyArn?: string): Promise<(string | undefined)[]> =>
    parsePolicy(
      (await deploy({}, kmsKeyArn)).one("aws:iam/rolePolicy:RolePolicy").inputs.policy,
    ).Statement.map(({ Sid: sid }) => sid);
  expect(await sids()).toEqual(["Logs", "Traces", "DeadLetters", "Raw"]);
  expect(await sids("arn:aws:kms:eu-west-1:123456789012:key/k")).toEqual([
    "Logs",
    "Traces",
    "DeadLetters",
    "Key",
    "Raw",
  ]);
});

test("it waits for its rights", async () => {
  const deployed = await deploy();
  expect(deployed.one("aws:lambda/function:Function").dependencies).toContain(
    deployed.one("aws:iam/rolePolicy:RolePolicy").urn,
  );
});

test("it runs in a VPC where it is told to, with the rights that this takes", async () => {
  const network = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
  const inside = await deploy(network);
  expect(inside.one("aws:lambda/function:Function").inputs.vpcConfig).toEqual(network);
  const sids = parsePolicy(inside.one("aws:iam/rolePolicy:RolePolicy").inputs.policy).Statement.map(
    ({ Sid }) => Sid,
  );
  expect(sids.filter((sid) => sid === "NetworkInterfaces")).toHaveLength(1);
  expect((await deploy()).one("aws:lambda/function:Function").inputs).not.toHaveProperty("vpcConfig");
});

test("a waiting dead letter raises an alarm at the given topic", async () => {
  const topic = "arn:aws:sns:eu-west-1:123456789012:alerts";
  const alarm = (await deploy({ alarmTopicArn: topic })).one("aws:cloudwatch/metricAlarm:MetricAlarm");
  expect(alarm.inputs).toMatchObject({
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "validator-dead-letters-1234567" },
    threshold: 0,
    comparisonOperator: "GreaterThanThreshold",
    alarmActions: [topic],
  });
});

test("a bundle that was not built is named with the command that builds it", async () => {
  await expect(deploy({ bundle: "nonsense" })).rejects.toThrow(
    'The bundle of the Lambda "nonsense" is missing; build it with "npm run build:lambdas".',
  );
});

test("a function runs on arm64, and on the processor of its compiled code where it has some", async () => {
  const architectures = async (): Promise<unknown> =>
    (await deploy()).one("aws:lambda/function:Function").inputs.architectures;
  expect(await architectures()).toEqual(["arm64"]);
  mockPlaces.push("/lambdas/dist/data-validator/node_modules");
  expect(await architectures()).toEqual(["x86_64"]);
});

test("a function that replays finds its dead letters, may take them, and hides them as long as it runs", async () => {
  const deployed = await deploy({ replaysDeadLetters: true });
  const { deadLetterQueue } = deployed.result;
  expect(deployed.one("aws:lambda/function:Function").inputs.environment.variables).toMatchObject({
    DEAD_LETTER_QUEUE_URL: await valueOf(deadLetterQueue.url),
  });
  expect(deployed.one("aws:sqs/queue:Queue").inputs.visibilityTimeoutSeconds).toBe(60);
  const statements = parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy").inputs.policy).Statement;
  expect(statements.find(({ Sid: sid }) => sid === "Replay")).toMatchObject({
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: [await valueOf(deadLetterQueue.arn)],
  });
});
