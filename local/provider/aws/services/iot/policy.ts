import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  IoTClient,
  ListPolicyVersionsCommand,
} from "@aws-sdk/client-iot";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";
import { changeTags, readTags } from "./tagging";

/** IoT keeps no more versions of a policy than this. */
const mostVersions = 5;

/** Versions of a policy besides the one in force, oldest first. */
async function olderVersions(policyName: string, context: HandlerContext): Promise<string[]> {
  const { policyVersions = [] } = await context
    .client(IoTClient)
    .send(new ListPolicyVersionsCommand({ policyName }));
  return policyVersions
    .filter(({ isDefaultVersion }) => !isDefaultVersion)
    .map(({ versionId }) => versionId ?? "")
    .sort((left, right) => Number(left) - Number(right));
}

async function removeVersions(policyName: string, versions: string[], context: HandlerContext) {
  for (const policyVersionId of versions) {
    await context.client(IoTClient).send(new DeletePolicyVersionCommand({ policyName, policyVersionId }));
  }
}

export const policy = defineResource<aws.iot.PolicyArgs>({
  type: "aws:iot/policy:Policy",
  autoname: { property: "name", maximumLength: 128 },
  required: ["policy"],
  replaceOn: ["name"],
  taggable: true,
  computed: ["arn", "defaultVersionId"],
  changedByUpdate: ["defaultVersionId"],

  async create(inputs, context) {
    const name = inputs.name!;
    await context.client(IoTClient).send(
      new CreatePolicyCommand({
        policyName: name,
        policyDocument: inputs.policy,
        tags: inputs.tags && toTagList(inputs.tags),
      }),
    );
    context.created(name);
    return { id: name };
  },

  async read(id, _properties, context) {
    const found = await orMissing(context.client(IoTClient).send(new GetPolicyCommand({ policyName: id })));
    if (!found?.policyArn) return undefined;
    return {
      name: found.policyName,
      policy: found.policyDocument,
      arn: found.policyArn,
      defaultVersionId: found.defaultVersionId,
      tags: await readTags(found.policyArn, context),
    };
  },

  async update(id, olds, news, context) {
    await changeTags(String(olds.arn), olds.tags, news.tags, context);
    if (olds.policy === news.policy) return;
    const older = await olderVersions(id, context);
    await removeVersions(id, older.slice(0, Math.max(0, older.length + 2 - mostVersions)), context);
    await context
      .client(IoTClient)
      .send(
        new CreatePolicyVersionCommand({ policyName: id, policyDocument: news.policy, setAsDefault: true }),
      );
  },

  async delete(id, _properties, context) {
    await removeVersions(id, (await orMissing(olderVersions(id, context))) ?? [], context);
    await context.client(IoTClient).send(new DeletePolicyCommand({ policyName: id }));
  },
});
