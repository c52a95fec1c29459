import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { physicalName } from "../shared/physical-name";
import { createSecureBucket } from "../shared/secure-bucket";
import { ArgumentChecker } from "../shared/validation";
import { createImageRepository } from "./image-repository";

/** Arguments of {@link ModelRegistry}. */
export interface ModelRegistryArgs extends CommonArgs {
  /** Names of the models: lower-case letters, digits and hyphens, at most 30 characters. */
  modelNames: string[];
  /** Bucket that takes the registry bucket's access log. */
  accessLogBucketName: pulumi.Input<string>;
  /** Days that a model artefact can be neither deleted nor overwritten, 1 to 36500. @default 365 */
  objectLockDays?: number;
  /** Days that a replaced artefact is kept; not less than `objectLockDays`. @default twice `objectLockDays` */
  noncurrentVersionExpirationDays?: number;
  /**
   * Whether the registry may be deleted with its models. If not, it is protected and retained, and nobody may
   * delete a version of an artefact.
   * @default false
   */
  forceDestroy?: boolean;
}

/**
 * The model registry: a bucket whose artefacts cannot be changed, a model package group and an image repository for
 * each model.
 */
export class ModelRegistry extends pulumi.ComponentResource {
  /** Bucket of model artefacts. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket. */
  public readonly bucketArn: pulumi.Output<string>;
  /** SageMaker model package group by model name. */
  public readonly modelPackageGroupNames: pulumi.Output<Record<string, string>>;
  /** ARN of the model package group by model name. */
  public readonly modelPackageGroupArns: pulumi.Output<Record<string, string>>;
  /** URL of the image repository by model name. */
  public readonly repositoryUrls: pulumi.Output<Record<string, string>>;
  /** ARN of the image repository by model name. */
  public readonly repositoryArns: pulumi.Output<Record<string, string>>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: ModelRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    const groupNames = args.modelNames.map((model) => physicalName(`${name}-${model}`, 63, "modelNames"));
    super("mlops:index:ModelRegistry", name, args, opts);
    const bucket = createRegistryBucket(name, args, this);
    const groups = args.modelNames.map((model, i) =>
      createPackageGroup(`${name}-${model}`, { model, groupName: groupNames[i] ?? model }, args, this),
    );
    const repositories = args.modelNames.map((model) =>
      createImageRepository(`${name}-${model}`, { forceDestroy: args.forceDestroy }, args, this),
    );
    const byModel = (values: pulumi.Output<string>[]): pulumi.Output<Record<string, string>> =>
      pulumi
        .all(values)
        .apply((known) => Object.fromEntries(args.modelNames.map((model, i) => [model, known[i] ?? ""])));

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.modelPackageGroupNames = byModel(groups.map((group) => group.modelPackageGroupName));
    this.modelPackageGroupArns = byModel(groups.map((group) => group.arn));
    this.repositoryUrls = byModel(repositories.map((repository) => repository.repositoryUrl));
    this.repositoryArns = byModel(repositories.map((repository) => repository.arn));
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      modelPackageGroupNames: this.modelPackageGroupNames,
      modelPackageGroupArns: this.modelPackageGroupArns,
      repositoryUrls: this.repositoryUrls,
      repositoryArns: this.repositoryArns,
    });
  }
}

const defaultObjectLockDays = 365;
const modelNamePattern = /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/;

function checkArguments(args: ModelRegistryArgs): void {
  const checker = new ArgumentChecker().require(
    args.modelNames.length > 0,
    "modelNames",
    "an empty list was given; name at least one model",
  );
  args.modelNames.forEach((model, index) => {
    const path = `modelNames[${index}]`;
    checker
      .require(
        modelNamePattern.test(model),
        path,
        `"${model}" was given; allowed are lower-case letters, digits and hyphens, first a letter, at most 30 characters`,
      )
      .require(args.modelNames.indexOf(model) === index, path, `"${model}" was given twice`);
  });
  const lockDays = args.objectLockDays ?? defaultObjectLockDays;
  const keptDays = args.noncurrentVersionExpirationDays;
  checker
    .range(args.objectLockDays, "objectLockDays", 1, 36500)
    .require(
      keptDays === undefined || keptDays >= lockDays,
      "noncurrentVersionExpirationDays",
      `${keptDays} was given; allowed is objectLockDays (${lockDays}) or more`,
    )
    .done("ModelRegistry");
}

/** Refuses, to administrators too, what would undo the lock. */
function immutabilityStatement({ arn }: aws.s3.Bucket): pulumi.Input<object> {
  return {
    Sid: "ArtefactsAreFinal",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:DeleteObjectVersion", "s3:PutBucketVersioning", "s3:BypassGovernanceRetention"],
    Resource: [arn, pulumi.interpolate`${arn}/*`],
  };
}

function createRegistryBucket(name: string, args: ModelRegistryArgs, parent: pulumi.Resource): aws.s3.Bucket {
  const objectLockDays = args.objectLockDays ?? defaultObjectLockDays;
  return createSecureBucket(
    `${name}-models`,
    {
      accessLogBucketName: args.accessLogBucketName,
      objectLockDays,
      noncurrentVersionExpirationDays: args.noncurrentVersionExpirationDays ?? 2 * objectLockDays,
      policyStatements: args.forceDestroy ? undefined : (bucket) => [immutabilityStatement(bucket)],
      forceDestroy: args.forceDestroy,
    },
    args,
    parent,
  ).bucket;
}

function createPackageGroup(
  name: string,
  { model, groupName }: { model: string; groupName: string },
  args: ModelRegistryArgs,
  parent: pulumi.Resource,
): aws.sagemaker.ModelPackageGroup {
  return new aws.sagemaker.ModelPackageGroup(
    name,
    {
      modelPackageGroupName: groupName,
      modelPackageGroupDescription: `Versions of the model ${model}`,
      tags: args.tags,
    },
    // The name is fixed, so a new group cannot stand beside the old one.
    { parent, deleteBeforeReplace: true, ...dataProtection(args.forceDestroy) },
  );
}
