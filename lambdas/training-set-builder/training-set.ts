import { createHash } from "node:crypto";

import {
  entityOfView,
  FeatureCatalog,
  FeatureEntity,
  FeatureView,
  physicalViewName,
} from "../../components/contracts/feature-definition";
import type { CuratedFile } from "../shared/curated-files";
import type { BuiltSet } from "./build";

/** A view with what it is read from. */
export interface ViewInput {
  view: FeatureView;
  entity: FeatureEntity;
  /** Version of the data set, when the caller named one. */
  version?: string;
  files: CuratedFile[];
}

/** What a training set was made from, and what it holds. Lies beside it. */
export interface TrainingSetManifest extends BuiltSet {
  /** First 16 hex digits of the SHA-256 over everything that it was made from. */
  id: string;
  uri: string;
  bytes: number;
  labels: { uri: string; etag: string; time: string };
  views: {
    name: string;
    definition: FeatureView;
    dataset: string;
    version?: string;
    files: { key: string; etag: string; versionId?: string; bytes: number }[];
  }[];
  createdAt: string;
}

/** The inputs of a manifest: what decides its id. */
export type ManifestInputs = Pick<TrainingSetManifest, "labels" | "views"> & { withEventTimes: boolean };

/**
 * The views that a request names, each with its entity.
 * @throws Error that names what the catalog does not have
 */
export function chooseViews(
  catalog: FeatureCatalog,
  names: string[] | undefined,
): { view: FeatureView; entity: FeatureEntity }[] {
  const known = catalog.views.map(physicalViewName);
  const unknown = (names ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`The catalog has no view ${unknown.join(", ")}; it has ${known.join(", ")}.`);
  }
  return catalog.views
    .filter((view) => names === undefined || names.includes(physicalViewName(view)))
    .map((view) => ({ view, entity: entityOfView(catalog, view) as FeatureEntity }));
}

/** Views as a manifest has them. */
export function manifestViews(views: ViewInput[]): TrainingSetManifest["views"] {
  return views.map(({ view, version, files }) => ({
    name: physicalViewName(view),
    definition: view,
    dataset: view.dataset,
    ...(version === undefined ? {} : { version }),
    files: files.map(({ key, etag, versionId, bytes }) => ({
      key,
      etag,
      ...(versionId === undefined ? {} : { versionId }),
      bytes,
    })),
  }));
}

/** Id of a training set: the same inputs always give the same. */
export function trainingSetId(inputs: ManifestInputs): string {
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 16);
}

/**
 * Checks that the inputs fit into the folder for temporary files.
 * @throws Error that says how much there is and how much is allowed
 */
export function requireRoom(bytes: number, maximum: number): void {
  if (bytes <= maximum) return;
  throw new Error(
    `The labels and data sets take ${Math.ceil(bytes / 1e6)} MB; ${Math.floor(maximum / 1e6)} MB are allowed. Name fewer views, or give the component more temporaryMegabytes.`,
  );
}
