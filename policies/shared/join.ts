import type { PolicyResource } from "@pulumi/policy";

import { isUnknownValueError, textAt, valueAt } from "./read";

/** Whether a property of a resource was computed from another resource, as the engine recorded it. */
export function dependsOn(resource: PolicyResource, property: string, target: PolicyResource): boolean {
  const recorded = resource.propertyDependencies[property];
  // States written by other tools may know dependencies of the whole resource only.
  return (recorded ?? resource.dependencies).some(({ urn }) => urn === target.urn);
}

/** A text, or the error that says that preview does not know it. */
function attempt(read: () => string | undefined): { text?: string; unknown?: Error } {
  try {
    return { text: read() };
  } catch (error) {
    if (isUnknownValueError(error)) return { unknown: error };
    throw error;
  }
}

/**
 * Whether `resource` refers to `target`: the value at `path` is one of the target's identifiers, or it is unknown
 * during preview and was computed from the target.
 */
export function refersTo(
  resource: PolicyResource,
  path: [string, ...string[]],
  target: PolicyResource,
  identifiers: string[],
): boolean {
  const reference = attempt(() => textAt(resource.props, ...path));
  if (reference.unknown !== undefined) return dependsOn(resource, path[0], target);
  if (reference.text === undefined) return false;
  const known = identifiers.map((property) => attempt(() => textAt(target.props, property)));
  return known.some(({ text }) => text === reference.text);
}

/** The resources of the given types that configure a bucket. */
export function sideResourcesOf(
  bucket: PolicyResource,
  resources: PolicyResource[],
  types: readonly string[],
): PolicyResource[] {
  return resources.filter(
    (resource) =>
      types.includes(resource.type) && refersTo(resource, ["bucket"], bucket, ["bucket", "id", "arn"]),
  );
}

/** The name in the metadata of a Kubernetes object. */
export function objectName(resource: PolicyResource): string | undefined {
  return textAt(valueAt(resource.props, "metadata"), "name");
}

function namespaceOf(resource: PolicyResource) {
  return {
    ...attempt(() => textAt(resource.props, "metadata", "namespace") ?? "default"),
    sources: resource.propertyDependencies["metadata"] ?? resource.dependencies,
  };
}

/**
 * Whether two Kubernetes objects live in the same namespace: by name, or because both take it from one resource.
 * @throws the SDK's UnknownValueError when a name is unknown and nothing is recorded about where it comes from
 */
export function inSameNamespace(first: PolicyResource, second: PolicyResource): boolean {
  const [one, other] = [namespaceOf(first), namespaceOf(second)];
  const unknown = one.unknown ?? other.unknown;
  if (unknown === undefined) return one.text === other.text;
  if (one.sources.length === 0 || other.sources.length === 0) throw unknown;
  return one.sources.some(({ urn }) => other.sources.some((source) => source.urn === urn));
}
