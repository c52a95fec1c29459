import { isDeepStrictEqual } from "node:util";
import type { Values } from "../shared/service";

/** Fields that the API server refuses to change, by kind: a change of one replaces the object. */
const immutableByKind: Record<string, string[]> = {
  ClusterRoleBinding: ["roleRef"],
  CSIDriver: ["spec.attachRequired", "spec.volumeLifecycleModes"],
  DaemonSet: ["spec.selector"],
  Deployment: ["spec.selector"],
  Job: ["spec.selector", "spec.template", "spec.completionMode", "spec.podFailurePolicy"],
  PersistentVolumeClaim: [
    "spec.accessModes",
    "spec.storageClassName",
    "spec.volumeName",
    "spec.volumeMode",
    "spec.selector",
  ],
  Pod: [
    "spec.nodeName",
    "spec.serviceAccountName",
    "spec.volumes",
    "spec.restartPolicy",
    "spec.initContainers",
  ],
  PriorityClass: ["value", "preemptionPolicy"],
  ReplicaSet: ["spec.selector"],
  RoleBinding: ["roleRef"],
  RuntimeClass: ["handler"],
  Secret: ["type"],
  Service: ["spec.clusterIP", "spec.clusterIPs"],
  StatefulSet: ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
};

/** Fields of every kind that say which object it is. */
const identity = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/** Paths of changed fields that need a new object. */
export function replacingFields(kind: string, olds: Values, news: Values): string[] {
  const frozen = immutableByKind[kind] ?? [];
  const changed = [...identity, ...frozen].filter(
    (path) => !isDeepStrictEqual(at(olds, path), at(news, path)),
  );
  if (!at(olds, "immutable") || !["ConfigMap", "Secret"].includes(kind)) return changed;
  const contents = ["data", "binaryData", "stringData", "immutable"];
  return [...changed, ...contents.filter((path) => !isDeepStrictEqual(at(olds, path), at(news, path)))];
}

function at(values: Values, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Values | undefined)?.[name], values);
}
