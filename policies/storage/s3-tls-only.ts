import type { PolicyResource } from "@pulumi/policy";

import { type Statement, statementsOf } from "../shared/iam-document";
import { sideResourcesOf } from "../shared/join";
import { isUnknownValueError, textAt, valueAt } from "../shared/read";
import { s3 } from "../shared/resource-types";
import { stackPolicy } from "../shared/stack-policy";
import { securityBestPractice } from "../shared/standards";

/** The bucket's name, or undefined while preview does not know it. */
function nameOf(bucket: PolicyResource): string | undefined {
  try {
    return textAt(bucket.props, "bucket");
  } catch (error) {
    if (isUnknownValueError(error)) return undefined;
    throw error;
  }
}

function refusesPlainHttp(statement: Statement): boolean {
  const everybody = Object.values(statement.principals).some((names) => names.includes("*"));
  const everyAction = statement.actions.some((action) => action === "*" || action.toLowerCase() === "s3:*");
  const overHttp = statement.conditions.some(
    ({ operator, key, values }) =>
      operator === "bool" && key === "aws:securetransport" && values.every((value) => value === "false"),
  );
  return !statement.allows && everybody && everyAction && overHttp && statement.conditions.length === 1;
}

/** Whether resources name the bucket itself and every object in it. */
function coversBucket(resources: string[], name: string | undefined): boolean {
  if (resources.includes("*")) return true;
  const own = resources.filter((arn) => name === undefined || arn.split(":").at(-1)?.split("/")[0] === name);
  return own.some((arn) => !arn.includes("/")) && own.some((arn) => arn.endsWith("/*"));
}

export const s3TlsOnly = stackPolicy({
  id: "s3-tls-only",
  description: "Bucket policies refuse every request that does not come over TLS.",
  severity: "high",
  pillar: "security",
  framework: securityBestPractice("S3.5", "S3 general purpose buckets should require requests to use SSL"),
  sources: ["GDPR Art. 32", "HIPAA 164.312(e)(1)"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  remediationSteps:
    'Add to the bucket policy: Effect Deny, Principal "*", Action "s3:*", Resource the bucket\'s ARN and the ARN with "/*", Condition Bool aws:SecureTransport "false".',
  types: s3.buckets,
  check: (bucket, stack) => {
    const required = "its policy must deny every request over plain HTTP to the bucket and to its objects";
    const wayOut =
      "add a Deny statement with the condition Bool aws:SecureTransport false to its BucketPolicy";
    const policies = sideResourcesOf(bucket, stack.resources, s3.policy);
    if (policies.length === 0)
      return stack.report(bucket, { found: "has no bucket policy", required, wayOut });
    const statements = policies
      .flatMap(({ props }) => statementsOf(valueAt(props, "policy")))
      .filter(refusesPlainHttp);
    if (statements.length === 0) {
      return stack.report(bucket, { found: "has a policy that accepts plain HTTP", required, wayOut });
    }
    const resources = statements.flatMap((statement) => statement.resources);
    if (coversBucket(resources, nameOf(bucket))) return;
    const found = `refuses plain HTTP only for ${resources.join(", ") || "no resource"}`;
    stack.report(bucket, {
      found,
      required,
      wayOut: 'name the bucket\'s ARN and the ARN with "/*" in that statement',
    });
  },
});
