import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "./common-args";
import { dataProtection } from "./data-protection";

/** What one bucket of the library looks like; what is not here is the same for all of them. */
export interface SecureBucketSpec {
  /** Bucket that receives the access log. @default no access log; only right for the log bucket itself */
  accessLogBucketName?: pulumi.Input<string>;
  /** Days after which a noncurrent version is deleted. */
  noncurrentVersionExpirationDays: pulumi.Input<number>;
  /** Days after which a current object is deleted. @default never */
  expirationDays?: pulumi.Input<number>;
  /** Days that every object version is locked against deletion (Object Lock, governance mode). @default no lock */
  objectLockDays?: pulumi.Input<number>;
  /** Statements of the bucket policy beyond the refusal of plain HTTP. */
  policyStatements?: (bucket: aws.s3.Bucket) => pulumi.Input<object>[];
  /** Whether every object event goes to EventBridge. @default false */
  eventNotifications?: boolean;
  /**
   * Whether objects are encrypted with S3's own key instead of `kmsKeyArn`: S3 cannot deliver access logs to a
   * bucket whose default encryption is KMS.
   * @default false
   */
  s3ManagedKey?: boolean;
  /** Whether the bucket may be deleted with its objects; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/** The bucket, and the settings that users of the bucket wait for. */
export interface SecureBucketParts {
  bucket: aws.s3.Bucket;
  policy: aws.s3.BucketPolicy;
}

/** Refuses every request over plain HTTP, on the bucket and on its objects. */
function tlsOnlyStatement(bucket: aws.s3.Bucket): pulumi.Input<object> {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function lifecycleRules(spec: SecureBucketSpec): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "noncurrent-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: spec.noncurrentVersionExpirationDays },
    },
    {
      id: "abandoned-uploads",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    ...(spec.expirationDays === undefined
      ? []
      : [
          {
            id: "old-objects",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: spec.expirationDays },
          },
        ]),
  ];
}

/** How long and with what an object is kept: versions, lock, encryption, expiry. */
function createStorageSettings(
  name: string,
  bucket: aws.s3.Bucket,
  spec: SecureBucketSpec,
  common: CommonArgs,
): pulumi.Resource[] {
  const options = { parent: bucket };
  const versioning = new aws.s3.BucketVersioning(
    name,
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    options,
  );
  const objectLock =
    spec.objectLockDays === undefined
      ? []
      : [
          new aws.s3.BucketObjectLockConfiguration(
            name,
            {
              bucket: bucket.bucket,
              rule: { defaultRetention: { mode: "GOVERNANCE", days: spec.objectLockDays } },
            },
            { ...options, dependsOn: versioning },
          ),
        ];
  new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    {
      bucket: bucket.bucket,
      rules: [
        spec.s3ManagedKey
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: "aws:kms",
                kmsMasterKeyId: common.kmsKeyArn,
              },
              bucketKeyEnabled: true,
            },
      ],
    },
    options,
  );
  new aws.s3.BucketLifecycleConfiguration(
    name,
    { bucket: bucket.bucket, rules: lifecycleRules(spec) },
    // S3 refuses rules on noncurrent versions before versioning is on.
    { ...options, dependsOn: versioning },
  );
  return [versioning, ...objectLock];
}

/** Who may reach the bucket and who is told: ownership, public access, policy, access log, events. */
function createAccessSettings(
  name: string,
  bucket: aws.s3.Bucket,
  spec: SecureBucketSpec,
  before: pulumi.Resource[],
): aws.s3.BucketPolicy {
  const options = { parent: bucket };
  new aws.s3.BucketOwnershipControls(
    name,
    { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    options,
  );
  const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
    name,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  const policy = new aws.s3.BucketPolicy(
    name,
    {
      bucket: bucket.bucket,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [tlsOnlyStatement(bucket), ...(spec.policyStatements?.(bucket) ?? [])],
      }),
    },
    // S3 answers 409 when the policy and the public access block change at the same time, and a policy may
    // refuse to everybody, Pulumi included, the settings that must be made before it.
    { ...options, dependsOn: [publicAccessBlock, ...before] },
  );
  if (spec.accessLogBucketName !== undefined) {
    new aws.s3.BucketLogging(
      name,
      { bucket: bucket.bucket, targetBucket: spec.accessLogBucketName, targetPrefix: `${name}/` },
      options,
    );
  }
  if (spec.eventNotifications) {
    new aws.s3.BucketNotification(name, { bucket: bucket.bucket, eventbridge: true }, options);
  }
  return policy;
}

/**
 * Creates a bucket that is private, encrypted, versioned, reachable over TLS only, logged and cleaned up. The
 * settings are children of the bucket, so that each is found beside the bucket it belongs to.
 */
export function createSecureBucket(
  name: string,
  spec: SecureBucketSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): SecureBucketParts {
  const bucket = new aws.s3.Bucket(
    name,
    {
      forceDestroy: spec.forceDestroy ?? false,
      ...(spec.objectLockDays === undefined ? {} : { objectLockEnabled: true }),
      tags: common.tags,
    },
    { parent, ...dataProtection(spec.forceDestroy) },
  );
  const settings = createStorageSettings(name, bucket, spec, common);
  return { bucket, policy: createAccessSettings(name, bucket, spec, settings) };
}
