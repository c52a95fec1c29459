import type { PolicyResource } from "@pulumi/policy";

import { inSameNamespace } from "../shared/join";
import { entriesAt, listAt, textAt, textsAt, valueAt } from "../shared/read";
import { kubernetes } from "../shared/resource-types";
import { type StackCheck, stackPolicy } from "../shared/stack-policy";
import { podTemplateOf } from "../shared/workload";

type Direction = "Ingress" | "Egress";

/** Whether a label selector matches labels; expressions other than these four exist in no version of Kubernetes. */
function selects(selector: unknown, labels: ReadonlyMap<string, unknown>): boolean {
  const byLabel = entriesAt(selector, "matchLabels").every(([key, value]) => labels.get(key) === value);
  const byExpression = listAt(selector, "matchExpressions").every((expression) => {
    const key = textAt(expression, "key") ?? "";
    const isListed = textsAt(expression, "values").some((value) => value === labels.get(key));
    switch (textAt(expression, "operator")) {
      case "In":
        return isListed;
      case "NotIn":
        return !isListed;
      case "Exists":
        return labels.has(key);
      case "DoesNotExist":
        return !labels.has(key);
      default:
        return false;
    }
  });
  return byLabel && byExpression;
}

/** Whether a policy rules traffic in a direction; without policyTypes it rules egress only when it has egress rules. */
function rules({ props }: PolicyResource, direction: Direction): boolean {
  const types = textsAt(props, "spec", "policyTypes");
  if (types.length > 0) return types.includes(direction);
  return direction === "Ingress" || valueAt(props, "spec", "egress") !== undefined;
}

/** An egress rule without `to` and without `ports` lets everything out. */
function letsEverythingOut({ props }: PolicyResource): boolean {
  const isOpen = (rule: unknown) => listAt(rule, "to").length === 0 && listAt(rule, "ports").length === 0;
  return listAt(props, "spec", "egress").some(isOpen);
}

function checkWorkload(workload: PolicyResource, { resources, report }: StackCheck): void {
  const template = podTemplateOf(workload.type, workload.props);
  const labels = new Map(entriesAt(template, "metadata", "labels"));
  const policies = resources.filter(
    (policy) =>
      policy.type === kubernetes.networkPolicy &&
      inSameNamespace(policy, workload) &&
      selects(valueAt(policy.props, "spec", "podSelector"), labels),
  );
  const open = (["Ingress", "Egress"] as const).filter(
    (way) => !policies.some((policy) => rules(policy, way)),
  );
  if (open.length > 0) {
    report(workload, {
      found: `has pods whose ${open.join(" and ")} no NetworkPolicy rules`,
      required: "every pod must be selected by NetworkPolicies for Ingress and Egress",
      wayOut: "add a NetworkPolicy in its namespace with a podSelector that matches the pods' labels",
    });
  }
  const wide = policies.filter(letsEverythingOut);
  if (wide.length === 0) return;
  report(workload, {
    found: `may send anywhere, by the NetworkPolicy ${wide.map(({ name }) => `"${name}"`).join(", ")}`,
    required: "egress must be bounded",
    wayOut: "name peers or ports in each egress rule",
  });
}

export const netpol = stackPolicy({
  id: "netpol",
  description: "Pods receive and send only what NetworkPolicies allow, and egress is bounded.",
  severity: "high",
  pillar: "security",
  sources: ["CKV2_K8S_6", "kube-linter non-isolated-pod", "kubescape C-0030"],
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  remediationSteps:
    "Add a NetworkPolicy with policyTypes Ingress and Egress whose podSelector matches the pods, and allow only the peers and ports that they need.",
  types: kubernetes.workloads,
  check: checkWorkload,
});
