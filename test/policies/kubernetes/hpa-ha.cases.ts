import { type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { deployment } from "../support/workloads";

const autoscaler = (
  spec: Record<string, unknown>,
  namespace = "models",
  computedFrom: Record<string, string[]> = {},
) =>
  resource(
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    "scaler",
    {
      metadata: { namespace },
      spec: { scaleTargetRef: { name: "server" }, minReplicas: 3, maxReplicas: 10, ...spec },
    },
    { computedFrom },
  );
const workload = deployment({});

export const hpaHaCases: PolicyCases = {
  passing: [
    { it: "scales from three to ten", resources: [workload, autoscaler({})] },
    { it: "scales from one in dev", resources: [workload, autoscaler({ minReplicas: 1 })], stack: "dev" },
    {
      it: "is joined by dependency before the name is known",
      resources: [
        workload,
        autoscaler({ scaleTargetRef: { name: unknown } }, "models", { spec: ["server"] }),
      ],
    },
  ],
  failing: [
    {
      it: "may go down to one",
      resources: [workload, autoscaler({ minReplicas: 1 })],
      violations: [["scaler", "scale down to 1"]],
    },
    {
      it: "says no minimum",
      resources: [workload, autoscaler({ minReplicas: undefined })],
      violations: [["scaler", "scale down to 1"]],
    },
    {
      it: "has no room",
      resources: [workload, autoscaler({ maxReplicas: 3 })],
      violations: [["scaler", "maximum of 3 and a minimum of 3"]],
    },
    { it: "scales nothing", resources: [autoscaler({})], violations: [["scaler", "does not have"]] },
    {
      it: "is in another namespace",
      resources: [workload, autoscaler({}, "other")],
      violations: [["scaler", "does not have"]],
    },
  ],
  unknown: [
    {
      it: "has a minimum that is not known",
      resources: [workload, autoscaler({ minReplicas: unknown })],
      undecided: ["scaler"],
    },
    {
      it: "is on a cluster that does not exist yet",
      resources: [
        { ...workload, props: {} },
        { ...autoscaler({}), props: {} },
      ],
      undecided: ["scaler"],
    },
  ],
  notApplicable: [{ it: "has no autoscaler", resources: [unrelated, workload] }],
};
