import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KeySpec,
  type KeyUsageType,
  KMSClient,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../../shared/compare";
import { orGone } from "../../framework/errors";
import { updateTags } from "../../framework/tags";
import { defineResource, type Plain } from "../../framework/types";

type Inputs = Plain<aws.kms.KeyArgs>;

async function setRotation(kms: KMSClient, KeyId: string, inputs: Inputs): Promise<void> {
  if (!inputs.enableKeyRotation) await kms.send(new DisableKeyRotationCommand({ KeyId }));
  else
    await kms.send(
      new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: inputs.rotationPeriodInDays }),
    );
}

async function rotation(kms: KMSClient, KeyId: string, given: boolean) {
  const status = await orGone(kms.send(new GetKeyRotationStatusCommand({ KeyId })));
  const enabled = status?.KeyRotationEnabled ?? false;
  return {
    enableKeyRotation: enabled,
    // KMS answers a period of 365 days where none was asked for.
    ...(given ? { rotationPeriodInDays: enabled ? status?.RotationPeriodInDays : undefined } : {}),
  };
}

export const key = defineResource<aws.kms.KeyArgs>({
  type: "aws:kms/key:Key",
  taggable: true,
  replaceOn: ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"],
  computed: ["arn", "keyId", "policy"],

  async create(inputs, context) {
    const kms = context.client(KMSClient);
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        Description: inputs.description,
        KeySpec: inputs.customerMasterKeySpec as KeySpec | undefined,
        KeyUsage: inputs.keyUsage as KeyUsageType | undefined,
        MultiRegion: inputs.multiRegion,
        Policy: inputs.policy,
        BypassPolicyLockoutSafetyCheck: inputs.bypassPolicyLockoutSafetyCheck,
        Tags: Object.entries(inputs.tags ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      }),
    );
    const id = KeyMetadata!.KeyId!;
    context.created(id);
    if (inputs.enableKeyRotation) await setRotation(kms, id, inputs);
    if (inputs.isEnabled === false) await kms.send(new DisableKeyCommand({ KeyId: id }));
    return { id };
  },

  async read(id, properties, context) {
    const kms = context.client(KMSClient);
    const described = await orGone(kms.send(new DescribeKeyCommand({ KeyId: id })));
    const metadata = described?.KeyMetadata;
    // A key that waits for its deletion counts as gone.
    if (!metadata || metadata.KeyState === "PendingDeletion") return undefined;
    const [policy, tags, rotates] = await Promise.all([
      orGone(kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }))),
      kms.send(new ListResourceTagsCommand({ KeyId: id })),
      rotation(kms, id, properties.rotationPeriodInDays !== undefined),
    ]);
    return {
      arn: metadata.Arn,
      keyId: metadata.KeyId,
      description: metadata.Description,
      isEnabled: metadata.Enabled,
      keyUsage: metadata.KeyUsage,
      customerMasterKeySpec: metadata.KeySpec ?? metadata.CustomerMasterKeySpec,
      multiRegion: metadata.MultiRegion ?? false,
      policy: policy?.Policy,
      tags: Object.fromEntries((tags.Tags ?? []).map((tag) => [tag.TagKey!, tag.TagValue!])),
      ...rotates,
    };
  },

  async update(id, olds, news, context) {
    const kms = context.client(KMSClient);
    const changed = (name: keyof Inputs) => !sameValue(olds[name], news[name]);
    // A disabled key takes no other change, so it is enabled first and disabled last.
    if (changed("isEnabled") && news.isEnabled !== false) await kms.send(new EnableKeyCommand({ KeyId: id }));
    if (changed("description")) {
      await kms.send(new UpdateKeyDescriptionCommand({ KeyId: id, Description: news.description ?? "" }));
    }
    if (news.policy !== undefined && changed("policy")) {
      await kms.send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: "default", Policy: news.policy }));
    }
    if (changed("enableKeyRotation") || changed("rotationPeriodInDays")) await setRotation(kms, id, news);
    await updateTags(olds.tags, news.tags, {
      set: (tags) =>
        kms.send(
          new TagResourceCommand({
            KeyId: id,
            Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
          }),
        ),
      remove: (TagKeys) => kms.send(new UntagResourceCommand({ KeyId: id, TagKeys })),
    });
    if (changed("isEnabled") && news.isEnabled === false)
      await kms.send(new DisableKeyCommand({ KeyId: id }));
  },

  async delete(id, properties, context) {
    await context.client(KMSClient).send(
      new ScheduleKeyDeletionCommand({
        KeyId: id,
        PendingWindowInDays: properties.deletionWindowInDays ?? 30,
      }),
    );
  },
});
