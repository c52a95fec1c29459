import { isGiven, listAt, numberAt, textAt } from "../shared/read";
import { stateMachine } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { wellArchitected } from "../shared/standards";
import { definitionOf, type State, statesOf } from "../shared/state-machine";

function hasTimeout(body: unknown): boolean {
  return isGiven(body, "TimeoutSeconds") || isGiven(body, "TimeoutSecondsPath");
}

/** Whether a Task retries at all, with pauses that grow and are spread. */
function retriesWell(body: unknown): boolean {
  const retriers = listAt(body, "Retry").filter((retrier) => (numberAt(retrier, "MaxAttempts") ?? 3) > 0);
  return (
    retriers.length > 0 &&
    retriers.every(
      (retrier) =>
        (numberAt(retrier, "BackoffRate") ?? 2) > 1 && textAt(retrier, "JitterStrategy") === "FULL",
    )
  );
}

/** Whether an error of a Task is handled: by itself, by a state around it, or because it would end in Fail anyway. */
function handlesErrors(state: State, states: State[]): boolean {
  if (state.caughtAround || listAt(state.body, "Catch").length > 0) return true;
  const followers = states.filter(({ path }) => state.next.includes(path));
  return followers.length > 0 && followers.every(({ type }) => type === "Fail");
}

export const aslBounded = resourcePolicy({
  id: "asl-bounded",
  description:
    "State machines end: every Task has a timeout, spread retries and a handler for what still fails.",
  severity: "high",
  pillar: "reliability",
  framework: wellArchitected("REL05-BP03", "Control and limit retry calls"),
  sources: ["Well-Architected REL05-BP05"],
  url: "https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html",
  remediationSteps:
    "Give the machine TimeoutSeconds; give each Task TimeoutSeconds, a Retry with BackoffRate above 1 and JitterStrategy FULL, and a Catch that leads to a failure state.",
  types: [stateMachine],
  check: ({ props, report }) => {
    const definition = definitionOf(props);
    if (definition === undefined) {
      const required = "definition must be a JSON object in the Amazon States Language";
      return report({
        found: "has no readable definition",
        required,
        wayOut: "render it with JSON.stringify",
      });
    }
    if (!hasTimeout(definition)) {
      const required = "a machine must end by itself when it hangs";
      report({ found: "has no timeout", required, wayOut: "set TimeoutSeconds beside StartAt" });
    }
    const states = statesOf(definition);
    for (const state of states.filter(({ type }) => type === "Task")) {
      const missing = [
        ...(hasTimeout(state.body) ? [] : ["a timeout"]),
        ...(retriesWell(state.body) ? [] : ["a retry with backoff and jitter"]),
        ...(handlesErrors(state, states) ? [] : ["a Catch"]),
      ];
      if (missing.length === 0) continue;
      report({
        found: `has the Task "${state.path}" without ${missing.join(", without ")}`,
        required: "every Task must have a timeout, a retry with backoff and jitter, and a Catch",
        wayOut: "set TimeoutSeconds, Retry with JitterStrategy FULL, and Catch on it",
      });
    }
  },
});
