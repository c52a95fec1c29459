import { type Fixture, resource } from "./fixture";

/** A Task as the policies want it. */
export const boundedTask = (more: Record<string, unknown> = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: ["States.ALL"], BackoffRate: 2, JitterStrategy: "FULL" }],
  Catch: [{ ErrorEquals: ["States.ALL"], Next: "Failed" }],
  End: true,
  ...more,
});

export const trainTask = (more: Record<string, unknown> = {}) =>
  boundedTask({
    Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync",
    Parameters: { StoppingCondition: { MaxRuntimeInSeconds: 3600 } },
    ...more,
  });

export const registerTask = (more: Record<string, unknown> = {}) =>
  boundedTask({
    Resource: "arn:aws:states:::aws-sdk:sagemaker:createModelPackage",
    Parameters: { ModelApprovalStatus: "PendingManualApproval" },
    ...more,
  });

/** A state machine with the given states; the first one starts, `Failed` is always there. */
export function machine(states: Record<string, unknown>, more: Record<string, unknown> = {}): Fixture {
  const definition = {
    StartAt: Object.keys(states)[0],
    TimeoutSeconds: 7200,
    States: { ...states, Failed: { Type: "Fail" } },
    ...more,
  };
  return resource("aws:sfn/stateMachine:StateMachine", "training", {
    definition: JSON.stringify(definition),
  });
}
