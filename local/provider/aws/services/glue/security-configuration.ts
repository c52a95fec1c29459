import {
  CreateSecurityConfigurationCommand,
  DeleteSecurityConfigurationCommand,
  type EncryptionConfiguration,
  GetSecurityConfigurationCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { type CasingRules, fieldsFromService, toService } from "../support/casing";
import { orMissing } from "../support/missing";

const casing: CasingRules = {
  names: {
    cloudwatchEncryption: "CloudWatchEncryption",
    cloudwatchEncryptionMode: "CloudWatchEncryptionMode",
  },
};

export const securityConfiguration = defineResource<aws.glue.SecurityConfigurationArgs>({
  type: "aws:glue/securityConfiguration:SecurityConfiguration",
  autoname: { property: "name", maximumLength: 255 },
  required: ["encryptionConfiguration"],
  replaceOn: ["name", "encryptionConfiguration"],

  async create(inputs, context) {
    const { s3Encryption, ...others } = inputs.encryptionConfiguration;
    await context.client(GlueClient).send(
      new CreateSecurityConfigurationCommand({
        Name: inputs.name,
        EncryptionConfiguration: {
          ...toService<EncryptionConfiguration>(others, casing),
          S3Encryption: [toService(s3Encryption, casing)],
        },
      }),
    );
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(
      context.client(GlueClient).send(new GetSecurityConfigurationCommand({ Name: id })),
    );
    const found = answer?.SecurityConfiguration;
    if (!found) return undefined;
    const { s3Encryption, ...others } = fieldsFromService(found.EncryptionConfiguration, casing);
    return {
      name: found.Name,
      encryptionConfiguration: { ...others, s3Encryption: (s3Encryption as unknown[] | undefined)?.[0] },
    };
  },

  async delete(id, _properties, context) {
    await context.client(GlueClient).send(new DeleteSecurityConfigurationCommand({ Name: id }));
  },
});
