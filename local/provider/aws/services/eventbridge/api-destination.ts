import {
  type ApiDestinationHttpMethod,
  type ConnectionAuthorizationType,
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  DeleteApiDestinationCommand,
  DeleteConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  EventBridgeClient,
  UpdateApiDestinationCommand,
  UpdateConnectionCommand,
} from "@aws-sdk/client-eventbridge";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";

const casing: CasingRules = {
  names: {
    apiKey: "ApiKeyAuthParameters",
    basic: "BasicAuthParameters",
    oauth: "OAuthParameters",
    oauthHttpParameters: "OAuthHttpParameters",
    clientId: "ClientID",
    // The API key pair is written out, for `key` and `value` are also the words of HTTP parameters.
    bodies: "BodyParameters",
    headers: "HeaderParameters",
    queryStrings: "QueryStringParameters",
  },
};

type ConnectionInputs = Plain<aws.cloudwatch.EventConnectionArgs>;

function authentication(inputs: ConnectionInputs) {
  const { apiKey, ...others } = inputs.authParameters;
  return {
    ...toService<object>(others, casing),
    ...(apiKey && { ApiKeyAuthParameters: { ApiKeyName: apiKey.key, ApiKeyValue: apiKey.value } }),
  };
}

function connectionSettings(inputs: ConnectionInputs) {
  return {
    Name: inputs.name,
    Description: inputs.description,
    AuthorizationType: inputs.authorizationType as ConnectionAuthorizationType,
    AuthParameters: authentication(inputs),
    InvocationConnectivityParameters: toService<undefined>(inputs.invocationConnectivityParameters),
    KmsKeyIdentifier: inputs.kmsKeyIdentifier,
  };
}

export const eventConnection = defineResource<aws.cloudwatch.EventConnectionArgs>({
  type: "aws:cloudwatch/eventConnection:EventConnection",
  autoname: { property: "name", maximumLength: 64 },
  required: ["authorizationType", "authParameters"],
  replaceOn: ["name"],
  computed: ["arn", "secretArn"],

  async create(inputs, context) {
    await context.client(EventBridgeClient).send(new CreateConnectionCommand(connectionSettings(inputs)));
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  /** Secrets of a connection are never answered: `authParameters` stay as last given. */
  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(EventBridgeClient).send(new DescribeConnectionCommand({ Name: id })),
    );
    if (!found) return undefined;
    const fields = fieldsFromService(found);
    return {
      ...seen(fields, ["name", "authorizationType", "description"]),
      ...answered(fields, ["secretArn", "kmsKeyIdentifier"]),
      arn: found.ConnectionArn,
    };
  },

  async update(_id, _olds, news, context) {
    await context
      .client(EventBridgeClient)
      .send(
        new UpdateConnectionCommand({ ...connectionSettings(news), Description: news.description ?? "" }),
      );
  },

  async delete(id, _properties, context) {
    await context.client(EventBridgeClient).send(new DeleteConnectionCommand({ Name: id }));
  },
});

const destinationFields = [
  "name",
  "connectionArn",
  "description",
  "httpMethod",
  "invocationEndpoint",
  "invocationRateLimitPerSecond",
];

function destinationSettings(inputs: Plain<aws.cloudwatch.EventApiDestinationArgs>) {
  return {
    Name: inputs.name,
    ConnectionArn: inputs.connectionArn,
    Description: inputs.description ?? "",
    HttpMethod: inputs.httpMethod as ApiDestinationHttpMethod,
    InvocationEndpoint: inputs.invocationEndpoint,
    InvocationRateLimitPerSecond: inputs.invocationRateLimitPerSecond ?? 300,
  };
}

export const eventApiDestination = defineResource<aws.cloudwatch.EventApiDestinationArgs>({
  type: "aws:cloudwatch/eventApiDestination:EventApiDestination",
  autoname: { property: "name", maximumLength: 64 },
  required: ["connectionArn", "httpMethod", "invocationEndpoint"],
  replaceOn: ["name"],
  computed: ["arn"],

  async create(inputs, context) {
    await context
      .client(EventBridgeClient)
      .send(new CreateApiDestinationCommand(destinationSettings(inputs)));
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(EventBridgeClient).send(new DescribeApiDestinationCommand({ Name: id })),
    );
    return found && { ...seen(fieldsFromService(found), destinationFields), arn: found.ApiDestinationArn };
  },

  async update(_id, _olds, news, context) {
    await context.client(EventBridgeClient).send(new UpdateApiDestinationCommand(destinationSettings(news)));
  },

  async delete(id, _properties, context) {
    await context.client(EventBridgeClient).send(new DeleteApiDestinationCommand({ Name: id }));
  },
});
