/** One file of a version of a data set. */
export interface ManifestFile {
  /** Key in the bucket. */
  key: string;
  /** Version of the object, where the bucket keeps versions. */
  versionId?: string;
  bytes: number;
  rows: number;
  /** SHA-256 of the content in hex. */
  sha256: string;
}

/**
 * An immutable version of a data set. Its id is a hash of what it holds, so the same files always give the same version
 * and a training run that names it names its exact data.
 */
export interface DatasetManifest {
  dataset: string;
  /** First 16 hex digits of the SHA-256 over data set, contract version, schema and files. */
  id: string;
  bucket: string;
  /** Version of the contract that the files were validated with. */
  contractVersion: string;
  /** Columns as the contract has them. */
  schema: { name: string; type: string }[];
  rows: number;
  bytes: number;
  /** Sorted by key. */
  files: ManifestFile[];
  /** Lineage run ids of the validations that wrote the files; not part of the id. */
  sourceRuns: string[];
  /** ISO 8601; not part of the id. */
  createdAt: string;
}
