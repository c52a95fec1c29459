import {
  type BucketVersioningStatus,
  type DefaultRetention,
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type MFADelete,
  type ObjectOwnership,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { type CasingRules, fromService, toService } from "../support/casing";
import { errorCode } from "../../framework/errors";
import { bucketConfiguration } from "./bucket-configuration";

const versioning = bucketConfiguration<aws.s3.BucketVersioningArgs>({
  type: "aws:s3/bucketVersioning:BucketVersioning",
  aliases: ["aws:s3/bucketVersioningV2:BucketVersioningV2"],
  required: ["bucket", "versioningConfiguration"],
  put: (s3, bucket, { mfa, versioningConfiguration }) => {
    const { status, mfaDelete } = versioningConfiguration;
    // A bucket that never had versions takes no "Disabled": it already is.
    if (status === "Disabled") return Promise.resolve();
    return s3.send(
      new PutBucketVersioningCommand({
        Bucket: bucket,
        MFA: mfa,
        VersioningConfiguration: {
          Status: status as BucketVersioningStatus,
          MFADelete: mfaDelete as MFADelete,
        },
      }),
    );
  },
  async get(s3, bucket) {
    const { Status = "Disabled", MFADelete } = await s3.send(
      new GetBucketVersioningCommand({ Bucket: bucket }),
    );
    return { versioningConfiguration: { status: Status, ...(MFADelete ? { mfaDelete: MFADelete } : {}) } };
  },
  async remove(s3, bucket) {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    if (Status !== "Enabled") return;
    try {
      await s3.send(
        new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Suspended" } }),
      );
    } catch (error) {
      // Versioning of a bucket with Object Lock stays on for the life of the bucket.
      if (!(error instanceof Error) || errorCode(error) !== "InvalidBucketState") throw error;
    }
  },
});

const encryptionSpelling: CasingRules = {
  names: { sseAlgorithm: "SSEAlgorithm", kmsMasterKeyId: "KMSMasterKeyID" },
};

const encryption = bucketConfiguration<aws.s3.BucketServerSideEncryptionConfigurationArgs>({
  type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  aliases: ["aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"],
  required: ["bucket", "rules"],
  put: (s3, bucket, { rules }) =>
    s3.send(
      new PutBucketEncryptionCommand({
        Bucket: bucket,
        ServerSideEncryptionConfiguration: {
          Rules: toService<ServerSideEncryptionRule[]>(rules, encryptionSpelling),
        },
      }),
    ),
  async get(s3, bucket) {
    const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    return { rules: fromService(answer.ServerSideEncryptionConfiguration?.Rules, encryptionSpelling) };
  },
  remove: (s3, bucket) => s3.send(new DeleteBucketEncryptionCommand({ Bucket: bucket })),
});

const publicAccessBlock = bucketConfiguration<aws.s3.BucketPublicAccessBlockArgs>({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  required: ["bucket"],
  put: (s3, bucket, inputs) =>
    s3.send(
      new PutPublicAccessBlockCommand({
        Bucket: bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: inputs.blockPublicAcls ?? false,
          BlockPublicPolicy: inputs.blockPublicPolicy ?? false,
          IgnorePublicAcls: inputs.ignorePublicAcls ?? false,
          RestrictPublicBuckets: inputs.restrictPublicBuckets ?? false,
        },
      }),
    ),
  async get(s3, bucket) {
    const answer = await s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket }));
    const block = answer.PublicAccessBlockConfiguration;
    return {
      blockPublicAcls: block?.BlockPublicAcls ?? false,
      blockPublicPolicy: block?.BlockPublicPolicy ?? false,
      ignorePublicAcls: block?.IgnorePublicAcls ?? false,
      restrictPublicBuckets: block?.RestrictPublicBuckets ?? false,
    };
  },
  remove: (s3, bucket) => s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucket })),
});

const ownershipControls = bucketConfiguration<aws.s3.BucketOwnershipControlsArgs>({
  type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  required: ["bucket", "rule"],
  put: (s3, bucket, { rule }) =>
    s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket: bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: rule.objectOwnership as ObjectOwnership }] },
      }),
    ),
  async get(s3, bucket) {
    const answer = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket }));
    return { rule: fromService(answer.OwnershipControls?.Rules?.[0]) };
  },
  remove: (s3, bucket) => s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket: bucket })),
});

const policy = bucketConfiguration<aws.s3.BucketPolicyArgs>({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  required: ["bucket", "policy"],
  put: (s3, bucket, inputs) =>
    s3.send(
      new PutBucketPolicyCommand({
        Bucket: bucket,
        Policy: typeof inputs.policy === "string" ? inputs.policy : JSON.stringify(inputs.policy),
      }),
    ),
  async get(s3, bucket) {
    return { policy: (await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy };
  },
  remove: (s3, bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket })),
});

const objectLock = bucketConfiguration<aws.s3.BucketObjectLockConfigurationArgs>({
  type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  aliases: ["aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2"],
  required: ["bucket"],
  put: (s3, bucket, inputs) =>
    s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket: bucket,
        Token: inputs.token,
        ObjectLockConfiguration: {
          ObjectLockEnabled: "Enabled",
          Rule: inputs.rule && {
            DefaultRetention: toService<DefaultRetention>(inputs.rule.defaultRetention),
          },
        },
      }),
    ),
  async get(s3, bucket) {
    const answer = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }));
    const lock = answer.ObjectLockConfiguration;
    return { objectLockEnabled: lock?.ObjectLockEnabled, rule: fromService(lock?.Rule) };
  },
  // Object Lock itself stays on for the life of the bucket; the default retention goes.
  remove: (s3, bucket) =>
    s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket: bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" },
      }),
    ),
});

export const protection = [versioning, encryption, publicAccessBlock, ownershipControls, policy, objectLock];
