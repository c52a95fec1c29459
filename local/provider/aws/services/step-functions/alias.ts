import {
  CreateStateMachineAliasCommand,
  DeleteStateMachineAliasCommand,
  DescribeStateMachineAliasCommand,
  SFNClient,
  UpdateStateMachineAliasCommand,
} from "@aws-sdk/client-sfn";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { orMissing } from "../support/missing";

export const alias = defineResource<aws.sfn.AliasArgs>({
  type: "aws:sfn/alias:Alias",
  autoname: { property: "name", maximumLength: 80, transform: (name) => name.replace(/[^\w-]/g, "-") },
  required: ["routingConfigurations"],
  replaceOn: ["name"],
  computed: ["arn", "creationDate"],

  async create(inputs, context) {
    const { stateMachineAliasArn } = await context.client(SFNClient).send(
      new CreateStateMachineAliasCommand({
        name: inputs.name,
        description: inputs.description,
        routingConfiguration: inputs.routingConfigurations,
      }),
    );
    context.created(stateMachineAliasArn!);
    return { id: stateMachineAliasArn! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(SFNClient).send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn: id })),
    );
    if (!found) return undefined;
    return {
      name: found.name,
      arn: found.stateMachineAliasArn,
      creationDate: found.creationDate?.toISOString(),
      description: found.description,
      routingConfigurations: found.routingConfiguration,
    };
  },

  async update(id, _olds, news, context) {
    await context.client(SFNClient).send(
      new UpdateStateMachineAliasCommand({
        stateMachineAliasArn: id,
        description: news.description ?? "",
        routingConfiguration: news.routingConfigurations,
      }),
    );
  },

  async delete(id, _properties, context) {
    await context.client(SFNClient).send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn: id }));
  },
});
