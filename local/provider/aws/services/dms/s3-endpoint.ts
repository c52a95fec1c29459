import type { CreateEndpointCommandInput, S3Settings } from "@aws-sdk/client-database-migration-service";
import type * as aws from "@pulumi/aws";
import { defineResource, type Plain } from "../../framework/types";
import { fieldsFromService, toService } from "../support/casing";
import { createEndpoint, deleteEndpoint, findEndpoint, modifyEndpoint } from "./endpoint-calls";
import { readTags } from "./tagging";

type S3EndpointInputs = Plain<aws.dms.S3EndpointArgs>;

/** What belongs to every endpoint; all other inputs are settings of S3. */
const ofTheEndpoint = [
  "certificateArn",
  "endpointId",
  "endpointType",
  "kmsKeyArn",
  "region",
  "sslMode",
  "tags",
];

function s3Settings(inputs: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !ofTheEndpoint.includes(name)));
}

function requestOf(inputs: S3EndpointInputs): CreateEndpointCommandInput {
  return {
    EndpointIdentifier: inputs.endpointId,
    EndpointType: inputs.endpointType as "target",
    EngineName: "s3",
    CertificateArn: inputs.certificateArn,
    KmsKeyId: inputs.kmsKeyArn,
    SslMode: inputs.sslMode as "none",
    S3Settings: toService<S3Settings>(s3Settings(inputs)),
  };
}

export const s3Endpoint = defineResource<aws.dms.S3EndpointArgs>({
  type: "aws:dms/s3Endpoint:S3Endpoint",
  required: ["bucketName", "endpointId", "endpointType", "serviceAccessRoleArn"],
  replaceOn: ["endpointId", "endpointType", "kmsKeyArn"],
  taggable: true,
  computed: ["endpointArn", "engineDisplayName", "externalId", "status"],

  create: (inputs, context) => createEndpoint(requestOf(inputs), inputs.tags, context),

  async read(id, _properties, context) {
    const found = await findEndpoint(id, context);
    if (!found?.EndpointArn) return undefined;
    return {
      ...fieldsFromService(found.S3Settings),
      endpointId: found.EndpointIdentifier,
      endpointType: found.EndpointType?.toLowerCase(),
      endpointArn: found.EndpointArn,
      ...(found.SslMode === undefined ? {} : { sslMode: found.SslMode }),
      ...(found.KmsKeyId === undefined ? {} : { kmsKeyArn: found.KmsKeyId }),
      tags: await readTags(found.EndpointArn, context),
    };
  },

  update: (_id, olds, news, context) =>
    modifyEndpoint(olds.endpointArn, requestOf(news), { olds: olds.tags, news: news.tags }, context),

  delete: (id, _properties, context) => deleteEndpoint(id, context),
});
