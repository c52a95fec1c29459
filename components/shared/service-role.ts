import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "./common-args";

/** One statement of an IAM policy document. */
export interface PolicyStatement {
  /** Statement id. */
  sid?: string;
  /** Actions, each named in full; never `*`. */
  actions: string[];
  /** ARNs that the actions apply to. */
  resources: pulumi.Input<pulumi.Input<string>[]>;
  /** Condition block, as in IAM. */
  conditions?: Record<string, Record<string, pulumi.Input<string> | pulumi.Input<pulumi.Input<string>[]>>>;
}

/** Services that do not send `aws:SourceAccount` when they assume a role. */
const servicesWithoutSourceAccount = ["ec2.amazonaws.com"];

/** Renders statements that allow as a policy document. */
export function policyDocument(statements: PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  });
}

/** What a role of one workload looks like. */
export interface ServiceRoleSpec {
  /** AWS service that assumes the role, for example `lambda.amazonaws.com`. */
  service: string;
  /** What the workload may do; an empty list gives a role without rights. */
  statements: PolicyStatement[];
  /** Further actions in the trust, for example `sts:TagSession` for pod identity. */
  trustActions?: string[];
  /** Further `StringEquals` conditions on the trust, by condition key. @default none */
  trustConditions?: Record<string, pulumi.Input<string>>;
  /** Names of AWS managed policies, for services that require them. @default none */
  managedPolicies?: string[];
}

/** A role, and the policy that others must wait for before they use its rights. */
export interface ServiceRoleParts {
  role: aws.iam.Role;
  policy?: aws.iam.RolePolicy;
  managedPolicies: aws.iam.RolePolicyAttachment[];
}

/**
 * Creates the role of one workload: trusted only by its service on behalf of this account, bounded and tagged
 * as the caller asks, with exactly the given statements inline.
 */
export function createServiceRole(
  name: string,
  spec: ServiceRoleSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): ServiceRoleParts {
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const trusted = {
    ...(servicesWithoutSourceAccount.includes(spec.service) ? {} : { "aws:SourceAccount": accountId }),
    ...spec.trustConditions,
  };
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: spec.service },
            Action: ["sts:AssumeRole", ...(spec.trustActions ?? [])],
            ...(Object.keys(trusted).length === 0 ? {} : { Condition: { StringEquals: trusted } }),
          },
        ],
      }),
      permissionsBoundary: common.permissionsBoundaryArn,
      tags: common.tags,
    },
    { parent },
  );
  const policy =
    spec.statements.length === 0
      ? undefined
      : new aws.iam.RolePolicy(
          name,
          { role: role.name, policy: policyDocument(spec.statements) },
          { parent: role },
        );
  return { role, policy, managedPolicies: attachManagedPolicies(name, role, spec.managedPolicies ?? []) };
}

function attachManagedPolicies(
  name: string,
  role: aws.iam.Role,
  policyNames: string[],
): aws.iam.RolePolicyAttachment[] {
  if (policyNames.length === 0) return [];
  const partition = aws.getPartitionOutput({}, { parent: role }).partition;
  return policyNames.map(
    (policyName) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policyName}`,
        { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policyName}` },
        { parent: role },
      ),
  );
}
