/** What the check of one file may take. */
export interface Limits {
  /** Largest file as delivered, in bytes. */
  fileBytes: number;
  /** Largest file once decompressed, in bytes: what a gzip or Parquet bomb runs into. */
  decodedBytes: number;
  /** Longest line (CSV: row) in bytes. */
  lineBytes: number;
  /** Memory of the query engine in MiB. */
  memoryMegabytes: number;
  /** Threads of the query engine. */
  threads: number;
  /** Bad rows of which the reasons are listed; further ones are counted, and stand in quarantine. */
  listedRows: number;
}

const mebibyte = 1024 * 1024;

/** Limits unless something else is set. */
export const defaultLimits: Limits = {
  fileBytes: 2048 * mebibyte,
  decodedBytes: 8192 * mebibyte,
  lineBytes: mebibyte,
  memoryMegabytes: 512,
  threads: 2,
  listedRows: 100_000,
};
