import { definitions } from "../../policies/pack";
import { casesByPolicy } from "./cases";
import type { FailingCase, UnknownCase } from "./support/fixture";
import { type Outcome, runPolicy } from "./support/run-policy";

/** Expects exactly these violations, each told as resource, what was found, what is required, way out. */
function expectViolations(outcome: Outcome, expected: FailingCase["violations"]): void {
  expect(outcome.violations.map(({ name }) => name)).toEqual(expected.map(([name]) => name));
  outcome.violations.forEach(({ name, message }, index) => {
    expect(message).toContain(expected[index]?.[1]);
    expect(message).toMatch(new RegExp(`^\\w+ "${name}" .+; .+; .+[^.]\\.$`));
  });
}

test("every policy has cases, and no cases are left of a policy that is gone", () => {
  expect(Object.keys(casesByPolicy).sort()).toEqual(definitions.map(({ details }) => details.id).sort());
});

describe.each(definitions.map((definition) => [definition.details.id, definition] as const))(
  "%s",
  (id, definition) => {
    const cases = casesByPolicy[id]!;

    test.each(cases.passing.map((testCase) => [testCase.it, testCase] as const))(
      "accepts what %s",
      async (_, testCase) => {
        const outcome = await runPolicy(definition, testCase);
        expect(outcome).toEqual({ applicable: true, violations: [] });
      },
    );

    test.each(cases.failing.map((testCase) => [testCase.it, testCase] as const))(
      "refuses what %s",
      async (_, testCase) => {
        expectViolations(await runPolicy(definition, testCase), testCase.violations);
      },
    );

    test.each(cases.unknown.map((testCase) => [testCase.it, testCase] as const))(
      "says that it cannot decide what %s",
      async (_, testCase: UnknownCase) => {
        const outcome = await runPolicy(definition, testCase);
        expectViolations(outcome, testCase.violations ?? []);
        expect(outcome.undecided).toMatch(/^undecided for .*can't be known during preview/);
        for (const place of testCase.undecided) expect(outcome.undecided).toContain(place);
      },
    );

    test.each(cases.notApplicable.map((testCase) => [testCase.it, testCase] as const))(
      "does not apply to what %s",
      async (_, testCase) => {
        expect(await runPolicy(definition, testCase)).toEqual({ applicable: false, violations: [] });
      },
    );
  },
);
