import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { createServiceRole, PolicyStatement, ServiceRoleParts } from "../shared/service-role";

/** Where the offline store lies. */
export interface OfflineStorePlace extends CommonArgs {
  offlineBucketArn: pulumi.Input<string>;
}

/** Creates the role with which SageMaker writes the offline store and keeps its Glue table. */
export function createFeatureStoreRole(
  name: string,
  place: OfflineStorePlace,
  parent: pulumi.Resource,
): ServiceRoleParts {
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const region = aws.getRegionOutput({}, { parent }).region;
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  const glue = pulumi.interpolate`arn:${partition}:glue:${region}:${accountId}`;
  const statements: PolicyStatement[] = [
    {
      // SageMaker gives the bucket's owner control over each object that it writes, which takes PutObjectAcl.
      sid: "Records",
      actions: ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"],
      resources: [pulumi.interpolate`${place.offlineBucketArn}/${name}/*`],
    },
    {
      sid: "Bucket",
      actions: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"],
      resources: [place.offlineBucketArn],
    },
    {
      // SageMaker names the database itself.
      sid: "Table",
      actions: ["glue:CreateDatabase", "glue:CreateTable", "glue:GetTable", "glue:UpdateTable"],
      resources: [
        pulumi.interpolate`${glue}:catalog`,
        pulumi.interpolate`${glue}:database/sagemaker_featurestore`,
        pulumi.interpolate`${glue}:table/sagemaker_featurestore/*`,
      ],
    },
  ];
  if (place.kmsKeyArn !== undefined) {
    statements.push({
      sid: "Key",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [place.kmsKeyArn],
    });
  }
  return createServiceRole(name, { service: "sagemaker.amazonaws.com", statements }, place, parent);
}
