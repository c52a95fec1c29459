import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What the account's administrators need; IAM policies decide who of the account they are. */
const administrativeActions = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:CreateGrant",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

const cryptographicActions = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** Services that use the key in their own name when they deliver to an encrypted topic, queue or bucket. */
const deliveringServices = [
  "cloudwatch.amazonaws.com",
  "delivery.logs.amazonaws.com",
  "events.amazonaws.com",
  "s3.amazonaws.com",
  "scheduler.amazonaws.com",
  "sns.amazonaws.com",
];

/**
 * Policy of the platform's key: this account through IAM, CloudWatch Logs for its log groups, and the delivering
 * services on behalf of this account only.
 */
export function encryptionKeyPolicy(parent: pulumi.Resource): pulumi.Output<string> {
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const region = aws.getRegionOutput({}, { parent }).region;
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  const account = { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` };
  // In a key's policy, the resource "*" is the key itself.
  const allow = (sid: string, principal: object, actions: string[], condition?: object): object => ({
    Sid: sid,
    Effect: "Allow",
    Principal: principal,
    Action: actions,
    Resource: "*",
    ...(condition === undefined ? {} : { Condition: condition }),
  });
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      allow("AccountAdministers", account, administrativeActions),
      allow("AccountUses", account, cryptographicActions),
      allow(
        "LogGroups",
        { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
        cryptographicActions,
        {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
          },
        },
      ),
      allow("Deliveries", { Service: deliveringServices }, ["kms:Decrypt", "kms:GenerateDataKey"], {
        StringEquals: { "aws:SourceAccount": accountId },
      }),
    ],
  });
}
