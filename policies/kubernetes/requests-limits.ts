import { isGiven, keysAt, valueAt } from "../shared/read";
import { kubernetes } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { containersOf } from "../shared/workload";

const needed = [
  ["requests", "cpu"],
  ["requests", "memory"],
  ["limits", "memory"],
] as const;

/** Devices such as GPUs cannot be overcommitted: the request must equal the limit. */
function unequalDevices(resources: unknown): string[] {
  const devices = keysAt(resources, "requests").filter((name) => name.includes("/"));
  return devices.filter(
    (name) => valueAt(resources, "requests", name) !== valueAt(resources, "limits", name),
  );
}

export const requestsLimits = resourcePolicy({
  id: "requests-limits",
  description:
    "Containers request CPU and memory and limit their memory; GPUs are requested as they are limited.",
  severity: "high",
  pillar: "reliability",
  sources: ["CKV_K8S_10", "CKV_K8S_11", "CKV_K8S_12", "CKV_K8S_13"],
  url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  remediationSteps:
    "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory on every container. An autoscaler on CPU computes its share from the request.",
  types: kubernetes.workloads,
  check: ({ type, props, report, part }) => {
    for (const { name, body } of containersOf(type, props)) {
      part(`container ${name}`, () => {
        const missing = needed
          .filter((path) => !isGiven(body, "resources", ...path))
          .map((path) => path.join("."));
        const wayOut = `set them in resources of the container`;
        if (missing.length > 0) {
          const required = "every container must request CPU and memory and limit its memory";
          report({ found: `has the container "${name}" without ${missing.join(", ")}`, required, wayOut });
        }
        const unequal = unequalDevices(valueAt(body, "resources"));
        if (unequal.length === 0) return;
        report({
          found: `has the container "${name}" with a request of ${unequal.join(", ")} that differs from its limit`,
          required: "devices must be requested as they are limited",
          wayOut: "set request and limit to the same number",
        });
      });
    }
  },
});
