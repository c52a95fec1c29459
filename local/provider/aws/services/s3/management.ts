import {
  type BucketLoggingStatus,
  type CORSRule,
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  type TargetGrant,
  type TargetObjectKeyFormat,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { fromService, toService } from "../support/casing";
import { bucketConfiguration } from "./bucket-configuration";
import { fromLifecycleRules, toLifecycleRules } from "./lifecycle-rules";

const lifecycle = bucketConfiguration<aws.s3.BucketLifecycleConfigurationArgs>({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  aliases: ["aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"],
  required: ["bucket"],
  put: (s3, bucket, { rules }) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: { Rules: toLifecycleRules(rules ?? []) },
      }),
    ),
  async get(s3, bucket) {
    const answer = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    return { rules: fromLifecycleRules(answer.Rules ?? []) };
  },
  remove: (s3, bucket) => s3.send(new DeleteBucketLifecycleCommand({ Bucket: bucket })),
});

const logging = bucketConfiguration<aws.s3.BucketLoggingArgs>({
  type: "aws:s3/bucketLogging:BucketLogging",
  aliases: ["aws:s3/bucketLoggingV2:BucketLoggingV2"],
  required: ["bucket", "targetBucket", "targetPrefix"],
  put: (s3, bucket, inputs) => {
    const status: BucketLoggingStatus = {
      LoggingEnabled: {
        TargetBucket: inputs.targetBucket,
        TargetPrefix: inputs.targetPrefix,
        TargetGrants: inputs.targetGrants && toService<TargetGrant[]>(inputs.targetGrants),
        TargetObjectKeyFormat:
          inputs.targetObjectKeyFormat && toService<TargetObjectKeyFormat>(inputs.targetObjectKeyFormat),
      },
    };
    return s3.send(new PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: status }));
  },
  async get(s3, bucket) {
    const { LoggingEnabled } = await s3.send(new GetBucketLoggingCommand({ Bucket: bucket }));
    if (!LoggingEnabled) return undefined;
    return { targetBucket: LoggingEnabled.TargetBucket, targetPrefix: LoggingEnabled.TargetPrefix };
  },
  remove: (s3, bucket) => s3.send(new PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: {} })),
});

const corsSpelling = { names: { id: "ID" } };

const cors = bucketConfiguration<aws.s3.BucketCorsConfigurationArgs>({
  type: "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
  aliases: ["aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2"],
  required: ["bucket", "corsRules"],
  put: (s3, bucket, { corsRules }) =>
    s3.send(
      new PutBucketCorsCommand({
        Bucket: bucket,
        CORSConfiguration: { CORSRules: toService<CORSRule[]>(corsRules, corsSpelling) },
      }),
    ),
  async get(s3, bucket) {
    const answer = await s3.send(new GetBucketCorsCommand({ Bucket: bucket }));
    return { corsRules: fromService(answer.CORSRules, corsSpelling) };
  },
  remove: (s3, bucket) => s3.send(new DeleteBucketCorsCommand({ Bucket: bucket })),
});

export const management = [lifecycle, logging, cors];
