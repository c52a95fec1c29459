import * as pulumi from "@pulumi/pulumi";

/** The words that every component of the library takes, with the same meaning everywhere. */
export interface CommonArgs {
  /** Tags on every taggable resource of the component. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** ARN of the IAM policy that bounds every role of the component. @default none */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** ARN of the KMS key that encrypts what the component stores. @default keys that AWS owns */
  kmsKeyArn?: pulumi.Input<string>;
  /** Days that CloudWatch keeps the component's logs; one of the values that CloudWatch allows. @default 30 */
  logRetentionDays?: pulumi.Input<number>;
}

/** Days that logs are kept when the caller does not say. */
export const defaultLogRetentionDays = 30;
