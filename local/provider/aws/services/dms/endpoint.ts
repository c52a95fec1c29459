import type { CreateEndpointCommandInput } from "@aws-sdk/client-database-migration-service";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain, type Properties } from "../../framework/types";
import { type CasingRules, fieldsFromService, overlay, toService } from "../support/casing";
import { createEndpoint, deleteEndpoint, findEndpoint, modifyEndpoint } from "./endpoint-calls";
import { readTags } from "./tagging";

type EndpointInputs = Plain<aws.dms.EndpointArgs>;

/** Engine's settings in the program → in DMS. */
const engineSettings = {
  mongodbSettings: "MongoDbSettings",
  mysqlSettings: "MySQLSettings",
  postgresSettings: "PostgreSQLSettings",
} as const;

/** The settings that hold a database's secret, by engine. */
const secretHolders: Record<string, string> = {
  postgres: "PostgreSQLSettings",
  "aurora-postgresql": "PostgreSQLSettings",
  mysql: "MySQLSettings",
  aurora: "MySQLSettings",
  mariadb: "MySQLSettings",
  mongodb: "MongoDbSettings",
  docdb: "DocDbSettings",
};

const casing: CasingRules = { names: { captureDdls: "CaptureDdls" } };

function requestOf(inputs: EndpointInputs): CreateEndpointCommandInput {
  const settings: Record<string, object> = {};
  for (const [input, member] of Object.entries(engineSettings)) {
    const given = inputs[input as keyof typeof engineSettings];
    if (given) settings[member] = toService<object>(given, casing);
  }
  const holder = secretHolders[inputs.engineName];
  if (inputs.secretsManagerArn && holder) {
    settings[holder] = {
      ...settings[holder],
      SecretsManagerSecretId: inputs.secretsManagerArn,
      SecretsManagerAccessRoleArn: inputs.secretsManagerAccessRoleArn,
      DatabaseName: inputs.databaseName,
    };
  }
  return {
    EndpointIdentifier: inputs.endpointId,
    EndpointType: inputs.endpointType as "source",
    EngineName: inputs.engineName,
    CertificateArn: inputs.certificateArn,
    DatabaseName: inputs.databaseName,
    ExtraConnectionAttributes: inputs.extraConnectionAttributes,
    KmsKeyId: inputs.kmsKeyArn,
    Password: inputs.password,
    Port: inputs.port,
    ServerName: inputs.serverName,
    ServiceAccessRoleArn: inputs.serviceAccessRole,
    SslMode: inputs.sslMode as "none",
    Username: inputs.username,
    ...settings,
  };
}

/** Engine's settings as answered, over what is known; only those that the program gave are looked at. */
function settingsOf(found: object, known: Partial<EndpointInputs>): Properties {
  const answered = Object.entries(engineSettings).flatMap(([input, member]) => {
    const given = known[input as keyof typeof engineSettings];
    if (!given) return [];
    const fields = fieldsFromService((found as Record<string, object>)[member], casing);
    const own = Object.entries(fields).filter(([name]) => name in given);
    return [[input, overlay(given, Object.fromEntries(own))]];
  });
  return Object.fromEntries(answered) as Properties;
}

/** Password and the place of the secret are never answered: they stay as they were last given. */
export const endpoint = defineResource<aws.dms.EndpointArgs>({
  type: "aws:dms/endpoint:Endpoint",
  required: ["endpointId", "endpointType", "engineName"],
  replaceOn: ["endpointId", "endpointType", "kmsKeyArn"],
  taggable: true,
  computed: ["endpointArn"],
  check: (inputs) =>
    (
      [
        "elasticsearchSettings",
        "kafkaSettings",
        "kinesisSettings",
        "oracleSettings",
        "redisSettings",
      ] as const
    )
      .filter((name) => inputs[name] !== undefined)
      .map((name) => ({
        property: name,
        reason:
          "the sandbox does not translate the settings of this engine; it knows those of Postgres, MySQL and MongoDB",
      })),

  create: (inputs, context) => createEndpoint(requestOf(inputs), inputs.tags, context),

  async read(id, properties, context) {
    const found = await findEndpoint(id, context);
    if (!found?.EndpointArn) return undefined;
    const kept = (given: unknown, answer: unknown) => (given === undefined ? undefined : (answer ?? given));
    return {
      endpointId: found.EndpointIdentifier,
      endpointType: found.EndpointType?.toLowerCase(),
      engineName: found.EngineName,
      endpointArn: found.EndpointArn,
      ...(found.SslMode === undefined ? {} : { sslMode: found.SslMode }),
      ...(found.KmsKeyId === undefined ? {} : { kmsKeyArn: found.KmsKeyId }),
      databaseName: kept(properties.databaseName, found.DatabaseName),
      serverName: kept(properties.serverName, found.ServerName),
      username: kept(properties.username, found.Username),
      port: kept(properties.port, found.Port),
      ...settingsOf(found, properties),
      tags: await readTags(found.EndpointArn, context),
    };
  },

  update: (_id, olds, news, context) =>
    modifyEndpoint(olds.endpointArn, requestOf(news), { olds: olds.tags, news: news.tags }, context),

  delete: (id, _properties, context) => deleteEndpoint(id, context),
});
