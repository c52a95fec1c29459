import fc from "fast-check";

import { definitions } from "../../policies/pack";
import { parsed } from "../../policies/shared/read";
import { casesByPolicy } from "./cases";
import { type Case, type Fixture, type PolicyCases, unknown } from "./support/fixture";
import { runPolicy, runRemediation } from "./support/run-policy";

const runs = 500;

function allCases(cases: PolicyCases): Case[] {
  return [...cases.passing, ...cases.failing, ...cases.unknown, ...cases.notApplicable];
}

/** Every property name that the cases of a policy use, also inside JSON texts. */
function namesIn(value: unknown): string[] {
  if (typeof value === "string" && /^[{[]/.test(value)) return namesIn(parsed(value));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...namesIn(inner),
  ]);
}

/** Values of any shape, whose property names are often those that the policy reads. */
function anything(names: string[]): fc.Arbitrary<unknown> {
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constantFrom("constructor", "toString", "length", "__proto__", "then") },
  );
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(
        unknown,
        null,
        undefined,
        true,
        false,
        0,
        -1,
        Number.NaN,
        "",
        "*",
        "true",
        "{",
        "Task",
        "Choice",
      ),
      fc.string(),
      fc.dictionary(name, tie("value"), { maxKeys: 5 }),
      fc.array(tie("value"), { maxLength: 3 }),
      tie("value").map((value) => JSON.stringify(value) ?? ""),
    ),
  })).value;
}

/** Copies a value with another one put at a random place in it. */
function withFault(value: unknown, steps: number[], fault: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== "object" || value === null) return fault;
  const keys = Object.keys(value);
  const key = keys[step % keys.length];
  if (key === undefined) return fault;
  const changed = withFault((value as Record<string, unknown>)[key], rest, fault);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === key ? changed : item));
  return { ...value, [key]: changed };
}

function asProps(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : { value };
}

describe.each(definitions.map((definition) => [definition.details.id, definition] as const))(
  "%s",
  (id, definition) => {
    const cases = allCases(casesByPolicy[id]!);
    const names = [
      ...new Set(cases.flatMap(({ resources }) => resources.flatMap(({ props }) => namesIn(props)))),
    ];
    const types = [...new Set(cases.flatMap(({ resources }) => resources.map(({ type }) => type)))];
    const value = anything(names);
    const fixture: fc.Arbitrary<Fixture> = fc.record({
      type: fc.constantFrom(...types),
      name: fc.constantFrom("a", "b", "c"),
      props: value.map(asProps),
      protect: fc.boolean(),
      computedFrom: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(["a"], ["b", "c"]), {
        maxKeys: 3,
      }),
      providerProps: value.map(asProps),
    });

    test("survives properties of any shape", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fixture, { minLength: 1, maxLength: 4 }), async (resources) => {
          await runPolicy(definition, { it: "any", resources });
        }),
        { numRuns: runs },
      );
    });

    test("survives one wrong value in resources that are right otherwise", async () => {
      const steps = fc.array(fc.nat(20), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...cases), steps, value, async (testCase, path, fault) => {
          const resources = testCase.resources.map((resource) => ({
            ...resource,
            props: asProps(withFault(resource.props, path, fault)),
          }));
          await runPolicy(definition, { ...testCase, resources });
        }),
        { numRuns: runs },
      );
    });

    if ("remediateResource" in definition.policy) {
      test("survives properties of any shape when it remediates", async () => {
        const applicable = fixture.filter(({ type }) => type !== "aws:ssm/parameter:Parameter");
        await fc.assert(
          fc.asyncProperty(applicable, async (resource) => {
            await runRemediation(definition, resource);
          }),
          { numRuns: runs },
        );
      });
    }
  },
);
