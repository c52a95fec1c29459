import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { boundedTask, machine } from "../support/state-machines";

const withoutCatch = (more: Record<string, unknown> = {}) => boundedTask({ Catch: undefined, ...more });
const stateMachine = (definition: unknown) =>
  resource("aws:sfn/stateMachine:StateMachine", "training", { definition });

export const aslBoundedCases: PolicyCases = {
  passing: [
    one("bounds its Task", machine({ Work: boundedTask() })),
    one(
      "takes the timeout from its input",
      machine({ Work: boundedTask({ TimeoutSeconds: undefined, TimeoutSecondsPath: "$.t" }) }),
    ),
    one(
      "catches around a branch",
      machine({
        Both: {
          Type: "Parallel",
          Branches: [{ StartAt: "Work", States: { Work: withoutCatch() } }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Failed" }],
          End: true,
        },
      }),
    ),
    one("fails anyway after its Task", machine({ Notify: withoutCatch({ End: undefined, Next: "Failed" }) })),
  ],
  failing: [
    {
      ...one("bounds nothing", machine({ Work: { Type: "Task", End: true } }, { TimeoutSeconds: undefined })),
      violations: [
        ["training", "has no timeout"],
        ["training", '"Work" without a timeout, without a retry with backoff and jitter, without a Catch'],
      ],
    },
    {
      ...one(
        "retries all at once",
        machine({ Work: boundedTask({ Retry: [{ ErrorEquals: ["States.ALL"] }] }) }),
      ),
      violations: [["training", "without a retry with backoff and jitter"]],
    },
    {
      ...one(
        "retries at the same pace",
        machine({ Work: boundedTask({ Retry: [{ BackoffRate: 1, JitterStrategy: "FULL" }] }) }),
      ),
      violations: [["training", "without a retry"]],
    },
    {
      ...one(
        "never retries",
        machine({ Work: boundedTask({ Retry: [{ MaxAttempts: 0, JitterStrategy: "FULL" }] }) }),
      ),
      violations: [["training", "without a retry"]],
    },
    {
      ...one(
        "has an unbounded Task in a Map",
        machine({
          Each: {
            Type: "Map",
            ItemProcessor: { StartAt: "Work", States: { Work: withoutCatch() } },
            End: true,
          },
        }),
      ),
      violations: [["training", '"Each/0/Work" without a Catch']],
    },
    { ...one("is no JSON", stateMachine("{")), violations: [["training", "no readable definition"]] },
  ],
  unknown: [{ ...one("is not known", stateMachine(unknown)), undecided: ["training"] }],
  notApplicable: [one("is no state machine", unrelated)],
};
