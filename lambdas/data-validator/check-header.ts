import type { DataContract } from "../../components/contracts/data-contract";

/** Names that are listed; a file with ten thousand columns would make a report that no one can read. */
const mostListed = 10;

function quoted(names: readonly string[]): string {
  const listed = names.slice(0, mostListed).map((name) => `"${name.slice(0, 60)}"`);
  const further = names.length - listed.length;
  return listed.join(", ") + (further > 0 ? ` and ${further} more` : "");
}

/**
 * Compares the columns of a file with a contract; their order does not matter.
 * @param what - what names the columns: `header` (CSV) or `schema` (Parquet)
 * @returns the faults in words; none means that the columns are right
 */
export function headerFaults(columns: readonly string[], contract: DataContract, what = "header"): string[] {
  const required = contract.columns.map(({ name }) => name);
  const requiredNames = new Set(required);
  const given = new Set(columns);
  const missing = required.filter((name) => !given.has(name));
  const extra = [...given].filter((name) => !requiredNames.has(name));
  const repeated = repeatedNames(columns);
  return [
    ...(missing.length > 0 ? [`The ${what} lacks the columns ${quoted(missing)}.${hint(columns)}`] : []),
    ...(extra.length > 0
      ? [`The ${what} has columns that the contract does not name: ${quoted(extra)}.`]
      : []),
    ...(repeated.length > 0 ? [`The ${what} names these columns more than once: ${quoted(repeated)}.`] : []),
  ];
}

function repeatedNames(columns: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(columns.filter((name) => seen.size === seen.add(name).size))];
}

/** A wrong delimiter makes one column of all; the sender sees nothing wrong with the names. */
function hint(columns: readonly string[]): string {
  const [only = ""] = columns;
  const delimiter = columns.length === 1 ? [";", "\t", "|"].find((mark) => only.includes(mark)) : undefined;
  if (delimiter === undefined) return "";
  return ` Its fields seem to be separated by ${delimiter === "\t" ? "tabs" : `"${delimiter}"`}; commas are required.`;
}
