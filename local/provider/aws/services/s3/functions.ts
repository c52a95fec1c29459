import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { FunctionHandler } from "../../framework/types";

export const getBucket: FunctionHandler = {
  token: "aws:s3/getBucket:getBucket",
  async invoke(args, context) {
    const bucket = String(args.bucket);
    const head = await context.client(S3Client).send(new HeadBucketCommand({ Bucket: bucket }));
    const region = head.BucketRegion ?? context.region;
    return {
      id: bucket,
      bucket,
      arn: head.BucketArn ?? `arn:aws:s3:::${bucket}`,
      bucketRegion: region,
      region,
      bucketDomainName: `${bucket}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
    };
  },
};
