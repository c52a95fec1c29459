import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";

/** Creates the table of the controller's decisions: a record for audits, hence protected. */
export function createDecisionsTable(
  name: string,
  forceDestroy: boolean | undefined,
  { kmsKeyArn, tags }: CommonArgs,
  parent: pulumi.Resource,
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    `${name}-decisions`,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiresAt", enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: forceDestroy !== true,
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      tags,
    },
    { parent, ...dataProtection(forceDestroy) },
  );
}
