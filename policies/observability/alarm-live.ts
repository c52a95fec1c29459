import { countAt, flagAt, isGiven } from "../shared/read";
import { compositeAlarm, metricAlarm } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { securityBestPractice } from "../shared/standards";

export const alarmLive = resourcePolicy({
  id: "alarm-live",
  description: "Alarms tell somebody, and say what silence means.",
  severity: "medium",
  pillar: "operations",
  framework: securityBestPractice(
    "CloudWatch.15",
    "CloudWatch alarms should have specified actions configured",
  ),
  sources: ["CKV_AWS_319", "CloudWatch.17"],
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
  remediationSteps:
    "Put a topic or a function into alarmActions, leave actionsEnabled on, and set treatMissingData: breaching where silence is a fault, notBreaching where it is normal.",
  types: [metricAlarm, compositeAlarm],
  check: ({ type, props, report, part }) => {
    part("actions", () => {
      if (countAt(props, "alarmActions") > 0) return;
      report({
        found: "has no alarm action",
        required: "an alarm must tell somebody",
        wayOut: "put a topic into alarmActions",
      });
    });
    part("actionsEnabled", () => {
      if (flagAt(props, "actionsEnabled") !== false) return;
      report({
        found: "has its actions switched off",
        required: "an alarm must tell somebody",
        wayOut: "set actionsEnabled to true or remove it",
      });
    });
    if (type !== metricAlarm || isGiven(props, "treatMissingData")) return;
    report({
      found: "does not say what missing data means",
      required: "treatMissingData must be chosen on purpose",
      wayOut: "set it to breaching where silence is a fault, to notBreaching where it is normal",
    });
  },
});
