import type { PolicyResource } from "@pulumi/policy";

import { isUnknownValueError, textAt, valueAt } from "./read";

/** Whether a property of a resource was computed from another resource, as the engine recorded it. */
export function dependsOn(resource: PolicyResource, property: string, target: PolicyResource): boolean {
  const recorded = resource.propertyDependencies[property];
  // States written by other tools may know dependencies of the whole resource only.
  return (recorded ?? resource.dependencies).some(({ urn }) => urn === target.urn);
}

/** A property's text; undefined when it is missing, `"unknown"` as a result of its own when preview cannot know it. */
function textOrUnknown(read: () => string | undefined): { text?: string; unknown: boolean } {
  try {
    return { text: read(), unknown: false };
  } catch (error) {
    if (isUnknownValueError(error)) return { unknown: true };
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
  const reference = textOrUnknown(() => textAt(resource.props, ...path));
  if (reference.unknown) return dependsOn(resource, path[0], target);
  if (reference.text === undefined) return false;
  const known = identifiers.map((property) => textOrUnknown(() => textAt(target.props, property)));
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

/** Whether two Kubernetes objects live in the same namespace, by name or because both take it from one resource. */
export function inSameNamespace(first: PolicyResource, second: PolicyResource): boolean {
  const namespaces = [first, second].map((resource) =>
    textOrUnknown(() => textAt(resource.props, "metadata", "namespace") ?? "default"),
  );
  if (namespaces.every(({ unknown }) => !unknown)) return namespaces[0]?.text === namespaces[1]?.text;
  const sources = (resource: PolicyResource) =>
    resource.propertyDependencies["metadata"] ?? resource.dependencies;
  return sources(first).some(({ urn }) => sources(second).some((other) => other.urn === urn));
}
