import {
  CreateFunctionUrlConfigCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  type FunctionUrlAuthType,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  type InvokeMode,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";
import { fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

interface Target {
  functionName?: string;
  qualifier?: string;
}

/** The function, and the version or alias, that a setting is for. */
function targetOf({ functionName, qualifier }: Target) {
  return { FunctionName: functionName, Qualifier: qualifier };
}

function putInvokeConfig(inputs: Plain<aws.lambda.FunctionEventInvokeConfigArgs>, context: HandlerContext) {
  return context.client(LambdaClient).send(
    new PutFunctionEventInvokeConfigCommand({
      ...targetOf(inputs),
      MaximumEventAgeInSeconds: inputs.maximumEventAgeInSeconds,
      MaximumRetryAttempts: inputs.maximumRetryAttempts,
      DestinationConfig: toService(inputs.destinationConfig),
    }),
  );
}

export const functionEventInvokeConfig = defineResource<aws.lambda.FunctionEventInvokeConfigArgs>({
  type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  required: ["functionName"],
  replaceOn: ["functionName", "qualifier"],

  async create(inputs, context) {
    const id =
      inputs.qualifier === undefined ? inputs.functionName : `${inputs.functionName}:${inputs.qualifier}`;
    await putInvokeConfig(inputs, context);
    context.created(id);
    return { id };
  },

  async read(_id, properties, context) {
    const found = await orMissing(
      context.client(LambdaClient).send(new GetFunctionEventInvokeConfigCommand(targetOf(properties))),
    );
    if (!found) return undefined;
    const destinations = Object.values(found.DestinationConfig ?? {}).filter((target) => target?.Destination);
    return {
      ...seen(fieldsFromService(found), ["maximumEventAgeInSeconds", "maximumRetryAttempts"]),
      destinationConfig: destinations.length > 0 ? fieldsFromService(found).destinationConfig : undefined,
    };
  },

  async update(_id, _olds, news, context) {
    await putInvokeConfig(news, context);
  },

  async delete(_id, properties, context) {
    await context.client(LambdaClient).send(new DeleteFunctionEventInvokeConfigCommand(targetOf(properties)));
  },
});

function urlSettings(inputs: Plain<aws.lambda.FunctionUrlArgs>) {
  return {
    ...targetOf(inputs),
    AuthType: inputs.authorizationType as FunctionUrlAuthType,
    InvokeMode: inputs.invokeMode as InvokeMode | undefined,
    Cors: inputs.cors && toService<object>(inputs.cors),
  };
}

export const functionUrl = defineResource<aws.lambda.FunctionUrlArgs>({
  type: "aws:lambda/functionUrl:FunctionUrl",
  required: ["functionName", "authorizationType"],
  replaceOn: ["functionName", "qualifier"],
  computed: ["functionArn", "functionUrl", "urlId"],

  async create(inputs, context) {
    const id =
      inputs.qualifier === undefined ? inputs.functionName : `${inputs.functionName}/${inputs.qualifier}`;
    await context.client(LambdaClient).send(new CreateFunctionUrlConfigCommand(urlSettings(inputs)));
    context.created(id);
    return { id };
  },

  async read(_id, properties, context) {
    const found = await orMissing(
      context.client(LambdaClient).send(new GetFunctionUrlConfigCommand(targetOf(properties))),
    );
    if (!found?.FunctionUrl) return undefined;
    return {
      ...seen(fieldsFromService(found), ["cors", "functionArn", "functionUrl", "invokeMode"]),
      authorizationType: found.AuthType,
      urlId: new URL(found.FunctionUrl).hostname.split(".")[0],
    };
  },

  async update(_id, _olds, news, context) {
    await context
      .client(LambdaClient)
      .send(new UpdateFunctionUrlConfigCommand({ ...urlSettings(news), Cors: toService(news.cors ?? {}) }));
  },

  async delete(_id, properties, context) {
    await context.client(LambdaClient).send(new DeleteFunctionUrlConfigCommand(targetOf(properties)));
  },
});

async function putProvisioned(
  inputs: Plain<aws.lambda.ProvisionedConcurrencyConfigArgs>,
  context: HandlerContext,
) {
  const lambda = context.client(LambdaClient);
  const target = { FunctionName: inputs.functionName, Qualifier: inputs.qualifier };
  await lambda.send(
    new PutProvisionedConcurrencyConfigCommand({
      ...target,
      ProvisionedConcurrentExecutions: inputs.provisionedConcurrentExecutions,
    }),
  );
  await waitUntil(
    `the provisioned concurrency of ${inputs.functionName}`,
    () => lambda.send(new GetProvisionedConcurrencyConfigCommand(target)),
    ({ Status }) => Status !== "IN_PROGRESS",
  );
}

export const provisionedConcurrencyConfig = defineResource<aws.lambda.ProvisionedConcurrencyConfigArgs>({
  type: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
  required: ["functionName", "qualifier", "provisionedConcurrentExecutions"],
  replaceOn: ["functionName", "qualifier"],

  async create(inputs, context) {
    const id = `${inputs.functionName},${inputs.qualifier}`;
    await putProvisioned(inputs, context);
    context.created(id);
    return { id };
  },

  async read(id, _properties, context) {
    const [FunctionName, Qualifier] = id.split(",");
    const found = await orMissing(
      context
        .client(LambdaClient)
        .send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier })),
    );
    return found && { provisionedConcurrentExecutions: found.RequestedProvisionedConcurrentExecutions };
  },

  async update(_id, _olds, news, context) {
    await putProvisioned(news, context);
  },

  async delete(id, properties, context) {
    if (properties.skipDestroy) return;
    const [FunctionName, Qualifier] = id.split(",");
    await context
      .client(LambdaClient)
      .send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
  },
});
