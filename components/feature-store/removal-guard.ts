import * as pulumi from "@pulumi/pulumi";

import { FeatureCatalog, NamedType, removedOrRetyped } from "../contracts/feature-definition";
import { columnsByView } from "./catalog-checks";

/** Reads what a resource declared: the features of each group or view by its name; undefined while it is not known. */
type ReadFeatures = (inputs: Record<string, unknown>) => Record<string, NamedType[]> | undefined;

/**
 * Refuses an update that takes a feature away from a group or view, or gives it another type. The engine asks before it
 * changes the resource, and in a preview too, which runs before anything at all is changed.
 * @throws Error with one sentence for each feature and the way out
 */
export function refuseRemoval(
  oldInputs: Record<string, unknown>,
  newInputs: Record<string, unknown>,
  read: ReadFeatures,
): void {
  const before = read(oldInputs);
  const after = read(newInputs);
  if (before === undefined || after === undefined) return;
  const faults = Object.entries(before).flatMap(([name, features]) => {
    const next = after[name];
    // A group that is gone as a whole is for the engine: it is protected.
    return next === undefined ? [] : removedOrRetyped(features, next).map((fault) => `${name}: ${fault}`);
  });
  if (faults.length > 0) throw new Error(faults.join(" "));
}

/** Hooks of the resource that carries a declaration of features, so that features are only ever added. */
export function removalGuard(name: string, read: ReadFeatures): Pick<pulumi.CustomResourceOptions, "hooks"> {
  // Pulumi's mocks know no hooks and fail on them.
  if (!("registerResourceHook" in (pulumi.runtime.getMonitor() ?? {}))) return {};
  const hook = new pulumi.ResourceHook(
    `only-adds-features:${name}`,
    ({ oldInputs, newInputs }) =>
      refuseRemoval(
        (oldInputs ?? {}) as Record<string, unknown>,
        (newInputs ?? {}) as Record<string, unknown>,
        read,
      ),
    { onDryRun: true },
  );
  return { hooks: { beforeUpdate: [hook] } };
}

/** Features of each view of the catalog that an S3 object holds. */
export function featuresOfCatalogObject(
  inputs: Record<string, unknown>,
): Record<string, NamedType[]> | undefined {
  const { content } = inputs;
  return typeof content === "string" ? columnsByView(JSON.parse(content) as FeatureCatalog) : undefined;
}
