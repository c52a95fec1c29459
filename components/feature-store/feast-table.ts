import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";

/** Settings of an online table beyond what every component takes. */
export interface OnlineTableSettings extends CommonArgs {
  /** Whether the table may be deleted; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/**
 * Creates an online table as Feast lays it out: items by `entity_id` with `event_ts` and `values`. Feast finds a table
 * by its name, `<project>.<view>`, hence the physical name. `expires_at` is ours: the second after which DynamoDB may
 * forget an item.
 */
export function createOnlineTable(
  name: string,
  physicalName: string,
  { forceDestroy, kmsKeyArn, tags }: OnlineTableSettings,
  parent: pulumi.Resource,
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    name,
    {
      name: physicalName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "entity_id",
      attributes: [{ name: "entity_id", type: "S" }],
      ttl: { attributeName: "expires_at", enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: forceDestroy !== true,
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      tags,
    },
    {
      parent,
      // The name is fixed, so a new table cannot stand beside the old one.
      deleteBeforeReplace: true,
      ...dataProtection(forceDestroy),
    },
  );
}
