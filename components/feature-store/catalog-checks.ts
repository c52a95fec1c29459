import {
  entityOfView,
  FeatureCatalog,
  featureCatalogFaults,
  FeatureView,
  physicalViewName,
} from "../contracts/feature-definition";
import type { ArgumentChecker } from "../shared/validation";

/** Notes every fault of a feature catalog. */
export function checkCatalog(checker: ArgumentChecker, catalog: FeatureCatalog): void {
  for (const { path, reason } of featureCatalogFaults(catalog)) {
    checker.require(false, path === "" ? "catalog" : `catalog.${path}`, reason);
  }
}

/** Notes a fault when a catalog has no view of that name. */
export function checkViewName(checker: ArgumentChecker, catalog: FeatureCatalog, viewName: string): void {
  const names = catalog.views.map(physicalViewName);
  checker.require(
    names.includes(viewName),
    "viewName",
    `"${viewName}" was given; allowed is a view of the catalog: ${names.join(", ")}`,
  );
}

/** The view of a catalog that was checked. */
export function viewOf(catalog: FeatureCatalog, viewName: string): FeatureView {
  return catalog.views.find((view) => physicalViewName(view) === viewName) as FeatureView;
}

/** Names of the data sets of a catalog's views, each once, sorted. */
export function datasetsOf(catalog: FeatureCatalog): string[] {
  return [...new Set(catalog.views.map(({ dataset }) => dataset))].sort();
}

/** Name and type of every join key and feature of each view: what a change may only add to. */
export function columnsByView(catalog: FeatureCatalog): Record<string, { name: string; type: string }[]> {
  return Object.fromEntries(
    catalog.views.map((view) => [
      physicalViewName(view),
      [...(entityOfView(catalog, view)?.joinKeys ?? []), ...view.features].map(({ name, type }) => ({
        name,
        type,
      })),
    ]),
  );
}
