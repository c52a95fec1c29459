import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { FeatureType } from "../contracts/feature-definition";
import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { physicalName } from "../shared/physical-name";
import { createFeatureAdditions } from "./feature-additions";
import { checkFeatures } from "./feature-checks";
import { createFeatureStoreRole } from "./feature-store-role";

export { FeatureType };

/** One feature of an entity. */
export interface FeatureDefinition {
  /** Feature name: letters, digits, hyphens and underscores, at most 64 characters. */
  name: pulumi.Input<string>;
  /** Type of its values. */
  type: pulumi.Input<FeatureType>;
  /** Whether it holds personal data; the online store then needs `onlineRecordExpirationDays`. @default false */
  personal?: boolean;
  /**
   * Whether nobody should use it any more. A deployed feature can never be removed from a group, so this is how one is
   * retired.
   * @default false
   */
  deprecated?: boolean;
}

/** Arguments of {@link FeatureStore}. */
export interface FeatureStoreArgs extends CommonArgs {
  /**
   * Every feature, the record identifier and the event time among them. One that is added later is added to the deployed
   * group, which keeps what it holds; taking one away or giving it another type is refused.
   */
  features: FeatureDefinition[];
  /** Feature that identifies a record of the entity, for example `customer_id`. */
  recordIdentifierName: pulumi.Input<string>;
  /** Feature that holds a record's time; type String (ISO 8601) or Fractional (seconds since 1970). */
  eventTimeName: pulumi.Input<string>;
  /** Bucket of the offline store; the data lake's features zone. */
  offlineBucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  offlineBucketArn: pulumi.Input<string>;
  /** Physical name of the feature group, at most 64 characters. @default stack and component name */
  featureGroupName?: string;
  /** Sentence on what the entity is. @default none */
  description?: pulumi.Input<string>;
  /** Whether the newest record of each entity can be read in milliseconds. @default true */
  onlineStoreEnabled?: boolean;
  /** Days that a record stays in the online store. @default for ever */
  onlineRecordExpirationDays?: pulumi.Input<number>;
  /** Topic told when features could not be added. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
  /** Whether the feature group may be deleted; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/** The features of one entity, kept for training (offline, in the lake) and for serving (online). */
export class FeatureStore extends pulumi.ComponentResource {
  /** Name of the feature group. */
  public readonly featureGroupName: pulumi.Output<string>;
  /** ARN of the feature group. */
  public readonly featureGroupArn: pulumi.Output<string>;
  /** Role with which SageMaker writes the offline store. */
  public readonly roleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: FeatureStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    checkFeatures(args);
    const featureGroupName = args.featureGroupName ?? physicalName(name, 64, "featureGroupName");
    super("mlops:index:FeatureStore", name, args, opts);
    const { role, policy } = createFeatureStoreRole(name, args, this);
    const group = new aws.sagemaker.FeatureGroup(
      name,
      {
        featureGroupName,
        description: args.description,
        recordIdentifierFeatureName: args.recordIdentifierName,
        eventTimeFeatureName: args.eventTimeName,
        featureDefinitions: args.features.map((feature) => ({
          featureName: feature.name,
          featureType: feature.type,
        })),
        offlineStoreConfig: {
          s3StorageConfig: {
            s3Uri: pulumi.interpolate`s3://${args.offlineBucketName}/${name}/`,
            kmsKeyId: args.kmsKeyArn,
          },
        },
        ...(args.onlineStoreEnabled === false ? {} : { onlineStoreConfig: onlineStore(args) }),
        roleArn: role.arn,
        tags: args.tags,
      },
      {
        parent: this,
        dependsOn: policy === undefined ? [] : [policy],
        // The name is fixed, so a new group cannot stand beside the old one.
        deleteBeforeReplace: true,
        // The provider would replace the group for a new feature; they are added below instead.
        ignoreChanges: ["featureDefinitions"],
        ...dataProtection(args.forceDestroy),
      },
    );
    const { features, alarmTopicArn } = args;
    createFeatureAdditions(name, { group, featureGroupName, features, alarmTopicArn }, args, this);
    this.featureGroupName = group.featureGroupName;
    this.featureGroupArn = group.arn;
    this.roleArn = role.arn;
    this.registerOutputs({
      featureGroupName: this.featureGroupName,
      featureGroupArn: this.featureGroupArn,
      roleArn: this.roleArn,
    });
  }
}

function onlineStore(args: FeatureStoreArgs): aws.types.input.sagemaker.FeatureGroupOnlineStoreConfig {
  return {
    enableOnlineStore: true,
    ...(args.kmsKeyArn === undefined ? {} : { securityConfig: { kmsKeyId: args.kmsKeyArn } }),
    ...(args.onlineRecordExpirationDays === undefined
      ? {}
      : { ttlDuration: { unit: "Days", value: args.onlineRecordExpirationDays } }),
  };
}
