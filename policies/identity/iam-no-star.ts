import { type Statement, statementsOf } from "../shared/iam-document";
import { listAt, valueAt } from "../shared/read";
import { iam } from "../shared/resource-types";
import { type ResourceCheck, resourcePolicy } from "../shared/resource-policy";
import { securityBestPractice } from "../shared/standards";

/** Whether an action stands for everything, or for everything of one service. */
function isTooWide(action: string): boolean {
  return action === "*" || /^[\w-]+:\*+$/.test(action);
}

function judge(statement: Statement, place: string, { report }: ResourceCheck): void {
  if (!statement.allows) return;
  const wide = statement.actions.filter(isTooWide);
  const found = statement.hasNotAction
    ? `allows everything except a list, in statement ${statement.label}${place}`
    : `allows ${wide.join(", ")} in statement ${statement.label}${place}`;
  if (wide.length === 0 && !statement.hasNotAction) return;
  report({
    found,
    required: "a policy must name each action that it allows",
    wayOut: "list the actions that the workload calls",
  });
}

export const iamNoStar = resourcePolicy({
  id: "iam-no-star",
  description: "IAM policies name every action that they allow.",
  severity: "critical",
  pillar: "security",
  framework: securityBestPractice(
    "IAM.21",
    "IAM customer managed policies that you create should not allow wildcard actions for services",
  ),
  sources: ["CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40", "IAM.1"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  remediationSteps:
    "Replace `*` and `service:*` by the actions that the workload calls; replace NotAction in Allow statements by Action.",
  types: [...iam.policies, iam.role],
  check: (resource) => {
    const { type, props, part } = resource;
    if (type !== iam.role) {
      return statementsOf(valueAt(props, "policy")).forEach((statement) => judge(statement, "", resource));
    }
    listAt(props, "inlinePolicies").forEach((inline, index) => {
      const place = ` of inline policy ${index + 1}`;
      part(place.trim(), () =>
        statementsOf(valueAt(inline, "policy")).forEach((statement) => judge(statement, place, resource)),
      );
    });
  },
});
