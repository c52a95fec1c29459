import { entriesAt, keysAt, listAt, parsed, textAt, textsAt, valueAt } from "./read";

/** One statement of an IAM document, with every list written out. */
export interface Statement {
  /** How messages call the statement: its Sid, else its position. */
  label: string;
  allows: boolean;
  actions: string[];
  hasNotAction: boolean;
  resources: string[];
  /** Principals by kind; `*` stands for `{ "*": ["*"] }`. */
  principals: Record<string, string[]>;
  /** Condition values by operator and key, both in lower case. */
  conditions: { operator: string; key: string; values: string[] }[];
}

function principalsOf(statement: unknown): Record<string, string[]> {
  const principal = valueAt(statement, "Principal");
  if (principal === "*") return { "*": ["*"] };
  return Object.fromEntries(keysAt(principal).map((kind) => [kind, textsAt(principal, kind)]));
}

function conditionsOf(statement: unknown): Statement["conditions"] {
  return entriesAt(statement, "Condition").flatMap(([operator, keys]) =>
    keysAt(keys).map((key) => ({
      operator: operator.toLowerCase(),
      key: key.toLowerCase(),
      values: listAt(keys, key)
        .filter((value) => ["string", "boolean", "number"].includes(typeof value))
        .map(String),
    })),
  );
}

/** The statements of a policy document, given as JSON or as a structure. */
export function statementsOf(document: unknown): Statement[] {
  return listAt(parsed(document), "Statement").map((statement, index) => ({
    label: textAt(statement, "Sid") ?? `number ${index + 1}`,
    allows: valueAt(statement, "Effect") === "Allow",
    actions: textsAt(statement, "Action"),
    hasNotAction: valueAt(statement, "NotAction") !== undefined,
    resources: textsAt(statement, "Resource"),
    principals: principalsOf(statement),
    conditions: conditionsOf(statement),
  }));
}
