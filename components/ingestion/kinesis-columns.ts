import type { DataContract } from "../contracts/data-contract";

/** Names that Glue, Firehose and the contract spell the same way. */
const columnPattern = /^[a-z_][a-z0-9_]*$/;

/** Why a text is no contract whose columns Firehose can write; undefined when it is one. */
export function streamableColumnsFault(text: string): string | undefined {
  let names: unknown[];
  try {
    names = (JSON.parse(text) as DataContract).columns.map(({ name }) => name);
  } catch {
    return `"${text.slice(0, 40)}" was given; a data contract in JSON is needed`;
  }
  const wrong = names.find((name) => !columnPattern.test(String(name)));
  return wrong === undefined
    ? undefined
    : `the column "${String(wrong)}" was given; Firehose writes columns in lower-case letters, digits and underscores only`;
}

/** Names of the contract's columns, in its order. */
export function columnNames(contract: string): string[] {
  return (JSON.parse(contract) as DataContract).columns.map(({ name }) => name);
}
