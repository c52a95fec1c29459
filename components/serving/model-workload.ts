import type { types } from "@pulumi/kubernetes";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import * as pulumi from "@pulumi/pulumi";

import type { ModelIdentity } from "./model-identity";
import { modelLabels, modelMetadata, ModelPlace, modelSelector } from "./model-place";

/** What runs in a replica of the model. */
export interface WorkloadSpec {
  image: pulumi.Input<string>;
  port: number;
  requests: { cpu: pulumi.Input<string>; memory: pulumi.Input<string> };
  limits: { cpu: pulumi.Input<string>; memory: pulumi.Input<string> };
  capturesBucketName: pulumi.Input<string>;
  environment: Record<string, pulumi.Input<string>>;
}

/** The promoter finds the container by this name. */
const containerName = "model-server";

/** Any user but root; images that insist on another one fail here and not in an attack. */
const userId = 10001;

/**
 * There is no model to serve before the first approval, so Pulumi must not wait for ready pods; the promoter
 * watches each rollout.
 */
const skipAwait = { "pulumi.com/skipAwait": "true" };

/** Creates the Deployment, without `replicas`, and the Service in front of it. */
export function createWorkload(
  place: ModelPlace,
  identity: ModelIdentity,
  spec: WorkloadSpec,
): { deployment: Deployment; service: Service } {
  const deployment = new Deployment(
    place.name,
    {
      metadata: { ...modelMetadata(place), annotations: skipAwait },
      spec: {
        selector: { matchLabels: modelSelector(place.modelName) },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        revisionHistoryLimit: 10,
        template: {
          metadata: { labels: modelLabels(place.modelName) },
          spec: podSpec(place, identity, spec),
        },
      },
    },
    // Credentials are injected when a pod starts; a pod that starts before the association has none.
    { parent: place.parent, dependsOn: identity.association },
  );
  const service = new Service(
    place.name,
    {
      metadata: { ...modelMetadata(place), annotations: skipAwait },
      spec: {
        type: "ClusterIP",
        selector: modelSelector(place.modelName),
        ports: [{ name: "http", port: spec.port, targetPort: "http", protocol: "TCP" }],
      },
    },
    { parent: place.parent },
  );
  return { deployment, service };
}

function podSpec(
  place: ModelPlace,
  identity: ModelIdentity,
  spec: WorkloadSpec,
): types.input.core.v1.PodSpec {
  const spread = (topologyKey: string): types.input.core.v1.TopologySpreadConstraint => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: modelSelector(place.modelName) },
  });
  return {
    serviceAccountName: identity.serviceAccount.metadata.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: [spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname")],
    containers: [container(place.modelName, spec)],
    // The root file system is read-only: the model is unpacked here.
    volumes: [
      { name: "models", emptyDir: { sizeLimit: "2Gi" } },
      { name: "temporary", emptyDir: { sizeLimit: "256Mi" } },
    ],
  };
}

function container(modelName: string, spec: WorkloadSpec): types.input.core.v1.Container {
  const health = { httpGet: { path: "/health", port: "http" } };
  const variables = {
    MODEL_NAME: modelName,
    MODEL_DIRECTORY: "/models",
    PORT: String(spec.port),
    CAPTURE_BUCKET: spec.capturesBucketName,
    CAPTURE_PREFIX: `${modelName}/`,
    ...spec.environment,
  };
  return {
    name: containerName,
    image: spec.image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: spec.port, protocol: "TCP" }],
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    resources: { requests: { ...spec.requests }, limits: { ...spec.limits } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    // Five minutes to fetch and load a model; only then do the other two probes begin.
    startupProbe: { ...health, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...health, periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 2 },
    livenessProbe: { ...health, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
    // Load balancers go on sending for some seconds after a pod was told to end.
    lifecycle: { preStop: { sleep: { seconds: 10 } } },
    volumeMounts: [
      { name: "models", mountPath: "/models" },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
}
