import type { DataContract } from "./data-contract";

/** Data sets that the columns of a contract refer to, each once. */
export function referencedDatasets({ columns }: DataContract): string[] {
  return [...new Set(columns.flatMap(({ references }) => (references ? [references.dataset] : [])))];
}
