import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const deadLetterConfig = { arn: "arn:aws:sqs:us-east-1:123456789012:dead" };
const retryPolicy = { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 3600 };
const target = (props: Record<string, unknown>) =>
  resource("aws:cloudwatch/eventTarget:EventTarget", "retrain", props);
const schedule = (props: unknown) =>
  resource("aws:scheduler/schedule:Schedule", "nightly", { target: props });

export const eventTargetDlqCases: PolicyCases = {
  passing: [
    one("has both", target({ deadLetterConfig, retryPolicy })),
    one("has both on a schedule", schedule({ deadLetterConfig, retryPolicy })),
    one("names a queue that is not known yet", target({ deadLetterConfig: { arn: unknown }, retryPolicy })),
  ],
  failing: [
    {
      ...one("has neither", target({})),
      violations: [
        ["retrain", "has no dead-letter queue"],
        ["retrain", "without maximumRetryAttempts and maximumEventAgeInSeconds"],
      ],
    },
    {
      ...one(
        "bounds only the age",
        schedule({ deadLetterConfig, retryPolicy: { maximumEventAgeInSeconds: 60 } }),
      ),
      violations: [["nightly", "without maximumRetryAttempts"]],
    },
    {
      ...one(
        "has them beside the target",
        resource("aws:scheduler/schedule:Schedule", "nightly", { deadLetterConfig, retryPolicy }),
      ),
      violations: [
        ["nightly", "has no dead-letter queue"],
        ["nightly", "retry policy without"],
      ],
    },
  ],
  unknown: [
    {
      ...one("has retries that are not known", target({ retryPolicy: unknown })),
      undecided: ["retries"],
      violations: [["retrain", "has no dead-letter queue"]],
    },
    { ...one("is not known", schedule(unknown)), undecided: ["dead-letter queue", "retries"] },
  ],
  notApplicable: [one("is no target", unrelated)],
};
