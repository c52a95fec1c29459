import * as sdk from "@pulumi/policy";
import type { PolicyResource } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";

/** The SDK exports the class without a type. */
const { UnknownValueError } = sdk as unknown as {
  UnknownValueError: new (kind: string, path: string[]) => Error;
};

/** Properties of which nothing is known: whatever is read from them is unknown. */
const unknownProps: Record<string, unknown> = new Proxy(
  {},
  {
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: undefined }),
    get: (_, key) => {
      throw new UnknownValueError(pulumi.runtime.unknownValue, [String(key)]);
    },
  },
);

/**
 * Resources as rules may trust them. Of a resource whose provider is not configured yet, such as a Kubernetes object
 * on a cluster that the same update makes, the engine knows no outputs during preview and hands over an empty bag:
 * without this, every property of it would look like one that was left out.
 */
export function withUnknownProps(resources: PolicyResource[]): PolicyResource[] {
  return resources.map((resource) =>
    Object.keys(resource.props).length === 0 ? { ...resource, props: unknownProps } : resource,
  );
}
