import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const live = { alarmActions: [unknown], treatMissingData: "breaching" };
const alarm = (props: Record<string, unknown>) =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", "drift", props);
const composite = (props: Record<string, unknown>) =>
  resource("aws:cloudwatch/compositeAlarm:CompositeAlarm", "any", props);

export const alarmLiveCases: PolicyCases = {
  passing: [
    one("tells a topic that is not known yet", alarm(live)),
    one("is composite and has no data of its own", composite({ alarmActions: ["arn"] })),
  ],
  failing: [
    {
      ...one("says nothing", alarm({ namespace: "mlops/models" })),
      violations: [
        ["drift", "has no alarm action"],
        ["drift", "what missing data means"],
      ],
    },
    {
      ...one("has an empty list", alarm({ ...live, alarmActions: [] })),
      violations: [["drift", "has no alarm action"]],
    },
    {
      ...one("is switched off", alarm({ ...live, actionsEnabled: false })),
      violations: [["drift", "switched off"]],
    },
    { ...one("is composite and mute", composite({})), violations: [["any", "has no alarm action"]] },
  ],
  unknown: [
    {
      ...one("has actions that are not known", alarm({ ...live, alarmActions: unknown })),
      undecided: ["actions"],
    },
  ],
  notApplicable: [one("is no alarm", unrelated)],
};
