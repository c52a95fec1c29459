/** Resources as the engine hands them to policies. */
export interface Fixture {
  type: string;
  name: string;
  props: Record<string, unknown>;
  protect?: boolean;
  /** Names of the resources that a property was computed from. */
  computedFrom?: Record<string, string[]>;
  /** Inputs of the resource's provider. */
  providerProps?: Record<string, unknown>;
}

/** What stands in for a value that preview does not know; the SDK's own mark. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Case {
  /** What is special about the case. */
  it: string;
  resources: Fixture[];
  /** Settings of the policy. */
  config?: Record<string, unknown>;
  /** Stack that the URNs name. @default prod */
  stack?: string;
}

export interface FailingCase extends Case {
  /** The exact violations: name of the resource and a part of the sentence. */
  violations: [name: string, found: string][];
}

export interface UnknownCase extends Case {
  /** Names of the resources that the notice must speak of. */
  undecided: string[];
  /** Violations that are reported all the same. */
  violations?: [name: string, found: string][];
}

/** The cases of one policy, run directly and through the engine. */
export interface PolicyCases {
  passing: [Case, ...Case[]];
  failing: [FailingCase, ...FailingCase[]];
  unknown: [UnknownCase, ...UnknownCase[]];
  notApplicable: [Case, ...Case[]];
}

/** A resource of a fixture. */
export function resource(
  type: string,
  name: string,
  props: Record<string, unknown>,
  more: Omit<Fixture, "type" | "name" | "props"> = {},
): Fixture {
  return { type, name, props, ...more };
}

/** A case about one resource. */
export function one(it: string, fixture: Fixture, more: Omit<Case, "it" | "resources"> = {}): Case {
  return { it, resources: [fixture], ...more };
}

/** The URN of a fixture. */
export function urnOf({ type, name }: Pick<Fixture, "type" | "name">, stack = "prod"): string {
  return `urn:pulumi:${stack}::platform::${type}::${name}`;
}

/** A resource that no policy of the pack looks at. */
export const unrelated = resource("aws:ssm/parameter:Parameter", "unrelated", { value: "1" });
