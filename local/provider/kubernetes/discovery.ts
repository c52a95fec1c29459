import { type ApiClient, ApiError } from "./api-client";
import type { ObjectType } from "./type-token";

/** Where objects of a kind live in the API. */
export interface ResourceInfo {
  /** Plural name in URLs, such as `deployments`. */
  plural: string;
  namespaced: boolean;
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** Asks the API server for the kinds it serves, once for each group version. */
export class Discovery {
  private readonly known = new Map<string, Promise<ResourceList>>();

  constructor(private readonly client: ApiClient) {}

  /** @throws Error that names the kinds of the group version when the server does not serve the kind. */
  async find({ apiVersion, kind }: ObjectType): Promise<ResourceInfo> {
    // A kind that a custom resource definition has just added is not in a list read before.
    const found = pick(await this.list(apiVersion), kind) ?? pick(await this.list(apiVersion, true), kind);
    if (found) return { plural: found.name, namespaced: found.namespaced };
    const kinds = (await this.list(apiVersion)).resources.filter(isObject).map((resource) => resource.kind);
    throw new Error(
      `The API server does not serve ${kind} in ${apiVersion}` +
        (kinds.length === 0
          ? "; it does not know that group version. Is the custom resource definition applied first?"
          : `; it serves there: ${[...new Set(kinds)].sort().join(", ")}.`),
    );
  }

  /** Whether the server serves the kind now, whatever it said before. */
  async serves({ apiVersion, kind }: ObjectType): Promise<boolean> {
    return pick(await this.list(apiVersion, true), kind) !== undefined;
  }

  private list(apiVersion: string, again = false): Promise<ResourceList> {
    const known = this.known.get(apiVersion);
    if (known && !again) return known;
    const asked = this.ask(apiVersion);
    this.known.set(apiVersion, asked);
    asked.catch(() => this.known.delete(apiVersion));
    return asked;
  }

  private async ask(apiVersion: string): Promise<ResourceList> {
    try {
      return (await this.client.request<ResourceList>({ method: "GET", path: apiRoot(apiVersion) })).body;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return { resources: [] };
      throw error;
    }
  }
}

/** `/api/v1` for the core group, `/apis/<group>/<version>` for the others. */
export function apiRoot(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Subresources such as `deployments/scale` repeat kinds of other groups. */
function isObject(resource: { name: string }): boolean {
  return !resource.name.includes("/");
}

function pick(list: ResourceList, kind: string) {
  return list.resources.find((resource) => isObject(resource) && resource.kind === kind);
}
