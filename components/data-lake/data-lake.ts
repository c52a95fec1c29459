import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { createSecureBucket } from "../shared/secure-bucket";
import { ArgumentChecker } from "../shared/validation";
import { AccessLogBucketSpec, createAccessLogBucket } from "./access-log-bucket";

/** Arguments of {@link DataLake}. */
export interface DataLakeArgs extends CommonArgs {
  /** Name of a bucket in the same region that takes the access logs. @default a bucket is created */
  existingAccessLogBucketName?: pulumi.Input<string>;
  /** Days that access logs are kept in the created bucket. @default 365 */
  accessLogExpirationDays?: pulumi.Input<number>;
  /** Days that a replaced or deleted object can still be recovered. @default 90 */
  noncurrentVersionExpirationDays?: pulumi.Input<number>;
  /** Days that delivered files stay in the raw zone. @default for ever */
  rawExpirationDays?: pulumi.Input<number>;
  /** Days that refused files stay in quarantine. @default 90 */
  quarantineExpirationDays?: pulumi.Input<number>;
  /** Days that captured predictions are kept. @default 400, so that a year can be compared with the one before */
  captureExpirationDays?: pulumi.Input<number>;
  /** Gigabytes that one query may read before Athena ends it. @default 100 */
  queryScanLimitGigabytes?: pulumi.Input<number>;
  /** Whether the lake may be deleted with its data; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/**
 * The data lake: raw, curated, features, quarantine and captures zones, a catalog for their tables, and a query
 * workgroup. Every object event of a zone goes to EventBridge.
 */
export class DataLake extends pulumi.ComponentResource {
  /** Bucket of files as delivered. */
  public readonly rawBucketName: pulumi.Output<string>;
  /** ARN of the raw bucket. */
  public readonly rawBucketArn: pulumi.Output<string>;
  /** Bucket of files that kept their contract. */
  public readonly curatedBucketName: pulumi.Output<string>;
  /** ARN of the curated bucket. */
  public readonly curatedBucketArn: pulumi.Output<string>;
  /** Bucket of the offline feature store. */
  public readonly featuresBucketName: pulumi.Output<string>;
  /** ARN of the features bucket. */
  public readonly featuresBucketArn: pulumi.Output<string>;
  /** Bucket of refused files with their reasons. */
  public readonly quarantineBucketName: pulumi.Output<string>;
  /** ARN of the quarantine bucket. */
  public readonly quarantineBucketArn: pulumi.Output<string>;
  /** Bucket of captured predictions and monitoring reports. */
  public readonly capturesBucketName: pulumi.Output<string>;
  /** ARN of the captures bucket. */
  public readonly capturesBucketArn: pulumi.Output<string>;
  /** Bucket of query results. */
  public readonly queryResultsBucketName: pulumi.Output<string>;
  /** Bucket that takes the access logs of the others. */
  public readonly accessLogBucketName: pulumi.Output<string>;
  /** Glue database of the lake's tables. */
  public readonly databaseName: pulumi.Output<string>;
  /** Athena workgroup for queries on the lake. */
  public readonly workgroupName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:DataLake", name, args, opts);
    this.accessLogBucketName =
      args.existingAccessLogBucketName === undefined
        ? createAccessLogBucket(`${name}-logs`, accessLogSpec(args), args, this).bucket
        : pulumi.output(args.existingAccessLogBucketName);

    const zone = (zoneName: string, expirationDays: pulumi.Input<number> | undefined, events = true) =>
      createSecureBucket(
        `${name}-${zoneName}`,
        {
          accessLogBucketName: this.accessLogBucketName,
          noncurrentVersionExpirationDays: args.noncurrentVersionExpirationDays ?? 90,
          expirationDays,
          eventNotifications: events,
          forceDestroy: args.forceDestroy,
        },
        args,
        this,
      ).bucket;
    const raw = zone("raw", args.rawExpirationDays);
    const curated = zone("curated", undefined);
    const features = zone("features", undefined);
    const quarantine = zone("quarantine", args.quarantineExpirationDays ?? 90);
    const captures = zone("captures", args.captureExpirationDays ?? 400);
    const queryResults = zone("query-results", 30, false);

    [this.rawBucketName, this.rawBucketArn] = [raw.bucket, raw.arn];
    [this.curatedBucketName, this.curatedBucketArn] = [curated.bucket, curated.arn];
    [this.featuresBucketName, this.featuresBucketArn] = [features.bucket, features.arn];
    [this.quarantineBucketName, this.quarantineBucketArn] = [quarantine.bucket, quarantine.arn];
    [this.capturesBucketName, this.capturesBucketArn] = [captures.bucket, captures.arn];
    this.queryResultsBucketName = queryResults.bucket;
    this.databaseName = createDatabase(name, curated, args, this).name;
    this.workgroupName = createWorkgroup(name, queryResults, args, this).name;
    this.registerOutputs({
      rawBucketName: this.rawBucketName,
      rawBucketArn: this.rawBucketArn,
      curatedBucketName: this.curatedBucketName,
      curatedBucketArn: this.curatedBucketArn,
      featuresBucketName: this.featuresBucketName,
      featuresBucketArn: this.featuresBucketArn,
      quarantineBucketName: this.quarantineBucketName,
      quarantineBucketArn: this.quarantineBucketArn,
      capturesBucketName: this.capturesBucketName,
      capturesBucketArn: this.capturesBucketArn,
      queryResultsBucketName: this.queryResultsBucketName,
      accessLogBucketName: this.accessLogBucketName,
      databaseName: this.databaseName,
      workgroupName: this.workgroupName,
    });
  }
}

const longestExpirationDays = 36500;

function checkArguments(args: DataLakeArgs): void {
  const days = (value: pulumi.Input<number> | undefined, path: string, checker: ArgumentChecker) =>
    checker.range(value, path, 1, longestExpirationDays);
  const checker = new ArgumentChecker()
    .notBoth(
      args.existingAccessLogBucketName,
      "existingAccessLogBucketName",
      args.accessLogExpirationDays,
      "accessLogExpirationDays",
    )
    .range(args.queryScanLimitGigabytes, "queryScanLimitGigabytes", 1, 100_000);
  days(args.accessLogExpirationDays, "accessLogExpirationDays", checker);
  days(args.noncurrentVersionExpirationDays, "noncurrentVersionExpirationDays", checker);
  days(args.rawExpirationDays, "rawExpirationDays", checker);
  days(args.quarantineExpirationDays, "quarantineExpirationDays", checker);
  days(args.captureExpirationDays, "captureExpirationDays", checker);
  checker.done("DataLake");
}

function accessLogSpec(args: DataLakeArgs): AccessLogBucketSpec {
  return {
    noncurrentVersionExpirationDays: args.noncurrentVersionExpirationDays ?? 90,
    expirationDays: args.accessLogExpirationDays ?? 365,
    forceDestroy: args.forceDestroy,
  };
}

function createDatabase(
  name: string,
  curated: aws.s3.Bucket,
  args: DataLakeArgs,
  parent: pulumi.Resource,
): aws.glue.CatalogDatabase {
  return new aws.glue.CatalogDatabase(
    name,
    {
      description: "Tables of the data lake",
      locationUri: pulumi.interpolate`s3://${curated.bucket}/`,
      tags: args.tags,
    },
    { parent, ...dataProtection(args.forceDestroy) },
  );
}

const bytesPerGigabyte = 1024 ** 3;

function createWorkgroup(
  name: string,
  queryResults: aws.s3.Bucket,
  args: DataLakeArgs,
  parent: pulumi.Resource,
): aws.athena.Workgroup {
  return new aws.athena.Workgroup(
    name,
    {
      description: "Queries on the data lake",
      forceDestroy: args.forceDestroy ?? false,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: pulumi
          .output(args.queryScanLimitGigabytes ?? 100)
          .apply((gigabytes) => gigabytes * bytesPerGigabyte),
        resultConfiguration: {
          outputLocation: pulumi.interpolate`s3://${queryResults.bucket}/`,
          encryptionConfiguration:
            args.kmsKeyArn === undefined
              ? { encryptionOption: "SSE_S3" }
              : { encryptionOption: "SSE_KMS", kmsKeyArn: args.kmsKeyArn },
        },
      },
      tags: args.tags,
    },
    { parent },
  );
}
