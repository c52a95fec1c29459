import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import { Role } from "@pulumi/kubernetes/rbac/v1/role";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding";

import { promoterGroup } from "../contracts/promoter-group";
import { modelMetadata, ModelPlace, modelSelector } from "./model-place";

/** How many replicas run, and how many must stay. */
export interface AvailabilitySpec {
  minimumReplicas: number;
  maximumReplicas: number;
  targetCpuPercent: number;
  scaleDownStabilizationSeconds: number;
  minimumAvailable: number;
}

/** Creates the autoscaler, which owns the number of replicas, and the budget that a drained node must respect. */
export function createAvailability(place: ModelPlace, deployment: Deployment, spec: AvailabilitySpec): void {
  new HorizontalPodAutoscaler(
    place.name,
    {
      metadata: modelMetadata(place),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
        minReplicas: spec.minimumReplicas,
        maxReplicas: spec.maximumReplicas,
        metrics: [
          {
            type: "Resource",
            resource: {
              name: "cpu",
              target: { type: "Utilization", averageUtilization: spec.targetCpuPercent },
            },
          },
        ],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            policies: [{ type: "Percent", value: 100, periodSeconds: 60 }],
          },
          scaleDown: {
            stabilizationWindowSeconds: spec.scaleDownStabilizationSeconds,
            policies: [{ type: "Percent", value: 50, periodSeconds: 60 }],
          },
        },
      },
    },
    { parent: place.parent },
  );
  new PodDisruptionBudget(
    place.name,
    {
      metadata: modelMetadata(place),
      spec: {
        minAvailable: spec.minimumAvailable,
        selector: { matchLabels: modelSelector(place.modelName) },
      },
    },
    { parent: place.parent },
  );
}

/** Lets the promoter of this model change this deployment and nothing else. */
export function createPromoterAccess(place: ModelPlace, deployment: Deployment): void {
  const role = new Role(
    `${place.name}-promoter`,
    {
      metadata: modelMetadata(place, "-promoter"),
      rules: [
        {
          apiGroups: ["apps"],
          resources: ["deployments"],
          resourceNames: [deployment.metadata.name],
          verbs: ["get", "patch"],
        },
      ],
    },
    { parent: place.parent },
  );
  new RoleBinding(
    `${place.name}-promoter`,
    {
      metadata: modelMetadata(place, "-promoter"),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [
        { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: promoterGroup(place.modelName) },
      ],
    },
    { parent: place.parent },
  );
}
