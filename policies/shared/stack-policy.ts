import type { PolicyResource } from "@pulumi/policy";

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
import { withUnknownProps } from "./unknown-props";

/** What a rule gets to see of a stack. */
export interface StackCheck {
  /** Every resource of the stack, with its outputs. */
  resources: PolicyResource[];
  settings: Settings;
  report(resource: PolicyResource, violation: Violation): void;
}

/** A rule that joins resources of a stack. */
export interface StackRule extends PolicyDetails {
  /** Type tokens of the resources that the rule judges, one after the other. */
  types: readonly string[];
  check(resource: PolicyResource, stack: StackCheck): void;
}

/** Makes a policy that looks at resources together, at the end of a preview or an update. */
export function stackPolicy(rule: StackRule): PolicyDefinition {
  return {
    details: rule,
    policy: {
      ...sdkMetadata(rule),
      validateStack: (args, report) => {
        const resources = withUnknownProps(args.resources);
        const subjects = resources.filter(({ type }) => rule.types.includes(type));
        if (subjects.length === 0) args.notApplicable(`applies to ${rule.types.join(", ")}`);
        const configured = args.getConfig<Record<string, unknown>>();
        const undecided = new Undecided();
        for (const subject of subjects) {
          const environment = resolveEnvironment(valueAt(configured, "environment"), subject.urn);
          const stack: StackCheck = {
            resources,
            settings: new Settings(rule, configured, environment),
            report: ({ type, name, urn }, violation) => report(sentence(type, name, violation), urn),
          };
          undecided.attempt(`"${subject.name}"`, () => rule.check(subject, stack));
        }
        undecided.settle();
      },
    },
  };
}
