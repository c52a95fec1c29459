import { flagAt, isUnknownValueError, keysAt, listAt, textAt, textsAt, valueAt } from "../shared/read";
import { kubernetes } from "../shared/resource-types";
import { type ResourceCheck, resourcePolicy } from "../shared/resource-policy";
import { podSecurityStandard } from "../shared/standards";
import { type Container, containersOf, podTemplateOf } from "../shared/workload";

const label = "pod-security.kubernetes.io/enforce";
const volumeKinds = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const seccompProfiles = ["RuntimeDefault", "Localhost"];

/** What the restricted standard asks of one container, given what its pod says. */
function containerFaults({ body }: Container, podSpec: unknown): string[] {
  const own = valueAt(body, "securityContext");
  const pod = valueAt(podSpec, "securityContext");
  const nonRoot = flagAt(own, "runAsNonRoot") ?? flagAt(pod, "runAsNonRoot");
  const seccomp = textAt(own, "seccompProfile", "type") ?? textAt(pod, "seccompProfile", "type") ?? "";
  const added = textsAt(own, "capabilities", "add").filter((capability) => capability !== "NET_BIND_SERVICE");
  return [
    ...(nonRoot === true ? [] : ["without runAsNonRoot"]),
    ...(flagAt(own, "allowPrivilegeEscalation") === false ? [] : ["without allowPrivilegeEscalation false"]),
    ...(textsAt(own, "capabilities", "drop").includes("ALL") ? [] : ["without dropping ALL capabilities"]),
    ...(added.length === 0 ? [] : [`with the capabilities ${added.join(", ")}`]),
    ...(seccompProfiles.includes(seccomp) ? [] : ["without the seccomp profile RuntimeDefault"]),
    ...(flagAt(own, "privileged") === true ? ["with all privileges"] : []),
  ];
}

/** Whether a namespace belongs to the cluster itself; one whose name is computed from a resource does not. */
function isExempt({ settings }: ResourceCheck, readName: () => string | undefined): boolean {
  try {
    return settings.get<string[]>("exemptNamespaces").includes(readName() ?? "default");
  } catch (error) {
    if (isUnknownValueError(error)) return false;
    throw error;
  }
}

function checkNamespace(resource: ResourceCheck): void {
  const { props, report } = resource;
  if (isExempt(resource, () => textAt(props, "metadata", "name"))) return;
  const level = valueAt(props, "metadata", "labels", label);
  if (level === "restricted") return;
  report({
    found: `enforces ${typeof level === "string" ? `the standard ${level}` : "no Pod Security Standard"}`,
    required: "a namespace must enforce the restricted standard",
    wayOut: `set the label ${label} to restricted`,
  });
}

function checkWorkload(resource: ResourceCheck): void {
  const { type, props, report, part } = resource;
  if (isExempt(resource, () => textAt(props, "metadata", "namespace"))) return;
  const spec = valueAt(podTemplateOf(type, props), "spec");
  const required = "its pods must meet the restricted Pod Security Standard";
  part("volumes", () => {
    for (const volume of listAt(spec, "volumes")) {
      const kinds = keysAt(volume);
      const refused = kinds.filter((kind) => kind !== "name" && !volumeKinds.includes(kind));
      if (refused.length === 0) continue;
      const wayOut = `use one of ${volumeKinds.join(", ")}`;
      report({ found: `mounts a volume of the kind ${refused.join(", ")}`, required, wayOut });
    }
  });
  part("host", () => {
    const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => flagAt(spec, key) === true);
    if (shared.length === 0) return;
    report({
      found: `shares ${shared.join(", ")} with its node`,
      required,
      wayOut: `remove ${shared.join(", ")}`,
    });
  });
  for (const container of containersOf(type, props)) {
    part(`container ${container.name}`, () => {
      const faults = containerFaults(container, spec);
      if (faults.length === 0) return;
      const wayOut = "correct the securityContext of the container or of its pod";
      report({ found: `has the container "${container.name}" ${faults.join(", ")}`, required, wayOut });
    });
  }
}

export const pssRestricted = resourcePolicy({
  id: "pss-restricted",
  description: "Namespaces enforce, and pods meet, the restricted Pod Security Standard.",
  severity: "high",
  pillar: "security",
  framework: podSecurityStandard(
    "Restricted",
    "Heavily restricted, following current Pod hardening best practices",
  ),
  sources: ["CKV_K8S_20", "CKV_K8S_23", "CKV_K8S_28", "CKV_K8S_29", "CKV_K8S_30", "CKV_K8S_31", "CKV_K8S_37"],
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
  remediationSteps: `Set the label ${label}: restricted on the namespace; in the pods set runAsNonRoot, seccompProfile RuntimeDefault, allowPrivilegeEscalation false and capabilities.drop ALL.`,
  config: {
    exemptNamespaces: {
      type: "array",
      items: { type: "string" },
      default: ["kube-system", "kube-public", "kube-node-lease"],
      description: "Namespaces of the cluster's own parts, which need more rights.",
    },
  },
  types: [kubernetes.namespace, ...kubernetes.workloads],
  check: (resource) =>
    resource.type === kubernetes.namespace ? checkNamespace(resource) : checkWorkload(resource),
});
