import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createServiceRole, policyDocument } from "../shared/service-role";
import type { DatabaseSourceArgs } from "./database-args";
import { sourceCommon, sourceTags } from "./source-args";
import { sourceFolder } from "./source-parts";

/** Roles that DMS takes at the two ends, and the policies that must exist before it uses them. */
export interface EndpointRoles {
  /** Writes into the raw zone. */
  target: aws.iam.Role;
  /** Reads the secret of the database; only with a secret. */
  secret?: aws.iam.Role;
  policies: aws.iam.RolePolicy[];
}

/**
 * Creates the roles of the endpoints.
 * @param control - folder of what could not be brought
 */
export function createEndpointRoles(
  name: string,
  args: DatabaseSourceArgs,
  control: pulumi.Input<string>,
  parent: pulumi.Resource,
): EndpointRoles {
  const { rawBucketArn, dataset, kmsKeyArn, secretArn } = args;
  const target = createServiceRole(
    `${name}-target`,
    {
      service: "dms.amazonaws.com",
      statements: [
        {
          sid: "WriteRaw",
          actions: ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject"],
          resources: [
            pulumi.interpolate`${rawBucketArn}/${dataset}/${sourceFolder(name)}-*`,
            pulumi.interpolate`${rawBucketArn}/${control}/*`,
          ],
        },
        // DMS lists the bucket without a prefix when it tests the connection.
        { sid: "FindRaw", actions: ["s3:ListBucket"], resources: [rawBucketArn] },
        ...(kmsKeyArn === undefined
          ? []
          : [
              {
                sid: "Key",
                actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
                resources: [kmsKeyArn],
              },
            ]),
      ],
    },
    sourceCommon(args),
    parent,
  );
  const policies = target.policy === undefined ? [] : [target.policy];
  if (secretArn === undefined) return { target: target.role, policies };
  const secret = createSecretRole(`${name}-secret`, secretArn, args, parent);
  return { target: target.role, secret: secret.role, policies: [...policies, secret.policy] };
}

/** DMS reads secrets as the service of its region, not as `dms.amazonaws.com`. */
function createSecretRole(
  name: string,
  secretArn: pulumi.Input<string>,
  args: DatabaseSourceArgs,
  parent: pulumi.Resource,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const region = aws.getRegionOutput({}, { parent }).region;
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: pulumi.interpolate`dms.${region}.amazonaws.com` },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          },
        ],
      }),
      permissionsBoundary: args.permissionsBoundaryArn,
      tags: sourceTags(args),
    },
    { parent },
  );
  const key = args.secretKmsKeyArn ?? args.kmsKeyArn;
  const policy = new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: policyDocument([
        {
          sid: "Credentials",
          actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
          resources: [secretArn],
        },
        ...(key === undefined
          ? []
          : [{ sid: "Key", actions: ["kms:Decrypt", "kms:DescribeKey"], resources: [key] }]),
      ]),
    },
    { parent: role },
  );
  return { role, policy };
}
