import { type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { deployment } from "../support/workloads";

const both = ["Ingress", "Egress"];
const policy = (spec: object, namespace: unknown = "models", computedFrom: Record<string, string[]> = {}) =>
  resource(
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "rules",
    { metadata: { namespace }, spec },
    { computedFrom },
  );
const selected = { podSelector: { matchLabels: { app: "server" } }, policyTypes: both };
const expression = (operator: string, key: string, values?: string[]) => ({
  podSelector: { matchExpressions: [{ key, operator, values }] },
  policyTypes: both,
});
const workload = deployment({});
const lateWorkload = {
  ...deployment({}, { app: "server" }, { namespace: unknown }),
  computedFrom: { metadata: ["models"] },
};
const namespace = resource("kubernetes:core/v1:Namespace", "models", { metadata: { name: unknown } });

export const netpolCases: PolicyCases = {
  passing: [
    { it: "is selected by its labels", resources: [workload, policy(selected)] },
    {
      it: "is selected with everything",
      resources: [workload, policy({ podSelector: {}, policyTypes: both })],
    },
    { it: "is selected by In", resources: [workload, policy(expression("In", "app", ["server"]))] },
    { it: "is selected by NotIn", resources: [workload, policy(expression("NotIn", "app", ["other"]))] },
    { it: "is selected by Exists", resources: [workload, policy(expression("Exists", "app"))] },
    { it: "is selected by DoesNotExist", resources: [workload, policy(expression("DoesNotExist", "tier"))] },
    {
      it: "may reach one port",
      resources: [workload, policy({ podSelector: {}, egress: [{ ports: [{ port: 443 }] }] })],
    },
    {
      it: "is joined through the namespace before its name is known",
      resources: [namespace, lateWorkload, policy(selected, unknown, { metadata: ["models"] })],
    },
  ],
  failing: [
    {
      it: "has no policy",
      resources: [workload],
      violations: [["server", "Ingress and Egress no NetworkPolicy"]],
    },
    {
      it: "has a policy in another namespace",
      resources: [workload, policy(selected, "other")],
      violations: [["server", "Ingress and Egress"]],
    },
    {
      it: "has a policy for other pods",
      resources: [workload, policy(expression("In", "app", ["other"]))],
      violations: [["server", "Ingress and Egress"]],
    },
    {
      it: "rules only what comes in",
      resources: [workload, policy({ podSelector: {}, ingress: [] })],
      violations: [["server", "Egress no NetworkPolicy"]],
    },
    {
      it: "may send anywhere",
      resources: [workload, policy({ ...selected, egress: [{}] })],
      violations: [["server", 'send anywhere, by the NetworkPolicy "rules"']],
    },
  ],
  unknown: [
    {
      it: "has a selector that is not known",
      resources: [workload, policy({ podSelector: unknown, policyTypes: both })],
      undecided: ["server"],
    },
    {
      it: "has a namespace that nobody in the stack makes",
      resources: [deployment({}, { app: "server" }, { namespace: unknown }), policy(selected, unknown)],
      undecided: ["server"],
    },
    {
      it: "is on a cluster that does not exist yet",
      resources: [
        { ...workload, props: {} },
        { ...policy(selected), props: {} },
      ],
      undecided: ["server"],
    },
  ],
  notApplicable: [{ it: "has no pods", resources: [unrelated] }],
};
