/** Plain properties of a resource: secrets are unwrapped before, and wrapped again after, a provider sees them. */
export type Values = Record<string, unknown>;

/** What the engine says about the resource of a call. */
export interface ResourceCall {
  /** Connection of one configured provider instance; several may share this process. */
  connection: string;
  urn: string;
  /** Pulumi type token. */
  type: string;
  /** Logical name. */
  name: string;
}

/** A problem of one input. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** Outputs of a resource. */
export interface Outputs {
  outputs: Values;
  /** Names of outputs that are secret whatever the inputs are. */
  secretOutputs?: string[];
}

export interface Difference {
  /** True when anything differs. */
  changes: boolean;
  /** Inputs that differ, and how. */
  properties: Record<string, "add" | "update" | "delete">;
  /** Those of them that replace the resource. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

export const noDifference: Difference = {
  changes: false,
  properties: {},
  replaces: [],
  deleteBeforeReplace: false,
};

/** A provider as the engine sees it. Everything but the resource methods is optional. */
export interface ProviderService {
  /** Semantic version, the one of the SDK that the program imports. */
  version: string;
  checkConfig?(inputs: Values): Promise<CheckFailure[]>;
  configure?(connection: string, configuration: Values): Promise<void>;
  check(
    call: ResourceCall & { olds: Values | undefined; news: Values; seed: Uint8Array },
  ): Promise<{ inputs: Values; failures?: CheckFailure[] }>;
  diff(
    call: ResourceCall & { id: string; oldInputs: Values; olds: Values; news: Values },
  ): Promise<Difference>;
  /** In a preview nothing may be made: answer what is known, leave the rest out. */
  create(call: ResourceCall & { inputs: Values; preview: boolean }): Promise<{ id: string } & Outputs>;
  /** Undefined when the resource is gone. */
  read(
    call: ResourceCall & { id: string; inputs: Values | undefined; properties: Values },
  ): Promise<({ id: string; inputs: Values } & Outputs) | undefined>;
  update(call: ResourceCall & { id: string; olds: Values; news: Values; preview: boolean }): Promise<Outputs>;
  delete(call: ResourceCall & { id: string; properties: Values }): Promise<void>;
  invoke(call: { connection: string; token: string; args: Values }): Promise<Values>;
}

/** A resource was made, and could neither be finished nor removed: the engine keeps its id to try again. */
export class HalfCreatedError extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Values,
  ) {
    super(message);
    this.name = "HalfCreatedError";
  }
}
