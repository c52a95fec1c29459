import * as sdk from "@pulumi/policy";
import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import type { PolicyDefinition } from "../../../policies/shared/definition";
import { isUnknownValueError } from "../../../policies/shared/read";
import { type Case, type Fixture, urnOf } from "./fixture";

/** The SDK's proxy around properties, which it exports without a type. */
const { unknownCheckingProxy } = sdk as unknown as {
  unknownCheckingProxy: <T extends object>(props: T) => T;
};

class NotApplicable extends Error {}

export interface Outcome {
  violations: { name: string; message: string }[];
  /** Notice about what could not be decided. */
  undecided?: string;
  applicable: boolean;
}

const notApplicable = (): never => {
  throw new NotApplicable();
};

function optionsOf(fixture: Fixture) {
  return {
    protect: fixture.protect ?? false,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
  };
}

function argsOf(fixture: Fixture, stack?: string) {
  return {
    type: fixture.type,
    name: fixture.name,
    urn: urnOf(fixture, stack),
    props: unknownCheckingProxy(fixture.props),
    opts: optionsOf(fixture),
    isType: () => false,
    asType: () => undefined,
    ...(fixture.providerProps === undefined
      ? {}
      : {
          provider: {
            type: "pulumi:providers:aws",
            name: "aws",
            urn: "urn:pulumi:prod::platform::pulumi:providers:aws::aws",
            props: unknownCheckingProxy(fixture.providerProps),
          },
        }),
  };
}

function stackResources({ resources, stack }: Case): PolicyResource[] {
  const made: PolicyResource[] = resources.map((fixture) => ({
    ...argsOf(fixture, stack),
    dependencies: [],
    propertyDependencies: {},
  }));
  const named = (names: string[]) => made.filter(({ name }) => names.includes(name));
  made.forEach((target, index) => {
    const computedFrom = resources[index]?.computedFrom ?? {};
    target.propertyDependencies = Object.fromEntries(
      Object.entries(computedFrom).map(([property, names]) => [property, named(names)]),
    );
    target.dependencies = named(Object.values(computedFrom).flat());
  });
  return made;
}

/** Runs one step as the SDK does: its two signals are caught, every other error is a fault of the policy. */
async function attempt(outcome: Outcome, step: () => void | Promise<void>): Promise<void> {
  try {
    await step();
    outcome.applicable = true;
  } catch (error) {
    if (error instanceof NotApplicable) return;
    if (!isUnknownValueError(error)) throw error;
    outcome.applicable = true;
    outcome.undecided = [outcome.undecided, error.message].filter(Boolean).join(" | ");
  }
}

/** Runs a policy on a case. */
export async function runPolicy({ policy }: PolicyDefinition, testCase: Case): Promise<Outcome> {
  const outcome: Outcome = { violations: [], applicable: false };
  const common = {
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>() => (testCase.config ?? {}) as T,
    notApplicable,
  };
  const { validateStack } = policy as Partial<StackValidationPolicy>;
  if (validateStack !== undefined) {
    const resources = stackResources(testCase);
    const report = (message: string, urn?: string) => {
      const name = resources.find((candidate) => candidate.urn === urn)?.name ?? "the stack";
      outcome.violations.push({ name, message });
    };
    await attempt(outcome, () => validateStack({ ...common, resources }, report));
    return outcome;
  }
  const { validateResource } = policy as ResourceValidationPolicy;
  if (typeof validateResource !== "function") throw new Error(`${policy.name} validates nothing`);
  for (const fixture of testCase.resources) {
    const args = { ...common, ...argsOf(fixture, testCase.stack) };
    const report = (message: string) => void outcome.violations.push({ name: fixture.name, message });
    await attempt(outcome, () => validateResource(args, report));
  }
  return outcome;
}

/** Runs the remediation of a policy on inputs. */
export async function runRemediation({ policy }: PolicyDefinition, fixture: Fixture): Promise<unknown> {
  const { remediateResource } = policy as ResourceValidationPolicy;
  if (remediateResource === undefined) throw new Error(`${policy.name} has no remediation`);
  const common = {
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>() => ({}) as T,
    notApplicable,
  };
  return await remediateResource({ ...common, ...argsOf(fixture) });
}
