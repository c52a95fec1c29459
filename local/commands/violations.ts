import type { PolicyViolation } from "../engine/activity";

/** How the engine begins the notice of a check that met a value which preview cannot know. */
const undecided = /^can't run policy/;

/** Advice of policies in lines: each one that found something, and in one line those that cannot decide yet. */
export function describeViolations(violations: PolicyViolation[]): string[] {
  const advice = violations.filter(({ message }) => !undecided.test(message));
  const waiting = violations.filter(({ message }) => undecided.test(message));
  const lines = advice.map(
    ({ policy, resource, message }) => `policy ${policy} advises on ${resource}: ${message}`,
  );
  if (waiting.length === 0) return lines;
  const names = [...new Set(waiting.map(({ policy }) => policy))].sort();
  return [
    ...lines,
    `${waiting.length} checks wait for values that are known only after an up, when they run again: ${names.join(", ")}`,
  ];
}
