import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { fromService } from "../support/casing";
import type { FunctionHandler } from "../../framework/types";
import { findAlias } from "./key-companions";

export const getKey: FunctionHandler = {
  token: "aws:kms/getKey:getKey",
  async invoke(args, context) {
    const { KeyMetadata } = await context
      .client(KMSClient)
      .send(new DescribeKeyCommand({ KeyId: String(args.keyId) }));
    return {
      ...(fromService(KeyMetadata, { names: { awsAccountId: "AWSAccountId" } }) as object),
      id: KeyMetadata?.KeyId,
      keyId: String(args.keyId),
      region: context.region,
    };
  },
};

export const getAlias: FunctionHandler = {
  token: "aws:kms/getAlias:getAlias",
  async invoke(args, context) {
    const name = String(args.name);
    const found = await findAlias(name, context);
    if (!found) throw new Error(`no KMS alias is named ${name}; create it or correct the name`);
    return {
      id: found.AliasArn,
      name,
      arn: found.AliasArn,
      targetKeyId: found.TargetKeyId,
      targetKeyArn: found.AliasArn?.replace(/:alias\/.*$/, `:key/${found.TargetKeyId}`),
      region: context.region,
    };
  },
};
