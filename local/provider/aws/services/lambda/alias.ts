import {
  CreateAliasCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  LambdaClient,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain } from "../../framework/types";
import { orMissing } from "../support/missing";
import { invokeArn } from "./invoke-arn";

type AliasInputs = Plain<aws.lambda.AliasArgs>;

function settings(inputs: AliasInputs) {
  return {
    FunctionVersion: inputs.functionVersion,
    Description: inputs.description ?? "",
    RoutingConfig: { AdditionalVersionWeights: inputs.routingConfig?.additionalVersionWeights ?? {} },
  };
}

/** The function and the alias inside the ARN of an alias, which is the id. */
function partsOf(id: string): { FunctionName: string; Name: string } {
  const parts = id.split(":");
  return { FunctionName: parts.at(-2) ?? "", Name: parts.at(-1) ?? "" };
}

export const alias = defineResource<aws.lambda.AliasArgs>({
  type: "aws:lambda/alias:Alias",
  autoname: { property: "name", maximumLength: 128 },
  required: ["functionName", "functionVersion"],
  replaceOn: ["name", "functionName"],
  computed: ["arn", "invokeArn"],

  async create(inputs, context) {
    const { AliasArn } = await context
      .client(LambdaClient)
      .send(
        new CreateAliasCommand({ FunctionName: inputs.functionName, Name: inputs.name, ...settings(inputs) }),
      );
    context.created(AliasArn!);
    return { id: AliasArn! };
  },

  async read(id, properties, context) {
    const found = await orMissing(context.client(LambdaClient).send(new GetAliasCommand(partsOf(id))));
    if (!found) return undefined;
    const weights = found.RoutingConfig?.AdditionalVersionWeights ?? {};
    return {
      arn: found.AliasArn,
      invokeArn: invokeArn(found.AliasArn ?? id, context.region),
      name: found.Name,
      functionName: properties.functionName ?? partsOf(id).FunctionName,
      functionVersion: found.FunctionVersion,
      description: found.Description || undefined,
      routingConfig: Object.keys(weights).length > 0 ? { additionalVersionWeights: weights } : undefined,
    };
  },

  async update(id, _olds, news, context) {
    await context.client(LambdaClient).send(new UpdateAliasCommand({ ...partsOf(id), ...settings(news) }));
  },

  async delete(id, _properties, context) {
    await context.client(LambdaClient).send(new DeleteAliasCommand(partsOf(id)));
  },
});
