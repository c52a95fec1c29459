import { type ApiClient, ApiError } from "./api-client";
import { apiRoot } from "./discovery";
import type { KubernetesObject } from "./kubernetes-object";

/** How long a namespace controller may take before it counts as absent; a running one reacts within milliseconds. */
const controllerMilliseconds = 3_000;

interface GroupList {
  groups: { preferredVersion: { groupVersion: string } }[];
}

interface ResourceList {
  resources: { name: string; namespaced: boolean; verbs: string[] }[];
}

/**
 * Ends namespaces on a cluster without a controller-manager. There a deleted namespace keeps its finalizer
 * "kubernetes" for ever, because only the namespace controller empties it and clears that finalizer; this does both.
 */
export class NamespaceFinalizer {
  constructor(private readonly client: ApiClient) {}

  /** Call it while a deleted namespace is still there. */
  async finish(namespace: KubernetesObject): Promise<void> {
    if (hasController(namespace)) return;
    const deletedAt = Date.parse(namespace.metadata.deletionTimestamp!);
    // The deletion time is cut to seconds.
    if (Date.now() - deletedAt < controllerMilliseconds + 1_000) return;
    const name = namespace.metadata.name!;
    await this.empty(name);
    const body = { ...namespace, spec: { ...(namespace.spec as object), finalizers: [] } };
    await this.ignoreGone(() =>
      this.client.request({ method: "PUT", path: `/api/v1/namespaces/${name}/finalize`, body }),
    );
  }

  private async empty(namespace: string): Promise<void> {
    const { body } = await this.client.request<GroupList>({ method: "GET", path: "/apis" });
    const versions = ["v1", ...body.groups.map((group) => group.preferredVersion.groupVersion)];
    await Promise.all(versions.map((version) => this.emptyOf(version, namespace)));
  }

  private async emptyOf(apiVersion: string, namespace: string): Promise<void> {
    const root = apiRoot(apiVersion);
    const { body } = await this.client.request<ResourceList>({ method: "GET", path: root });
    for (const resource of body.resources) {
      if (!resource.namespaced || !resource.verbs.includes("deletecollection")) continue;
      const path = `${root}/namespaces/${namespace}/${resource.name}`;
      await this.ignoreGone(() =>
        this.client.request({ method: "DELETE", path, query: { propagationPolicy: "Background" } }),
      );
    }
  }

  private async ignoreGone(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiError) || ![404, 409].includes(error.code)) throw error;
    }
  }
}

/** The namespace controller reports on its work in the conditions. */
function hasController(namespace: KubernetesObject): boolean {
  const status = namespace.status as { conditions?: { type: string }[] } | undefined;
  return (status?.conditions ?? []).some(({ type }) => type.startsWith("Namespace"));
}
