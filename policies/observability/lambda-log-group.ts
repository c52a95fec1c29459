import type { PolicyResource } from "@pulumi/policy";

import { isUnknownValueError, textAt } from "../shared/read";
import { lambdaFunction, logGroup } from "../shared/resource-types";
import { stackPolicy } from "../shared/stack-policy";
import { someCertainly } from "../shared/undecided";

/** Whether a log group is the one that Lambda would make by itself for the function. */
function isDefaultGroupOf(group: PolicyResource, lambda: PolicyResource): boolean {
  try {
    return textAt(group.props, "name") === `/aws/lambda/${textAt(lambda.props, "name") ?? ""}`;
  } catch (error) {
    if (!isUnknownValueError(error)) throw error;
    return group.propertyDependencies["name"]?.some(({ urn }) => urn === lambda.urn) ?? false;
  }
}

/** Whether the function names a group, by its name or as the result of a group of the stack. */
function namesGroup(lambda: PolicyResource): boolean {
  try {
    const group = textAt(lambda.props, "loggingConfig", "logGroup");
    // After a deployment AWS fills in the default group, which says nothing about who made it.
    return group !== undefined && group !== `/aws/lambda/${textAt(lambda.props, "name") ?? ""}`;
  } catch (error) {
    if (!isUnknownValueError(error)) throw error;
    if (lambda.propertyDependencies["loggingConfig"]?.some(({ type }) => type === logGroup)) return true;
    throw error;
  }
}

export const lambdaLogGroup = stackPolicy({
  id: "lambda-log-group",
  description: "Functions log to a group that the stack makes, so that retention and encryption are chosen.",
  severity: "low",
  pillar: "operations",
  sources: ["CKV_AWS_66"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
  remediationSteps:
    "Make a LogGroup with retentionInDays and give its name to the function in loggingConfig.logGroup.",
  types: [lambdaFunction],
  check: (subject, { resources, report }) => {
    if (namesGroup(subject)) return;
    const groups = resources.filter(({ type }) => type === logGroup);
    if (someCertainly(groups, (group) => isDefaultGroupOf(group, subject))) return;
    report(subject, {
      found: "logs to a group that Lambda makes by itself and keeps forever",
      required: "its log group must be part of the stack",
      wayOut: "make a LogGroup and name it in loggingConfig.logGroup",
    });
  },
});
