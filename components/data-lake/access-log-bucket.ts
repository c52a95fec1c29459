import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { createSecureBucket } from "../shared/secure-bucket";

/** How long access logs are kept. */
export interface AccessLogBucketSpec {
  /** Days that a replaced or deleted log can still be recovered. */
  noncurrentVersionExpirationDays: pulumi.Input<number>;
  /** Days that a log is kept. */
  expirationDays: pulumi.Input<number>;
  /** Whether the bucket may be deleted with its logs. @default false */
  forceDestroy?: boolean;
}

/** Creates the bucket to which S3 delivers the access logs of this account's buckets. */
export function createAccessLogBucket(
  name: string,
  spec: AccessLogBucketSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): aws.s3.Bucket {
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const { bucket } = createSecureBucket(
    name,
    {
      ...spec,
      s3ManagedKey: true,
      policyStatements: ({ arn }) => [
        {
          Sid: "AccessLogDelivery",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: pulumi.interpolate`${arn}/*`,
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ],
    },
    common,
    parent,
  );
  return bucket;
}
