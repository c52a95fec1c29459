import { createHash } from "node:crypto";

import { z } from "zod";

import type { DatasetManifest, ManifestFile } from "../../components/contracts/dataset-manifest";

/** A curated file with what its validation wrote on it. */
export interface ValidatedFile extends ManifestFile {
  /** Lineage run of the validation. */
  runId: string;
  contractVersion: string;
}

/** What S3 answers about an object. */
export interface ObjectHead {
  key: string;
  bytes: number;
  versionId?: string;
  metadata: Record<string, string>;
}

const metadataSchema = z.object({
  rows: z.string().regex(/^\d+$/, "must be a number").transform(Number),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits"),
  "run-id": z.string().min(1),
  "contract-version": z.string().min(1),
});

/**
 * Reads what the validator wrote on a curated file.
 * @throws Error that names the file and what is missing on it
 */
export function validatedFile({ key, bytes, versionId, metadata }: ObjectHead): ValidatedFile {
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => {
      const field = path.join(".");
      return metadata[field] === undefined ? `${field} is missing` : `${field} ${message}`;
    });
    throw new Error(
      `${key} does not carry what a validated file carries (${faults.join("; ")}); only files that the data validator wrote can be part of a version.`,
    );
  }
  const { rows, sha256, "run-id": runId, "contract-version": contractVersion } = parsed.data;
  // S3 answers "null" for objects of a bucket without versions.
  const versioned = versionId !== undefined && versionId !== "null";
  return { key, ...(versioned ? { versionId } : {}), bytes, rows, sha256, runId, contractVersion };
}

/** What a version is made of. */
export interface VersionContent {
  dataset: string;
  bucket: string;
  schema: DatasetManifest["schema"];
  files: readonly ValidatedFile[];
}

const byKey = (a: { key: string }, b: { key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
const distinct = (values: string[]): string[] => [...new Set(values)].sort();

/**
 * The manifest of a version. Its id depends on what the files hold and not on their order, on when they were written or
 * on the object's version: the same content is the same version.
 */
export function manifestOf({ dataset, bucket, schema, files }: VersionContent, now: Date): DatasetManifest {
  const contractVersion = distinct(files.map((file) => file.contractVersion)).join(", ");
  const sorted = [...files].sort(byKey);
  const identity = [
    dataset,
    contractVersion,
    schema.map(({ name, type }) => [name, type]),
    sorted.map(({ key, bytes, rows, sha256 }) => [key, bytes, rows, sha256]),
  ];
  return {
    dataset,
    id: createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 16),
    bucket,
    contractVersion,
    schema,
    rows: sum(sorted.map(({ rows }) => rows)),
    bytes: sum(sorted.map(({ bytes }) => bytes)),
    files: sorted.map(({ key, versionId, bytes, rows, sha256 }) => ({
      key,
      ...(versionId === undefined ? {} : { versionId }),
      bytes,
      rows,
      sha256,
    })),
    sourceRuns: distinct(files.map(({ runId }) => runId)),
    createdAt: now.toISOString(),
  };
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Keys of a version's two objects. */
export function manifestKeys(dataset: string, id: string): { manifest: string; sageMaker: string } {
  const stem = `manifests/${dataset}/${id}`;
  return { manifest: `${stem}.json`, sageMaker: `${stem}.sagemaker.manifest` };
}

/** The list of files as a training channel of the type `ManifestFile` reads it: a prefix, then keys below it. */
export function sageMakerManifest({ bucket, files }: DatasetManifest): unknown[] {
  return [{ prefix: `s3://${bucket}/` }, ...files.map(({ key }) => key)];
}

/** How two versions differ. */
export interface ManifestComparison {
  from: string;
  to: string;
  /** Keys that only the second version has. */
  added: string[];
  /** Keys that only the first version has. */
  removed: string[];
  /** Keys with other content. */
  changed: string[];
  /** Rows of the second version less those of the first. */
  rows: number;
  /** Columns of which one of the versions knows nothing, or another type. */
  columns: string[];
}

/** Compares two versions of a data set. */
export function compareManifests(from: DatasetManifest, to: DatasetManifest): ManifestComparison {
  const before = new Map(from.files.map((file) => [file.key, file.sha256]));
  const after = new Map(to.files.map((file) => [file.key, file.sha256]));
  const columns = (manifest: DatasetManifest): string[] =>
    manifest.schema.map(({ name, type }) => `${name} ${type}`);
  const [old, recent] = [columns(from), columns(to)];
  const different = [
    ...old.filter((column) => !recent.includes(column)),
    ...recent.filter((column) => !old.includes(column)),
  ];
  return {
    from: from.id,
    to: to.id,
    added: [...after.keys()].filter((key) => !before.has(key)),
    removed: [...before.keys()].filter((key) => !after.has(key)),
    changed: [...after.keys()].filter((key) => before.has(key) && before.get(key) !== after.get(key)),
    rows: to.rows - from.rows,
    columns: distinct(different.map((column) => column.slice(0, column.lastIndexOf(" ")))),
  };
}
