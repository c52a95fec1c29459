import {
  DeleteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DeleteSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import {
  AddTagsToResourceCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { errorCode } from "../../../../local/provider/aws/framework/errors";
import type { ServiceCase } from "../service-case";
import { KnownIds } from "./known-ids";

const ids = new KnownIds();

function parameters(changed: boolean): void {
  const parameter = new aws.ssm.Parameter("champion", {
    type: "String",
    value: changed ? '{ "version": 2 }' : '{"version": 2}',
    description: changed ? "second" : "first",
    tags: { model: "delays" },
  });
  ids.remember("parameter", parameter.name);
  const secure = new aws.ssm.Parameter("secure", {
    type: "SecureString",
    value: pulumi.secret("a-secret-value"),
  });
  ids.remember("secure", secure.name);
  // The value belongs to somebody else from its second version on.
  const pointer = new aws.ssm.Parameter(
    "pointer",
    { type: "String", value: "none" },
    { ignoreChanges: ["value"] },
  );
  ids.remember("pointer", pointer.name);
}

function secrets(changed: boolean): void {
  const secret = new aws.secretsmanager.Secret("token", {
    description: changed ? "second" : "first",
    recoveryWindowInDays: 0,
    tags: { kind: "token" },
  });
  ids.remember("secret", secret.arn);
  new aws.secretsmanager.SecretVersion("token", {
    secretId: secret.id,
    secretString: pulumi.secret(changed ? "second-secret" : "first-secret"),
  });
  const lost = new aws.secretsmanager.Secret("lost", { recoveryWindowInDays: 0 });
  ids.remember("lost", lost.arn);
}

function tables(changed: boolean): void {
  const table = new aws.dynamodb.Table("decisions", {
    attributes: [
      { name: "id", type: "S" },
      { name: "at", type: "N" },
      ...(changed ? [{ name: "kind", type: "S" }] : []),
    ],
    hashKey: "id",
    rangeKey: "at",
    billingMode: "PAY_PER_REQUEST",
    ttl: { attributeName: "expires", enabled: true },
    pointInTimeRecovery: { enabled: changed },
    serverSideEncryption: { enabled: true },
    streamEnabled: true,
    streamViewType: "NEW_AND_OLD_IMAGES",
    globalSecondaryIndexes: changed
      ? [{ name: "by-kind", hashKey: "kind", rangeKey: "at", projectionType: "ALL" }]
      : [],
    tags: { use: changed ? "b" : "a" },
  });
  ids.remember("table", table.name);
  const item = (id: string, value: string) =>
    JSON.stringify({ id: { S: id }, at: { N: "1" }, value: { S: value } });
  const common = { tableName: table.name, hashKey: "id", rangeKey: "at" };
  new aws.dynamodb.TableItem("item", { ...common, item: item("a", changed ? "second" : "first") });
  new aws.dynamodb.TableItem("other-key", { ...common, item: item(changed ? "c" : "b", "same") });
}

export const configuration: ServiceCase = {
  service: "ssm, secretsmanager, dynamodb",
  program(changed) {
    parameters(changed);
    secrets(changed);
    tables(changed);
  },
  updated: [
    "aws:dynamodb/table:Table decisions",
    "aws:dynamodb/tableItem:TableItem item",
    "aws:secretsmanager/secret:Secret token",
    "aws:ssm/parameter:Parameter champion",
  ],
  replaced: [
    "aws:dynamodb/tableItem:TableItem other-key",
    "aws:secretsmanager/secretVersion:SecretVersion token",
  ],
  async tamper({ aws: settings }) {
    const ssm = new SSMClient(settings);
    await ssm.send(
      new PutParameterCommand({
        Name: ids.get("secure"),
        Value: "other",
        Type: "SecureString",
        Overwrite: true,
      }),
    );
    await ssm.send(
      new AddTagsToResourceCommand({
        ResourceType: "Parameter",
        ResourceId: ids.get("parameter"),
        Tags: [{ Key: "model", Value: "other" }],
      }),
    );
    const secretsManager = new SecretsManagerClient(settings);
    await secretsManager.send(
      new TagResourceCommand({ SecretId: ids.get("secret"), Tags: [{ Key: "kind", Value: "other" }] }),
    );
    await secretsManager.send(
      new DeleteSecretCommand({ SecretId: ids.get("lost"), ForceDeleteWithoutRecovery: true }),
    );
    const dynamodb = new DynamoDBClient(settings);
    await dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName: ids.get("table"),
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: false },
      }),
    );
    await dynamodb.send(
      new DeleteItemCommand({ TableName: ids.get("table"), Key: { id: { S: "a" }, at: { N: "1" } } }),
    );
  },
  repaired: [
    "aws:dynamodb/table:Table decisions",
    "aws:secretsmanager/secret:Secret token",
    "aws:ssm/parameter:Parameter champion",
    "aws:ssm/parameter:Parameter secure",
  ],
  recreated: ["aws:dynamodb/tableItem:TableItem item", "aws:secretsmanager/secret:Secret lost"],
  async leftovers({ aws: settings }) {
    const { TableNames = [] } = await new DynamoDBClient(settings).send(new ListTablesCommand({}));
    const { SecretList = [] } = await new SecretsManagerClient(settings).send(new ListSecretsCommand({}));
    const ssm = new SSMClient(settings);
    const parameters = await Promise.all(
      ["parameter", "secure", "pointer"].map(async (name) => {
        try {
          return (await ssm.send(new GetParameterCommand({ Name: ids.get(name) }))).Parameter?.Name;
        } catch (error) {
          if (errorCode(error as Error) !== "ParameterNotFound") throw error;
          return undefined;
        }
      }),
    );
    return [
      ...TableNames.filter((name) => name === ids.get("table")),
      ...SecretList.filter(({ ARN }) => [ids.get("secret"), ids.get("lost")].includes(ARN!)),
      ...parameters.filter((name) => name !== undefined),
    ];
  },
};
