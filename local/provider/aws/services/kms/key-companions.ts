import {
  CreateAliasCommand,
  CreateGrantCommand,
  DeleteAliasCommand,
  GetKeyPolicyCommand,
  type GrantConstraints,
  type GrantOperation,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import type * as aws from "@pulumi/aws";
import { fromService, toService } from "../support/casing";
import { defineResource, type HandlerContext } from "../../framework/types";

/** Key id of an ARN or id. */
export function keyIdOf(keyOrArn: string): string {
  return keyOrArn.split("/").at(-1)!;
}

/** The alias of that name, undefined when there is none. */
export async function findAlias(name: string, context: HandlerContext) {
  const kms = context.client(KMSClient);
  let Marker: string | undefined;
  do {
    const page = await kms.send(new ListAliasesCommand({ Marker }));
    const found = page.Aliases?.find(({ AliasName }) => AliasName === name);
    if (found) return found;
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker !== undefined);
  return undefined;
}

export const alias = defineResource<aws.kms.AliasArgs>({
  type: "aws:kms/alias:Alias",
  autoname: {
    property: "name",
    maximumLength: 256,
    transform: (name) => `alias/${name.replace(/^alias\//, "")}`,
  },
  required: ["targetKeyId"],
  replaceOn: ["name", "namePrefix"],
  computed: ["arn", "targetKeyArn"],
  async create(inputs, context) {
    await context
      .client(KMSClient)
      .send(new CreateAliasCommand({ AliasName: inputs.name, TargetKeyId: inputs.targetKeyId }));
    return { id: inputs.name! };
  },
  async read(id, properties, context) {
    const found = await findAlias(id, context);
    if (!found) return undefined;
    const given = properties.targetKeyId;
    return {
      name: found.AliasName,
      arn: found.AliasArn,
      // KMS answers the id, also where the program gave the ARN.
      targetKeyId: given && keyIdOf(given) === found.TargetKeyId ? given : found.TargetKeyId,
      targetKeyArn: found.AliasArn?.replace(/:alias\/.*$/, `:key/${found.TargetKeyId}`),
    };
  },
  async update(id, _olds, news, context) {
    await context
      .client(KMSClient)
      .send(new UpdateAliasCommand({ AliasName: id, TargetKeyId: news.targetKeyId }));
  },
  async delete(id, _properties, context) {
    await context.client(KMSClient).send(new DeleteAliasCommand({ AliasName: id }));
  },
});

/** An id is `key id:grant id`. */
function grantParts(id: string): { KeyId: string; GrantId: string } {
  const [KeyId = "", GrantId = ""] = id.split(":");
  return { KeyId, GrantId };
}

/** Encryption contexts are data. */
const constraintRules = { maps: ["encryptionContextEquals", "encryptionContextSubset"] };

/** Grants cannot be changed, so every change replaces. */
export const grant = defineResource<aws.kms.GrantArgs>({
  type: "aws:kms/grant:Grant",
  required: ["keyId", "granteePrincipal", "operations"],
  unordered: ["operations"],
  computed: ["grantId", "grantToken"],
  secretOutputs: ["grantToken"],
  async create(inputs, context) {
    const answer = await context.client(KMSClient).send(
      new CreateGrantCommand({
        KeyId: inputs.keyId,
        Name: inputs.name,
        GranteePrincipal: inputs.granteePrincipal,
        RetiringPrincipal: inputs.retiringPrincipal,
        Operations: inputs.operations as GrantOperation[],
        Constraints:
          inputs.constraints?.[0] && toService<GrantConstraints>(inputs.constraints[0], constraintRules),
        GrantTokens: inputs.grantCreationTokens,
      }),
    );
    return { id: `${keyIdOf(inputs.keyId)}:${answer.GrantId}`, outputs: { grantToken: answer.GrantToken } };
  },
  async read(id, properties, context) {
    const { KeyId, GrantId } = grantParts(id);
    const answer = await context.client(KMSClient).send(new ListGrantsCommand({ KeyId, GrantId }));
    const found = answer.Grants?.find((entry) => entry.GrantId === GrantId);
    if (!found) return undefined;
    return {
      grantId: GrantId,
      keyId: properties.keyId ?? found.KeyId,
      name: found.Name,
      granteePrincipal: found.GranteePrincipal,
      retiringPrincipal: found.RetiringPrincipal,
      operations: found.Operations,
      constraints: found.Constraints && [fromService(found.Constraints, constraintRules)],
    };
  },
  async delete(id, _properties, context) {
    await context.client(KMSClient).send(new RevokeGrantCommand(grantParts(id)));
  },
});

/** The policy that a key has when none is given: its account may do everything. */
function defaultPolicy(account: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "default",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}

export const keyPolicy = defineResource<aws.kms.KeyPolicyArgs>({
  type: "aws:kms/keyPolicy:KeyPolicy",
  required: ["keyId", "policy"],
  replaceOn: ["keyId"],
  async create(inputs, context) {
    const KeyId = keyIdOf(inputs.keyId);
    await context
      .client(KMSClient)
      .send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy: inputs.policy }));
    return { id: KeyId };
  },
  async read(id, properties, context) {
    const answer = await context
      .client(KMSClient)
      .send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }));
    return { keyId: properties.keyId ?? id, policy: answer.Policy };
  },
  async update(id, _olds, news, context) {
    await context
      .client(KMSClient)
      .send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: "default", Policy: news.policy }));
  },
  async delete(id, _properties, context) {
    const Policy = defaultPolicy(await context.accountId());
    await context
      .client(KMSClient)
      .send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: "default", Policy }));
  },
});
