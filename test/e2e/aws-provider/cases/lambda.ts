import {
  AddPermissionCommand,
  DeleteAliasCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListLayersCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import * as lambda from "@pulumi/aws/lambda";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { zipSync } from "fflate";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";

function code(text: string): pulumi.asset.Archive {
  const source = new pulumi.asset.StringAsset(`exports.handler = async () => ${JSON.stringify(text)};\n`);
  return new pulumi.asset.AssetArchive({ "index.js": source });
}

const type = {
  function: "aws:lambda/function:Function",
  alias: "aws:lambda/alias:Alias",
  permission: "aws:lambda/permission:Permission",
  mapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
};

export const lambdaCase: ServiceCase = {
  service: "lambda",
  program(changed) {
    const queue = new sqs.Queue("events", { visibilityTimeoutSeconds: 300 });
    const deadLetters = new sqs.Queue("dead", {});
    const role = caseRoleArn("lambda", "lambda.amazonaws.com");
    const worker = new lambda.Function("worker", {
      name: "case-worker",
      description: changed ? undefined : "Validates what arrives",
      code: code(changed ? "second" : "first"),
      handler: "index.handler",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      role,
      timeout: 30,
      memorySize: changed ? 512 : 256,
      reservedConcurrentExecutions: changed ? undefined : 5,
      publish: true,
      environment: { variables: { STAGE: changed ? "b" : "a", kept: "yes" } },
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: "/case/worker" },
      deadLetterConfig: { targetArn: deadLetters.arn },
      kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000",
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    const plain = new lambda.Function("plain", {
      code: code("plain"),
      handler: "index.handler",
      runtime: "nodejs22.x",
      role,
      layers: [
        new lambda.LayerVersion("layer", {
          layerName: "case-layer",
          code: code("layer"),
          compatibleRuntimes: ["nodejs22.x"],
          description: changed ? "second" : "first",
        }).arn,
      ],
    });
    const live = new lambda.Alias("live", {
      name: "live",
      functionName: worker.name,
      functionVersion: worker.version,
      description: changed ? "serves" : "first",
    });
    new lambda.Permission("events", {
      action: "lambda:InvokeFunction",
      function: worker,
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:events:us-east-1:123456789012:rule/case",
      sourceAccount: changed ? "123456789012" : undefined,
    });
    new lambda.Permission("kept", {
      statementId: "kept",
      action: "lambda:InvokeFunction",
      function: worker.name,
      principal: "sns.amazonaws.com",
    });
    new lambda.EventSourceMapping("queue", {
      eventSourceArn: queue.arn,
      functionName: worker.name,
      batchSize: changed ? 5 : 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
      filterCriteria: { filters: [{ pattern: JSON.stringify({ body: { kind: ["prediction"] } }) }] },
      scalingConfig: { maximumConcurrency: 2 },
    });
    // A source that the emulator does not poll: recorded, and so are its changes.
    new lambda.EventSourceMapping("topic", {
      eventSourceArn:
        "arn:aws:kafka:us-east-1:123456789012:cluster/case/00000000-0000-4000-8000-000000000000-s1",
      functionName: worker.name,
      topics: ["flights"],
      startingPosition: "TRIM_HORIZON",
      batchSize: changed ? 50 : 100,
    });
    new lambda.Invocation("once", { functionName: plain.name, input: JSON.stringify({ changed }) });
    new lambda.Invocation("always", {
      functionName: plain.name,
      lifecycleScope: "CRUD",
      input: JSON.stringify({ changed }),
    });
    new lambda.FunctionEventInvokeConfig("retries", {
      functionName: worker.name,
      maximumRetryAttempts: changed ? 0 : 1,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
    });
    new lambda.FunctionUrl("url", {
      functionName: plain.name,
      authorizationType: changed ? "NONE" : "AWS_IAM",
    });
    new lambda.ProvisionedConcurrencyConfig("warm", {
      functionName: worker.name,
      qualifier: live.name,
      provisionedConcurrentExecutions: changed ? 2 : 1,
    });
  },
  updated: [
    `${type.function} worker`,
    `${type.function} plain`,
    `${type.alias} live`,
    `${type.mapping} queue`,
    `${type.mapping} topic`,
    "aws:lambda/invocation:Invocation always",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig retries",
    "aws:lambda/functionUrl:FunctionUrl url",
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig warm",
  ],
  replaced: [
    `${type.permission} events`,
    "aws:lambda/layerVersion:LayerVersion layer",
    "aws:lambda/invocation:Invocation once",
  ],
  async tamper({ aws }) {
    const client = new LambdaClient(aws);
    const FunctionName = "case-worker";
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 3 }));
    const others = Buffer.from("exports.handler = async () => 'other';\n");
    await client.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipSync({ "index.js": others }) }),
    );
    await client.send(new RemovePermissionCommand({ FunctionName, StatementId: "kept" }));
    await client.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: "someone-elses",
        Action: "lambda:InvokeFunction",
        Principal: "s3.amazonaws.com",
      }),
    );
    await client.send(new DeleteAliasCommand({ FunctionName, Name: "live" }));
  },
  repaired: [`${type.function} worker`],
  // Provisioned concurrency goes with its alias.
  recreated: [
    `${type.permission} kept`,
    `${type.alias} live`,
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig warm",
  ],
  async leftovers({ aws }) {
    const client = new LambdaClient(aws);
    return [
      ...((await client.send(new ListFunctionsCommand({}))).Functions ?? []),
      ...((await client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? []),
      ...((await client.send(new ListLayersCommand({}))).Layers ?? []),
    ];
  },
};
