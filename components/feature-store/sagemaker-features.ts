import { entityOfView, FeatureCatalog, FeatureType, physicalViewName } from "../contracts/feature-definition";
import { viewOf } from "./catalog-checks";
import type { FeatureStoreArgs } from "./feature-store";

const secondsPerDay = 86_400;

/**
 * The part of {@link FeatureStoreArgs} that a view of a catalog decides.
 * @throws Error when the view does not exist, or its entity has several join keys: SageMaker knows one identifier
 */
export function featureStoreArgsOf(
  catalog: FeatureCatalog,
  viewName: string,
): Pick<
  FeatureStoreArgs,
  "features" | "recordIdentifierName" | "eventTimeName" | "onlineRecordExpirationDays"
> {
  if (!catalog.views.some((view) => physicalViewName(view) === viewName)) {
    throw new Error(
      `The catalog has no view ${viewName}; it has ${catalog.views.map(physicalViewName).join(", ")}.`,
    );
  }
  const view = viewOf(catalog, viewName);
  const keys = entityOfView(catalog, view)?.joinKeys ?? [];
  const [key, ...more] = keys;
  if (key === undefined || more.length > 0) {
    throw new Error(
      `The entity ${view.entity} of the view ${viewName} has ${keys.length} join keys, and a feature group has one record identifier; give the data set one column that joins them, or use FeastFeatureStore.`,
    );
  }
  return {
    features: [
      { name: key.name, type: key.type === "Integral" ? FeatureType.Integral : FeatureType.String },
      { name: view.eventTime, type: FeatureType.String },
      ...view.features.map(({ name, type, personal, deprecated }) => ({
        name,
        type,
        ...(personal === undefined ? {} : { personal }),
        ...(deprecated === undefined ? {} : { deprecated }),
      })),
    ],
    recordIdentifierName: key.name,
    eventTimeName: view.eventTime,
    // The group's default; the materializer gives each record the view's own time to live, to the second.
    ...(view.ttlSeconds === undefined
      ? {}
      : { onlineRecordExpirationDays: Math.ceil(view.ttlSeconds / secondsPerDay) }),
  };
}
