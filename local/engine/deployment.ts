/** The engine's state as `pulumi stack export` gives it, as far as the sandbox reads it. */
import type { Deployment } from "@pulumi/pulumi/automation";

export interface ResourceState {
  urn: string;
  type: string;
  /** False for components. */
  custom: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  /** Only looked up, not managed. */
  external?: boolean;
  /** Waits for its deletion after it was replaced. */
  delete?: boolean;
}

export interface DeploymentState {
  resources?: ResourceState[];
  pending_operations?: { resource: ResourceState; type: string }[];
}

export function stateOf(deployment: Deployment): DeploymentState {
  return (deployment.deployment ?? {}) as DeploymentState;
}

/** Resources of a provider: no components, no providers, no stack, nothing that is only looked up. */
export function managedResources(state: DeploymentState): ResourceState[] {
  return (state.resources ?? []).filter(
    (resource) => resource.custom && !resource.external && !resource.type.startsWith("pulumi:"),
  );
}
