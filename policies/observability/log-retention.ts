import { numberAt } from "../shared/read";
import { logGroup } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { perEnvironment } from "../shared/settings";
import { securityBestPractice } from "../shared/standards";

const days = { type: "integer", minimum: 1 } as const;

export const logRetention = resourcePolicy({
  id: "log-retention",
  description: "Log groups keep their events for a chosen time: long enough to investigate, not forever.",
  severity: "medium",
  pillar: "operations",
  framework: securityBestPractice(
    "CloudWatch.16",
    "CloudWatch log groups should be retained for a specified time period",
  ),
  sources: ["CKV_AWS_66", "HIPAA 164.312(b)"],
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
  remediationSteps: "Set retentionInDays to a number of days within the limits of the environment.",
  config: {
    minimumDays: perEnvironment(
      { ...days, description: "Shortest retention allowed, in days" },
      { local: 1, dev: 1, staging: 7, prod: 30 },
    ),
    maximumDays: perEnvironment(
      { ...days, description: "Longest retention allowed, in days" },
      { local: 365, dev: 365, staging: 731, prod: 3653 },
    ),
  },
  types: [logGroup],
  check: ({ props, settings, report }) => {
    const minimum = settings.here<number>("minimumDays");
    const maximum = settings.here<number>("maximumDays");
    const retention = numberAt(props, "retentionInDays") ?? 0;
    if (retention >= minimum && retention <= maximum) return;
    report({
      found: retention === 0 ? "keeps its events forever" : `keeps its events for ${retention} days`,
      required: `in ${settings.environment} logs must be kept for ${minimum} to ${maximum} days`,
      wayOut: "set retentionInDays",
    });
  },
});
