import * as pulumi from "@pulumi/pulumi";

/** The environments whose rules differ, from the loosest to the strictest. */
export const environments = ["local", "dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

/** One value for each environment. */
export type PerEnvironment<T> = Record<Environment, T>;

const words: Record<string, Environment> = {
  local: "local",
  sandbox: "local",
  dev: "dev",
  development: "dev",
  test: "dev",
  stage: "staging",
  staging: "staging",
  preprod: "staging",
  prod: "prod",
  production: "prod",
};

/** The environment that a stack's name speaks of, for example `dev` for `acme/flights/dev-eu`. */
export function environmentOfStack(stack: string): Environment | undefined {
  for (const word of stack.toLowerCase().split(/[^a-z]+/)) {
    const environment = Object.hasOwn(words, word) ? words[word] : undefined;
    if (environment !== undefined) return environment;
  }
  return undefined;
}

function isEnvironment(value: unknown): value is Environment {
  return environments.some((environment) => environment === value);
}

/**
 * The environment of a resource: as configured, else from the name of the running stack, else from the stack in
 * its URN (`pulumi policy analyze --file` calls every stack "stack"). A name that says nothing gets the rules of
 * prod, because a rule that is too strict is noticed and one that is too loose is not.
 */
export function resolveEnvironment(configured: unknown, urn: string): Environment {
  if (isEnvironment(configured)) return configured;
  return environmentOfStack(pulumi.getStack()) ?? environmentOfStack(urn.split("::")[0] ?? "") ?? "prod";
}

/** The environment whose levels a pack starts with, known before the first resource. */
export function environmentAtStart(): Environment {
  return resolveEnvironment(undefined, "");
}
