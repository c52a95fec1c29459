import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { physicalName } from "../shared/physical-name";
import { createSecureBucket } from "../shared/secure-bucket";
import { createServiceRole, PolicyStatement } from "../shared/service-role";
import { ArgumentChecker } from "../shared/validation";

/** Sizes of a managed MLflow tracking server. */
export enum TrackingServerSize {
  /** Up to 25 users. */
  Small = "Small",
  /** Up to 50 users. */
  Medium = "Medium",
  /** Up to 100 users. */
  Large = "Large",
}

/** Arguments of {@link ExperimentTracking}. */
export interface ExperimentTrackingArgs extends CommonArgs {
  /** ARN of a tracking server to use; nothing is created then. @default a server is created */
  existingTrackingServerArn?: pulumi.Input<string>;
  /** Size of the server. @default TrackingServerSize.Small */
  size?: pulumi.Input<TrackingServerSize>;
  /** MLflow version, for example `3.0`; a newer one is an update in place. @default "3.0" */
  mlflowVersion?: pulumi.Input<string>;
  /** Physical name of the server, at most 256 characters. @default stack and component name */
  trackingServerName?: string;
  /** Bucket for artefacts; needs `existingArtifactBucketArn`. @default a bucket is created */
  existingArtifactBucketName?: pulumi.Input<string>;
  /** ARN of that bucket. @default a bucket is created */
  existingArtifactBucketArn?: pulumi.Input<string>;
  /** Bucket that takes the created bucket's access log. @default no access log */
  accessLogBucketName?: pulumi.Input<string>;
  /** Days that a replaced or deleted artefact can still be recovered. @default 90 */
  noncurrentVersionExpirationDays?: pulumi.Input<number>;
  /** Whether the server and its artefacts may be deleted; if not, they are protected and retained. @default false */
  forceDestroy?: boolean;
}

/** Experiment tracking: a managed MLflow server with a bucket for its artefacts, or an existing server. */
export class ExperimentTracking extends pulumi.ComponentResource {
  /** ARN of the tracking server; clients give it as the MLflow tracking URI. */
  public readonly trackingServerArn: pulumi.Output<string>;
  /** Bucket of the artefacts; absent for an existing server whose bucket was not given. */
  public readonly artifactBucketName?: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: ExperimentTrackingArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    const serverName = args.trackingServerName ?? physicalName(name, 256, "trackingServerName");
    super("mlops:index:ExperimentTracking", name, args, opts);
    if (args.existingTrackingServerArn === undefined) {
      const bucket = artifactBucket(name, args, this);
      this.artifactBucketName = pulumi.output(bucket.name);
      this.trackingServerArn = createTrackingServer(name, serverName, args, bucket, this).arn;
    } else {
      if (args.existingArtifactBucketName !== undefined) {
        this.artifactBucketName = pulumi.output(args.existingArtifactBucketName);
      }
      this.trackingServerArn = pulumi.output(args.existingTrackingServerArn);
    }
    this.registerOutputs({
      trackingServerArn: this.trackingServerArn,
      artifactBucketName: this.artifactBucketName,
    });
  }
}

/** Arguments that shape a created server and mean nothing for an existing one. */
const creationArguments = [
  "size",
  "mlflowVersion",
  "trackingServerName",
  "accessLogBucketName",
  "noncurrentVersionExpirationDays",
] as const;

function checkArguments(args: ExperimentTrackingArgs): void {
  const checker = new ArgumentChecker();
  for (const field of creationArguments) {
    checker.notBoth(args.existingTrackingServerArn, "existingTrackingServerArn", args[field], field);
  }
  checker.notBoth(
    args.existingArtifactBucketName,
    "existingArtifactBucketName",
    args.accessLogBucketName,
    "accessLogBucketName",
  );
  if (args.existingTrackingServerArn === undefined) {
    checker.require(
      (args.existingArtifactBucketName === undefined) === (args.existingArtifactBucketArn === undefined),
      "existingArtifactBucketArn",
      "existingArtifactBucketName and existingArtifactBucketArn belong together; give both or neither",
    );
  }
  if (args.trackingServerName !== undefined) {
    checker.require(
      /^[A-Za-z0-9](-*[A-Za-z0-9]){0,255}$/.test(args.trackingServerName),
      "trackingServerName",
      `"${args.trackingServerName}" was given; allowed are letters, digits and hyphens, at most 256 characters`,
    );
  }
  checker
    .range(args.noncurrentVersionExpirationDays, "noncurrentVersionExpirationDays", 1, 36500)
    .done("ExperimentTracking");
}

interface ArtifactBucket {
  name: pulumi.Input<string>;
  arn: pulumi.Input<string>;
}

function artifactBucket(name: string, args: ExperimentTrackingArgs, parent: pulumi.Resource): ArtifactBucket {
  if (args.existingArtifactBucketName !== undefined && args.existingArtifactBucketArn !== undefined) {
    return { name: args.existingArtifactBucketName, arn: args.existingArtifactBucketArn };
  }
  const { bucket } = createSecureBucket(
    `${name}-artifacts`,
    {
      accessLogBucketName: args.accessLogBucketName,
      noncurrentVersionExpirationDays: args.noncurrentVersionExpirationDays ?? 90,
      forceDestroy: args.forceDestroy,
    },
    args,
    parent,
  );
  return { name: bucket.bucket, arn: bucket.arn };
}

function trackingStatements(args: ExperimentTrackingArgs, bucket: ArtifactBucket): PolicyStatement[] {
  return [
    {
      sid: "Artefacts",
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      resources: [pulumi.interpolate`${bucket.arn}/*`],
    },
    { sid: "Bucket", actions: ["s3:GetBucketLocation", "s3:ListBucket"], resources: [bucket.arn] },
    ...(args.kmsKeyArn === undefined
      ? []
      : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] }]),
  ];
}

function createTrackingServer(
  name: string,
  serverName: string,
  args: ExperimentTrackingArgs,
  bucket: ArtifactBucket,
  parent: pulumi.Resource,
): aws.sagemaker.MlflowTrackingServer {
  const { role, policy } = createServiceRole(
    name,
    { service: "sagemaker.amazonaws.com", statements: trackingStatements(args, bucket) },
    args,
    parent,
  );
  return new aws.sagemaker.MlflowTrackingServer(
    name,
    {
      trackingServerName: serverName,
      trackingServerSize: args.size ?? TrackingServerSize.Small,
      mlflowVersion: args.mlflowVersion ?? "3.0",
      artifactStoreUri: pulumi.interpolate`s3://${bucket.name}`,
      // Only the metric gate registers models, with its evidence.
      automaticModelRegistration: false,
      roleArn: role.arn,
      tags: args.tags,
    },
    {
      parent,
      dependsOn: policy === undefined ? [] : [policy],
      // The name is fixed, so a new server cannot stand beside the old one.
      deleteBeforeReplace: true,
      ...dataProtection(args.forceDestroy),
    },
  );
}
