import {
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  ListBucketsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";
import { KnownIds } from "./known-ids";

const ids = new KnownIds();

/** Bucket settings that are one call each. */
function settings(changed: boolean, bucket: pulumi.Output<string>, logs: pulumi.Output<string>): void {
  new aws.s3.BucketServerSideEncryptionConfiguration("encrypted", {
    bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: !changed }],
  });
  new aws.s3.BucketPublicAccessBlock("private", {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: !changed,
  });
  new aws.s3.BucketOwnershipControls("owned", {
    bucket,
    rule: { objectOwnership: changed ? "BucketOwnerPreferred" : "BucketOwnerEnforced" },
  });
  new aws.s3.BucketLifecycleConfiguration("lifecycle", {
    bucket,
    rules: [
      {
        id: "expire",
        status: "Enabled",
        filter: { prefix: "tmp/" },
        expiration: { days: changed ? 20 : 10 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 3 },
      },
      {
        id: "old-versions",
        status: "Enabled",
        noncurrentVersionExpiration: { noncurrentDays: 90, newerNoncurrentVersions: 3 },
        transitions: [{ days: 30, storageClass: "INTELLIGENT_TIERING" }],
      },
    ],
  });
  new aws.s3.BucketLogging("logged", {
    bucket,
    targetBucket: logs,
    targetPrefix: changed ? "access/v2/" : "access/",
  });
  new aws.s3.BucketCorsConfiguration("cors", {
    bucket,
    corsRules: [
      { allowedMethods: ["GET"], allowedOrigins: [changed ? "https://b.example" : "https://a.example"] },
    ],
  });
  new aws.s3.BucketNotification("notified", { bucket, eventbridge: !changed });
}

function policy(bucket: pulumi.Output<string>, action: string): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyTls",
        Effect: "Deny",
        Principal: { AWS: ["*"] },
        Action: [action],
        Resource: [pulumi.interpolate`arn:aws:s3:::${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": false } },
      },
    ],
  });
}

export const s3: ServiceCase = {
  service: "s3",
  program(changed) {
    const logs = new aws.s3.Bucket("logs", { forceDestroy: true });
    const bucket = new aws.s3.Bucket("raw", {
      forceDestroy: true,
      tags: changed ? { zone: "raw", owner: "platform" } : { zone: "raw" },
    });
    ids.remember("bucket", bucket.bucket);
    ids.remember("logs", logs.bucket);
    new aws.s3.BucketVersioning("versions", {
      bucket: bucket.bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    settings(changed, bucket.bucket, logs.bucket);
    new aws.s3.BucketPolicy("tls", {
      bucket: bucket.bucket,
      policy: policy(bucket.bucket, changed ? "s3:PutObject" : "s3:GetObject"),
    });
    new aws.s3.BucketObjectv2("file", {
      bucket: bucket.bucket,
      key: "data/file.txt",
      content: changed ? "second" : "first",
      contentType: "text/plain",
      tags: { kind: "text" },
    });
    new aws.s3.BucketObjectv2("asset", {
      bucket: bucket.bucket,
      key: "data/asset.txt",
      source: new pulumi.asset.StringAsset(changed ? "second" : "first"),
    });
    new aws.s3.BucketObjectv2("moved", {
      bucket: bucket.bucket,
      key: changed ? "data/there.txt" : "data/here.txt",
      content: "moved",
    });
    const locked = new aws.s3.Bucket("locked", { forceDestroy: true, objectLockEnabled: true });
    ids.remember("locked", locked.bucket);
    new aws.s3.BucketObjectLockConfiguration("lock", {
      bucket: locked.bucket,
      rule: { defaultRetention: { mode: "GOVERNANCE", days: changed ? 2 : 1 } },
    });
    return { bucket: bucket.bucket };
  },
  updated: [
    "aws:s3/bucket:Bucket raw",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration cors",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration lifecycle",
    "aws:s3/bucketLogging:BucketLogging logged",
    "aws:s3/bucketNotification:BucketNotification notified",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration lock",
    "aws:s3/bucketObjectv2:BucketObjectv2 asset",
    "aws:s3/bucketObjectv2:BucketObjectv2 file",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls owned",
    "aws:s3/bucketPolicy:BucketPolicy tls",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock private",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration encrypted",
  ],
  replaced: ["aws:s3/bucketObjectv2:BucketObjectv2 moved"],
  async tamper({ aws: settings }) {
    const client = new S3Client({ ...settings, forcePathStyle: true });
    const Bucket = ids.get("bucket");
    const statement = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: `arn:aws:s3:::${Bucket}/*`,
    };
    await client.send(
      new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "zone", Value: "stolen" }] } }),
    );
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    );
    await client.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: [statement] }) }),
    );
    await client.send(new DeleteBucketEncryptionCommand({ Bucket }));
    await client.send(new DeleteBucketCorsCommand({ Bucket }));
    await client.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: false } }),
    );
    await client.send(
      new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
      }),
    );
    await client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: "expire", Status: "Disabled", Filter: { Prefix: "tmp/" }, Expiration: { Days: 20 } }],
        },
      }),
    );
    await client.send(
      new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: {
          LoggingEnabled: { TargetBucket: ids.get("logs"), TargetPrefix: "elsewhere/" },
        },
      }),
    );
    await client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
    await client.send(
      new PutObjectLockConfigurationCommand({
        Bucket: ids.get("locked"),
        ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" },
      }),
    );
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: "data/file.txt",
        Body: "other",
        ContentType: "text/plain",
        Tagging: "kind=text",
      }),
    );
    await client.send(new PutObjectCommand({ Bucket, Key: "data/asset.txt", Body: "other" }));
  },
  repaired: [
    "aws:s3/bucket:Bucket raw",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration lifecycle",
    "aws:s3/bucketLogging:BucketLogging logged",
    "aws:s3/bucketNotification:BucketNotification notified",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration lock",
    "aws:s3/bucketObjectv2:BucketObjectv2 asset",
    "aws:s3/bucketObjectv2:BucketObjectv2 file",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls owned",
    "aws:s3/bucketPolicy:BucketPolicy tls",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock private",
    // AWS encrypts with keys of its own where nothing else is asked for, so the setting is changed, not gone.
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration encrypted",
    "aws:s3/bucketVersioning:BucketVersioning versions",
  ],
  recreated: ["aws:s3/bucketCorsConfiguration:BucketCorsConfiguration cors"],
  async leftovers({ aws: settings }) {
    const { Buckets = [] } = await new S3Client({ ...settings, forcePathStyle: true }).send(
      new ListBucketsCommand({}),
    );
    const ours = ["bucket", "logs", "locked"].map((name) => ids.get(name));
    return Buckets.filter(({ Name }) => ours.includes(Name!));
  },
};
