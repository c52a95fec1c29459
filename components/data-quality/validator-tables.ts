import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";

/** Tables that the validator remembers by. */
export interface ValidatorTables {
  /** Which versions of files were validated; losing it costs a second validation and no data. */
  idempotency: aws.dynamodb.Table;
  /** Which record came with which file; losing it lets records that are delivered again into the lake a second time. */
  claims?: aws.dynamodb.Table;
}

/** Creates the tables; the one of claims only where records are to be recognised. */
export function createValidatorTables(
  name: string,
  withClaims: boolean,
  common: CommonArgs,
  parent: pulumi.Resource,
): ValidatorTables {
  const idempotency = createTable(`${name}-idempotency`, common, parent);
  return withClaims
    ? { idempotency, claims: createTable(`${name}-claims`, common, parent) }
    : { idempotency };
}

/** Entries expire by themselves. */
function createTable(
  name: string,
  { kmsKeyArn, tags }: CommonArgs,
  parent: pulumi.Resource,
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    name,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiration", enabled: true },
      pointInTimeRecovery: { enabled: true },
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      tags,
    },
    { parent },
  );
}
