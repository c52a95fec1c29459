import type { PolicyResource } from "@pulumi/policy";

import { dependsOn, inSameNamespace, objectName } from "../shared/join";
import { isUnknownValueError, numberAt, textAt } from "../shared/read";
import { kubernetes } from "../shared/resource-types";
import { perEnvironment } from "../shared/settings";
import { type StackCheck, stackPolicy } from "../shared/stack-policy";
import { someCertainly } from "../shared/undecided";

/**
 * Whether the autoscaler's target is a workload. While preview does not know the names, only a recorded dependency
 * can say yes.
 * @throws the SDK's UnknownValueError when neither yes nor no can be said
 */
function targets(autoscaler: PolicyResource, workload: PolicyResource): boolean {
  try {
    const target = textAt(autoscaler.props, "spec", "scaleTargetRef", "name");
    return target === objectName(workload) && inSameNamespace(autoscaler, workload);
  } catch (error) {
    if (isUnknownValueError(error) && dependsOn(autoscaler, "spec", workload)) return true;
    throw error;
  }
}

function checkBounds(autoscaler: PolicyResource, { settings, report }: StackCheck): void {
  const minimum = numberAt(autoscaler.props, "spec", "minReplicas") ?? 1;
  const maximum = numberAt(autoscaler.props, "spec", "maxReplicas") ?? 1;
  const lowest = settings.here<number>("minimumReplicas");
  if (minimum < lowest) {
    report(autoscaler, {
      found: `may scale down to ${minimum}`,
      required: `in ${settings.environment} at least ${lowest} replicas must run`,
      wayOut: `set minReplicas to ${lowest} or more`,
    });
  }
  if (maximum > minimum) return;
  report(autoscaler, {
    found: `has a maximum of ${maximum} and a minimum of ${minimum}`,
    required: "an autoscaler must have room to scale",
    wayOut: "set maxReplicas above minReplicas",
  });
}

export const hpaHa = stackPolicy({
  id: "hpa-ha",
  description: "Autoscalers keep enough replicas, have room to scale, and scale a workload that exists.",
  severity: "high",
  pillar: "reliability",
  sources: ["kube-linter hpa-minimum-three-replicas", "kube-linter dangling-horizontalpodautoscaler"],
  url: "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/",
  remediationSteps:
    "Set minReplicas to at least the environment's minimum, maxReplicas above it, and scaleTargetRef to a workload of the stack in the same namespace.",
  config: {
    minimumReplicas: perEnvironment(
      { type: "integer", minimum: 1, description: "Fewest replicas that an autoscaler may keep" },
      { local: 1, dev: 1, staging: 2, prod: 2 },
    ),
  },
  types: [kubernetes.autoscaler],
  check: (autoscaler, stack) => {
    const workloads = stack.resources.filter(({ type }) =>
      (kubernetes.scalable as readonly string[]).includes(type),
    );
    if (!someCertainly(workloads, (workload) => targets(autoscaler, workload))) {
      stack.report(autoscaler, {
        found: "scales a workload that this stack does not have",
        required: "its target must exist in the same namespace",
        wayOut: "point scaleTargetRef at the workload's name",
      });
    }
    checkBounds(autoscaler, stack);
  },
});
