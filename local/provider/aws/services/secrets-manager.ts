import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../shared/compare";
import { orGone } from "../framework/errors";
import { fromTagList, toTagList, updateTags } from "../framework/tags";
import { defineResource, type ResourceHandler } from "../framework/types";

const secret = defineResource<aws.secretsmanager.SecretArgs>({
  type: "aws:secretsmanager/secret:Secret",
  autoname: { property: "name", maximumLength: 512, transform: (name) => name.replace(/[^\w/+=.@-]/g, "-") },
  taggable: true,
  replaceOn: ["name", "namePrefix"],
  computed: ["arn", "policy", "kmsKeyId"],
  async create(inputs, context) {
    const client = context.client(SecretsManagerClient);
    const { ARN } = await client.send(
      new CreateSecretCommand({
        Name: inputs.name,
        Description: inputs.description,
        KmsKeyId: inputs.kmsKeyId,
        Tags: toTagList(inputs.tags),
      }),
    );
    context.created(ARN!);
    if (inputs.policy) {
      await client.send(new PutResourcePolicyCommand({ SecretId: ARN, ResourcePolicy: inputs.policy }));
    }
    return { id: ARN! };
  },
  async read(id, _properties, context) {
    const client = context.client(SecretsManagerClient);
    const found = await orGone(client.send(new DescribeSecretCommand({ SecretId: id })));
    // A secret that waits for its deletion counts as gone.
    if (!found || found.DeletedDate) return undefined;
    const policy = await orGone(client.send(new GetResourcePolicyCommand({ SecretId: id })));
    return {
      arn: found.ARN,
      name: found.Name,
      description: found.Description,
      kmsKeyId: found.KmsKeyId,
      policy: policy?.ResourcePolicy,
      tags: fromTagList(found.Tags),
    };
  },
  async update(id, olds, news, context) {
    const client = context.client(SecretsManagerClient);
    if (!sameValue(olds.description, news.description) || !sameValue(olds.kmsKeyId, news.kmsKeyId)) {
      const { description: Description = "", kmsKeyId: KmsKeyId } = news;
      await client.send(new UpdateSecretCommand({ SecretId: id, Description, KmsKeyId }));
    }
    if (!sameValue(olds.policy, news.policy)) {
      if (news.policy) {
        await client.send(new PutResourcePolicyCommand({ SecretId: id, ResourcePolicy: news.policy }));
      } else {
        await client.send(new DeleteResourcePolicyCommand({ SecretId: id }));
      }
    }
    await updateTags(olds.tags, news.tags, {
      set: (tags) => client.send(new TagResourceCommand({ SecretId: id, Tags: toTagList(tags) })),
      remove: (TagKeys) => client.send(new UntagResourceCommand({ SecretId: id, TagKeys })),
    });
  },
  async delete(id, properties, context) {
    const days = properties.recoveryWindowInDays;
    await context.client(SecretsManagerClient).send(
      new DeleteSecretCommand({
        SecretId: id,
        ...(days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days ?? 30 }),
      }),
    );
  },
});

/** An id is `ARN of the secret|version id`. */
function parts(id: string): { SecretId: string; VersionId: string } {
  const [SecretId = "", VersionId = ""] = id.split("|");
  return { SecretId, VersionId };
}

/** A version is never changed, another value is another version. */
const secretVersion = defineResource<aws.secretsmanager.SecretVersionArgs>({
  type: "aws:secretsmanager/secretVersion:SecretVersion",
  required: ["secretId"],
  check: (inputs) =>
    inputs.secretString === undefined && inputs.secretBinary === undefined
      ? [
          {
            property: "secretString",
            reason: "a secret version needs secretString or secretBinary; none was given",
          },
        ]
      : [],
  unordered: ["versionStages"],
  verbatim: ["secretString", "secretBinary"],
  computed: ["arn", "versionId", "versionStages"],
  async create(inputs, context) {
    const answer = await context.client(SecretsManagerClient).send(
      new PutSecretValueCommand({
        SecretId: inputs.secretId,
        SecretString: inputs.secretString,
        SecretBinary:
          inputs.secretBinary === undefined ? undefined : Buffer.from(inputs.secretBinary, "base64"),
        VersionStages: inputs.versionStages,
      }),
    );
    return { id: `${answer.ARN}|${answer.VersionId}` };
  },
  async read(id, properties, context) {
    const found = await orGone(
      context.client(SecretsManagerClient).send(new GetSecretValueCommand(parts(id))),
    );
    if (!found) return undefined;
    return {
      arn: found.ARN,
      secretId: properties.secretId ?? found.ARN,
      versionId: found.VersionId,
      versionStages: found.VersionStages,
      secretString: found.SecretString,
      secretBinary: found.SecretBinary && Buffer.from(found.SecretBinary).toString("base64"),
    };
  },
  async delete(id, properties, context) {
    const { SecretId, VersionId } = parts(id);
    // The current version of a secret cannot lose its stage; it goes with the secret.
    const stages = (properties.versionStages ?? []).filter((stage) => stage !== "AWSCURRENT");
    for (const VersionStage of stages) {
      await context
        .client(SecretsManagerClient)
        .send(
          new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId: VersionId }),
        );
    }
  },
});

export const resources: ResourceHandler[] = [secret, secretVersion];
