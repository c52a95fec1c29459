import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";

/** ARN of a role that a service of AWS may assume: emulators that check rights refuse one that does not exist. */
export function caseRoleArn(name: string, service: string): pulumi.Output<string> {
  const role = new iam.Role(`${name}-role`, {
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    }),
  });
  return role.arn;
}
