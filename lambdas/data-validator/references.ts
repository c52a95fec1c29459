import type { ColumnReference, DataContract } from "../../components/contracts/data-contract";
import { Engine, sqlName, sqlText } from "../shared/duckdb";
import { FileFaults } from "./file-fault";
import { referenceTable, storedTypes } from "./judge-sql";

/** Local Parquet files by the name of their data set. */
export type ReferenceFiles = Readonly<Record<string, readonly string[]>>;

/** Data sets that a contract refers to, each once. */
export function referencedDatasets(contract: DataContract): string[] {
  return [...new Set(contract.columns.flatMap(({ references }) => (references ? [references.dataset] : [])))];
}

/**
 * Brings the values that a contract refers to into the engine's memory.
 * @throws FileFault when a data set has nothing yet; its delivery comes first
 */
export async function loadReferences(
  engine: Engine,
  contract: DataContract,
  files: ReferenceFiles = {},
): Promise<void> {
  const empty = referencedDatasets(contract).filter((dataset) => (files[dataset] ?? []).length === 0);
  if (empty.length > 0) {
    throw new FileFaults(
      empty.map(
        (dataset) => `The contract refers to the data set ${dataset}, which has no curated file yet.`,
      ),
    );
  }
  for (const [index, { references, type }] of contract.columns.entries()) {
    if (references === undefined) continue;
    await engine.run(
      `CREATE TABLE ${referenceTable(index)} AS SELECT DISTINCT value FROM (
        SELECT TRY_CAST(${sqlName(references.column)} AS ${storedTypes[type]}) AS value FROM ${reader(references, files)})
       WHERE value IS NOT NULL`,
    );
  }
}

function reader({ dataset }: ColumnReference, files: ReferenceFiles): string {
  return `read_parquet([${(files[dataset] ?? []).map(sqlText).join(", ")}], union_by_name = true)`;
}
