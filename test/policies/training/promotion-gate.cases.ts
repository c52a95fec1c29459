import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { boundedTask, machine, registerTask, trainTask } from "../support/state-machines";

const train = trainTask({ End: undefined, Next: "Gate" });
const accurate = { Variable: "$.evaluation.accuracy", NumericGreaterThanEquals: 0.8, Next: "Register" };
const gate = (more: Record<string, unknown> = {}) => ({
  Type: "Choice",
  Choices: [accurate],
  Default: "Failed",
  ...more,
});
const approved = registerTask({ Parameters: { ModelApprovalStatus: "Approved" } });
const deploy = boundedTask({ Resource: "arn:aws:states:::sagemaker:createEndpoint" });
const wait = boundedTask({
  Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
  End: undefined,
  Next: "Deploy",
});
const withoutPerson = { stack: "dev" };

export const promotionGateCases: PolicyCases = {
  passing: [
    one("weighs the metric", machine({ Train: train, Gate: gate(), Register: registerTask() })),
    one(
      "weighs it with And in JSONata style",
      machine({
        Train: train,
        Gate: gate({ Choices: [{ And: [{ Condition: "{% $accuracy > 0.8 %}" }], Next: "Register" }] }),
        Register: registerTask(),
      }),
    ),
    one(
      "approves by itself in dev",
      machine({ Train: train, Gate: gate(), Register: approved }),
      withoutPerson,
    ),
    one("registers what it did not train", machine({ Register: approved })),
    one(
      "waits for a person before it deploys",
      machine({
        Train: train,
        Gate: gate({ Choices: [{ ...accurate, Next: "Wait" }] }),
        Wait: wait,
        Deploy: deploy,
      }),
    ),
  ],
  failing: [
    {
      ...one(
        "goes straight on",
        machine({ Train: trainTask({ End: undefined, Next: "Register" }), Register: registerTask() }),
      ),
      violations: [["training", 'from training in "Train" to "Register" without an evaluation']],
    },
    {
      ...one(
        "registers either way",
        machine({ Train: train, Gate: gate({ Default: "Register" }), Register: registerTask() }),
      ),
      violations: [["training", "without an evaluation"]],
    },
    {
      ...one(
        "looks at the job's status only",
        machine({
          Train: train,
          Gate: gate({
            Choices: [{ Variable: "$.TrainingJobStatus", StringEquals: "Completed", Next: "Register" }],
          }),
          Register: registerTask(),
        }),
      ),
      violations: [["training", "without an evaluation"]],
    },
    {
      ...one(
        "goes around the gate on an error",
        machine({
          Train: trainTask({
            End: undefined,
            Next: "Gate",
            Catch: [{ ErrorEquals: ["States.ALL"], Next: "Register" }],
          }),
          Gate: gate(),
          Register: registerTask(),
        }),
      ),
      violations: [["training", "without an evaluation"]],
    },
    {
      ...one(
        "trains in a branch",
        machine({
          Both: {
            Type: "Parallel",
            Branches: [{ StartAt: "Train", States: { Train: trainTask() } }],
            Next: "Register",
          },
          Register: registerTask(),
        }),
      ),
      violations: [["training", '"Both/0/Train" to "Register"']],
    },
    {
      ...one("approves by itself in prod", machine({ Train: train, Gate: gate(), Register: approved })),
      violations: [["training", 'promotes the model in "Register" without a person']],
    },
    {
      ...one(
        "deploys at once in prod",
        machine({
          Train: train,
          Gate: gate({ Choices: [{ ...accurate, Next: "Deploy" }] }),
          Deploy: deploy,
        }),
      ),
      violations: [["training", 'promotes the model in "Deploy" without a person']],
    },
  ],
  unknown: [
    {
      ...one(
        "is not known",
        resource("aws:sfn/stateMachine:StateMachine", "training", { definition: unknown }),
      ),
      undecided: ["training"],
    },
  ],
  notApplicable: [one("is no state machine", unrelated)],
};
