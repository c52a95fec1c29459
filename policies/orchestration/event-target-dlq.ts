import { isGiven } from "../shared/read";
import { eventTarget, schedule } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";

const wayOut =
  "set deadLetterConfig.arn to a queue, and maximumRetryAttempts and maximumEventAgeInSeconds in retryPolicy";

export const eventTargetDlq = resourcePolicy({
  id: "event-target-dlq",
  description:
    "Events and schedules that cannot be delivered end in a dead-letter queue after a finite number of tries.",
  severity: "high",
  pillar: "reliability",
  sources: [],
  url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
  remediationSteps: `On the target, ${wayOut}; let events.amazonaws.com or the schedule's role send messages to that queue.`,
  types: [eventTarget, schedule],
  check: ({ type, props, report, part }) => {
    const at = (...path: [string, string]): [string, ...string[]] =>
      type === schedule ? ["target", ...path] : path;
    part("dead-letter queue", () => {
      if (isGiven(props, ...at("deadLetterConfig", "arn"))) return;
      const required = "an event that cannot be delivered must be kept";
      report({ found: "has no dead-letter queue", required, wayOut });
    });
    part("retries", () => {
      const limits = ["maximumRetryAttempts", "maximumEventAgeInSeconds"];
      const missing = limits.filter((limit) => !isGiven(props, ...at("retryPolicy", limit)));
      if (missing.length === 0) return;
      const required = "retries must be bounded on purpose, the default goes on for 24 hours";
      report({ found: `has a retry policy without ${missing.join(" and ")}`, required, wayOut });
    });
  },
});
