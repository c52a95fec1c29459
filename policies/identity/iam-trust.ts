import { type Statement, statementsOf } from "../shared/iam-document";
import { valueAt } from "../shared/read";
import { iam } from "../shared/resource-types";
import { type ResourceCheck, resourcePolicy } from "../shared/resource-policy";
import { wellArchitected } from "../shared/standards";

const sourceKeys = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"];

function hasCondition(statement: Statement, matches: (key: string, values: string[]) => boolean): boolean {
  return statement.conditions.some(
    ({ operator, key, values }) =>
      /^(string|arn)/.test(operator) && !operator.includes("not") && matches(key, values),
  );
}

/** Whether a federated caller is pinned: a subject that is more than a wildcard. */
function pinsSubject(statement: Statement): boolean {
  const isPinned = (value: string) => value.replace(/^repo:/, "").replace(/[*:/]/g, "") !== "";
  return hasCondition(
    statement,
    (key, values) => key.endsWith(":sub") && values.length > 0 && values.every(isPinned),
  );
}

function judge(statement: Statement, resource: ResourceCheck): void {
  const { settings, report } = resource;
  const where = `in statement ${statement.label}`;
  const principals = Object.values(statement.principals).flat();
  if (principals.includes("*") && statement.conditions.length === 0) {
    const required = "a role must name who may assume it";
    return report({
      found: `trusts everybody ${where}`,
      required,
      wayOut: "name the service or the account",
    });
  }
  const exempt = settings.get<string[]>("servicesWithoutSource");
  const services = (statement.principals["Service"] ?? []).filter((service) => !exempt.includes(service));
  if (services.length > 0 && !hasCondition(statement, (key) => sourceKeys.includes(key))) {
    report({
      found: `trusts ${services.join(", ")} on behalf of any account ${where}`,
      required: "the service must act for this account only",
      wayOut: "add a condition on aws:SourceAccount or aws:SourceArn",
    });
  }
  if (statement.actions.includes("sts:AssumeRoleWithWebIdentity") && !pinsSubject(statement)) {
    report({
      found: `trusts every identity of an OpenID Connect provider ${where}`,
      required: "the subject of the token must be pinned",
      wayOut: "add a condition StringEquals on the provider's `:sub` key",
    });
  }
}

export const iamTrust = resourcePolicy({
  id: "iam-trust",
  description: "Roles can be assumed only by who they are meant for.",
  severity: "high",
  pillar: "security",
  framework: wellArchitected("SEC03-BP02", "Grant least privilege access"),
  sources: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_393", "AISF-IAM-05"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  remediationSteps:
    "Add the condition StringEquals aws:SourceAccount with the account's id to the trust of AWS services, and StringEquals on the `:sub` key to the trust of OpenID Connect providers.",
  config: {
    servicesWithoutSource: {
      type: "array",
      items: { type: "string" },
      default: ["ec2.amazonaws.com"],
      description: "Services that do not send aws:SourceAccount when they assume a role.",
    },
  },
  types: [iam.role],
  check: (resource) => {
    const statements = statementsOf(valueAt(resource.props, "assumeRolePolicy"));
    statements.filter(({ allows }) => allows).forEach((statement) => judge(statement, resource));
  },
});
