import type {
  EnforcementLevel,
  PolicyComplianceFramework,
  ResourceValidationPolicy,
  Severity,
} from "@pulumi/policy";
import type { StackValidationPolicy } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";

import type { Environment, PerEnvironment } from "./environment";

/** The pillars of the AWS Well-Architected Framework, by which policies are grouped. */
export type Pillar = "security" | "reliability" | "cost" | "operations";

/** What every policy says about itself. */
export interface PolicyDetails {
  /** Name under which the policy is configured, in kebab case. */
  id: string;
  /** The rule in one sentence. */
  description: string;
  severity: Severity;
  /** What the rule serves. */
  pillar: Pillar;
  /** Enforcement level where it is not mandatory everywhere. */
  levels?: Partial<PerEnvironment<EnforcementLevel>>;
  /** The control of a published standard that the rule implements; none where no standard has it. */
  framework?: PolicyComplianceFramework;
  /** Further checks and regulations that ask for the same. */
  sources: string[];
  /** Page that explains the property. */
  url: string;
  /** How to get from a violation to a passing resource. */
  remediationSteps: string;
  /** Settings, each with a default. `environment` is added to every policy. */
  config?: Record<string, PolicyConfigJSONSchema>;
}

/** A policy of the pack: what it says about itself, and what the engine runs. */
export interface PolicyDefinition {
  details: PolicyDetails;
  policy: ResourceValidationPolicy | StackValidationPolicy;
}

/** The four parts of which every message is made. */
export interface Violation {
  /** What was found, continuing the resource's name: `has no default encryption`. */
  found: string;
  /** What is required, as a clause of its own. */
  required: string;
  /** The way out, as an instruction. */
  wayOut: string;
}

/** The level of a policy in an environment. */
export function levelIn(details: PolicyDetails, environment: Environment): EnforcementLevel {
  return details.levels?.[environment] ?? "mandatory";
}

/** The sentence of a violation: resource, what was found, what is required, way out. */
export function sentence(type: string, name: string, { found, required, wayOut }: Violation): string {
  const kind = type.split(":").at(-1) ?? type;
  return `${kind} "${name}" ${found}; ${required}; ${wayOut}.`;
}

/** The metadata in the words of the SDK. The level is set when the pack starts, because it needs the environment. */
export function sdkMetadata(details: PolicyDetails) {
  return {
    name: details.id,
    description: details.description,
    severity: details.severity,
    url: details.url,
    remediationSteps: details.remediationSteps,
    tags: [`pillar:${details.pillar}`, ...details.sources.map((source) => `source:${source}`)],
    configSchema: {
      properties: {
        environment: {
          type: "string" as const,
          enum: ["local", "dev", "staging", "prod"],
          description: "Environment whose rules apply; without it the stack's name decides.",
        },
        ...details.config,
      },
    },
    ...(details.framework === undefined ? {} : { framework: details.framework }),
  };
}
