import { listAt, textAt } from "../shared/read";
import { stateMachine } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { perEnvironment } from "../shared/settings";
import {
  argumentsOf,
  definitionOf,
  reachableFrom,
  sagemakerAction,
  type State,
  statesOf,
} from "../shared/state-machine";

const trainingActions = ["createTrainingJob", "createHyperParameterTuningJob", "createAutoMLJobV2"];
const registeringActions = ["createModelPackage", "updateModelPackage"];
const deployingActions = ["createEndpoint", "updateEndpoint"];

/** Whether a rule of a Choice, or a rule nested in it, compares something other than the status of a job. */
function comparesMetric(rule: unknown, depth = 0): boolean {
  const compared = textAt(rule, "Variable") ?? textAt(rule, "Condition");
  if (compared !== undefined) return !/status/i.test(compared);
  if (depth > 8) return false;
  return ["And", "Or", "Not"].some((word) =>
    listAt(rule, word).some((inner) => comparesMetric(inner, depth + 1)),
  );
}

/** The Choices that can keep a model from `target`: they weigh a metric, and one of their ways does not lead there. */
function gatesBefore(target: State, states: State[]): Set<string> {
  const gates = states.filter(({ type, body, next }) => {
    if (type !== "Choice" || !listAt(body, "Choices").some((rule) => comparesMetric(rule))) return false;
    return next.some((way) => way !== target.path && !reachableFrom(way, states).has(target.path));
  });
  return new Set(gates.map(({ path }) => path));
}

/** Whether a Task lets a model serve without anybody having looked at it. */
function promotesUnseen(target: State, states: State[]): boolean {
  const action = sagemakerAction(target);
  if (registeringActions.includes(action ?? "")) {
    return textAt(argumentsOf(target), "ModelApprovalStatus") === "Approved";
  }
  const approvals = states.filter(
    ({ body }) => textAt(body, "Resource")?.endsWith(".waitForTaskToken") === true,
  );
  const barriers = new Set(approvals.map(({ path }) => path));
  return trainingsIn(states).some(({ path }) => reachableFrom(path, states, barriers).has(target.path));
}

function trainingsIn(states: State[]): State[] {
  return states.filter((state) => trainingActions.includes(sagemakerAction(state) ?? ""));
}

export const promotionGate = resourcePolicy({
  id: "promotion-gate",
  description:
    "A trained model reaches the registry or an endpoint only through an evaluation, in production also through a person.",
  severity: "high",
  pillar: "operations",
  sources: ["AISF-ML-04"],
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-approve.html",
  remediationSteps:
    "Between training and registration add a Choice on a metric of the evaluation, one way of which rejects the model; register as PendingManualApproval, and before a deployment wait for a task token.",
  config: {
    approval: perEnvironment(
      { type: "boolean", description: "Whether a person must approve" },
      { local: false, dev: false, staging: false, prod: true },
    ),
  },
  types: [stateMachine],
  check: ({ props, settings, report }) => {
    const states = statesOf(definitionOf(props));
    const trainings = trainingsIn(states);
    const targets = states.filter((state) =>
      [...registeringActions, ...deployingActions].includes(sagemakerAction(state) ?? ""),
    );
    for (const target of targets) {
      const gates = gatesBefore(target, states);
      const ungated = trainings.find(({ path }) => reachableFrom(path, states, gates).has(target.path));
      if (ungated !== undefined) {
        report({
          found: `goes from training in "${ungated.path}" to "${target.path}" without an evaluation`,
          required: "a Choice on a metric must be able to reject the model on every way between them",
          wayOut: "add such a Choice, one way of which ends without registration",
        });
      }
      const trained = trainings.some(({ path }) => reachableFrom(path, states).has(target.path));
      if (trained && settings.here<boolean>("approval") && promotesUnseen(target, states)) {
        report({
          found: `promotes the model in "${target.path}" without a person`,
          required: `in ${settings.environment} somebody must approve a model before it serves`,
          wayOut: "register it as PendingManualApproval, or wait for a task token before the deployment",
        });
      }
    }
  },
});
