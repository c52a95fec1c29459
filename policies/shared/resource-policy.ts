import type { ResourceValidationArgs } from "@pulumi/policy";

import {
  type PolicyDefinition,
  type PolicyDetails,
  sdkMetadata,
  sentence,
  type Violation,
} from "./definition";
import { resolveEnvironment } from "./environment";
import { valueAt } from "./read";
import { Settings } from "./settings";
import { Undecided } from "./undecided";

/** What a rule gets to see of one resource. */
export interface ResourceCheck {
  type: string;
  name: string;
  /** The inputs; read them with the functions of `read.ts`. */
  props: Record<string, unknown>;
  /** Whether the resource is protected from deletion. */
  isProtected: boolean;
  /** Inputs of the resource's provider, where the engine tells them. */
  providerProps: Record<string, unknown>;
  settings: Settings;
  report(violation: Violation): void;
  /** Runs a part of the check, so that an unknown value in it does not end the other parts. */
  part(place: string, check: () => void): void;
}

/** A rule on one resource at a time. */
export interface ResourceRule extends PolicyDetails {
  /** Type tokens that the rule applies to. */
  types: readonly string[];
  check(resource: ResourceCheck): void;
  /** Changed inputs, or undefined when nothing is to change; runs only at the level `remediate`. */
  remediate?(props: Record<string, unknown>): Record<string, unknown> | undefined;
}

function inspect(rule: ResourceRule, args: ResourceValidationArgs, report: (message: string) => void): void {
  const undecided = new Undecided();
  const configured = args.getConfig<Record<string, unknown>>();
  const check: ResourceCheck = {
    type: args.type,
    name: args.name,
    props: args.props,
    isProtected: args.opts.protect,
    providerProps: args.provider?.props ?? {},
    settings: new Settings(
      rule,
      configured,
      resolveEnvironment(valueAt(configured, "environment"), args.urn),
    ),
    report: (violation) => report(sentence(args.type, args.name, violation)),
    part: (place, part) => undecided.attempt(place, part),
  };
  undecided.attempt(`"${args.name}"`, () => rule.check(check));
  undecided.settle();
}

/** Makes a policy that looks at each resource by itself, before it is created or changed. */
export function resourcePolicy(rule: ResourceRule): PolicyDefinition {
  const applies = (args: ResourceValidationArgs): void => {
    if (!rule.types.includes(args.type)) args.notApplicable(`applies to ${rule.types.join(", ")}`);
  };
  const { remediate } = rule;
  return {
    details: rule,
    policy: {
      ...sdkMetadata(rule),
      validateResource: (args, report) => {
        applies(args);
        inspect(rule, args, report);
      },
      ...(remediate === undefined
        ? {}
        : {
            remediateResource: (args) => {
              applies(args);
              return remediate(args.props);
            },
          }),
    },
  };
}
