import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";

import type { PolicyDetails } from "./definition";
import { environments, type Environment, type PerEnvironment } from "./environment";

/** The schema of a setting that has one value for each environment. */
export function perEnvironment(
  schema: PolicyConfigJSONSchema & { description: string },
  defaults: PerEnvironment<number | boolean>,
): PolicyConfigJSONSchema {
  const { description, ...value } = schema;
  return {
    type: "object",
    description: `${description}, by environment`,
    properties: Object.fromEntries(environments.map((environment) => [environment, value])),
    additionalProperties: false,
    default: defaults,
  };
}

/** The settings of one policy run: what the user configured over the defaults of the schema. */
export class Settings {
  constructor(
    private readonly details: PolicyDetails,
    private readonly configured: Record<string, unknown>,
    readonly environment: Environment,
  ) {}

  /** A setting that is the same in every environment. */
  get<T>(name: string): T {
    return (this.configured[name] ?? this.default(name)) as T;
  }

  /** A setting with a value per environment; environments that the user left out keep their default. */
  here<T>(name: string): T {
    const values = {
      ...(this.default(name) as object),
      ...(this.get<object>(name) as Partial<PerEnvironment<T>>),
    };
    return (values as PerEnvironment<T>)[this.environment];
  }

  private default(name: string): unknown {
    const schema = this.details.config?.[name];
    if (schema === undefined) throw new Error(`The policy ${this.details.id} has no setting "${name}".`);
    return schema.default;
  }
}
