import { parseDocument } from "../../../shared/compare";
import type { FunctionHandler } from "../../framework/types";

interface Principals {
  type: string;
  identifiers: string[];
}

interface Statement {
  sid?: string;
  effect?: string;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  notResources?: string[];
  principals?: Principals[];
  notPrincipals?: Principals[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

interface PolicyArguments {
  version?: string;
  policyId?: string;
  statements?: Statement[];
  sourcePolicyDocuments?: string[];
  overridePolicyDocuments?: string[];
}

type JsonStatement = Record<string, unknown>;

/** One value stands alone, as AWS writes it. */
function list(values: string[] | undefined): string | string[] | undefined {
  if (!values || values.length === 0) return undefined;
  return values.length === 1 ? values[0] : [...values].sort();
}

function principals(given: Principals[] | undefined): unknown {
  if (!given || given.length === 0) return undefined;
  const every = given.every(({ type, identifiers }) => type === "*" && identifiers.includes("*"));
  if (every) return "*";
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of given) (byType[type] ??= []).push(...identifiers);
  return Object.fromEntries(Object.entries(byType).map(([type, identifiers]) => [type, list(identifiers)]));
}

function conditions(given: Statement["conditions"]): unknown {
  if (!given || given.length === 0) return undefined;
  const byTest: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of given) ((byTest[test] ??= {})[variable] ??= []).push(...values);
  return Object.fromEntries(
    Object.entries(byTest).map(([test, variables]) => [
      test,
      Object.fromEntries(Object.entries(variables).map(([variable, values]) => [variable, list(values)])),
    ]),
  );
}

function toJson(statement: Statement): JsonStatement {
  return {
    Sid: statement.sid,
    Effect: statement.effect ?? "Allow",
    Action: list(statement.actions),
    NotAction: list(statement.notActions),
    Resource: list(statement.resources),
    NotResource: list(statement.notResources),
    Principal: principals(statement.principals),
    NotPrincipal: principals(statement.notPrincipals),
    Condition: conditions(statement.conditions),
  };
}

function statementsOf(document: string): JsonStatement[] {
  const statement = (parseDocument(document) as { Statement?: JsonStatement | JsonStatement[] } | undefined)
    ?.Statement;
  return statement === undefined ? [] : [statement].flat();
}

/** A later statement with the same Sid takes the place of an earlier one. */
function merge(statements: JsonStatement[], later: JsonStatement[]): JsonStatement[] {
  const merged = [...statements];
  for (const statement of later) {
    const index = merged.findIndex((earlier) => statement.Sid !== undefined && earlier.Sid === statement.Sid);
    if (index === -1) merged.push(statement);
    else merged[index] = statement;
  }
  return merged;
}

/** Policy document of the statements, as `aws.iam.getPolicyDocument` writes it. */
export function policyDocument(args: PolicyArguments): {
  Version: string;
  Id?: string;
  Statement: JsonStatement[];
} {
  const sources = (args.sourcePolicyDocuments ?? []).flatMap(statementsOf);
  const own = merge(sources, (args.statements ?? []).map(toJson));
  const Statement = merge(own, (args.overridePolicyDocuments ?? []).flatMap(statementsOf));
  return { Version: args.version ?? "2012-10-17", Id: args.policyId, Statement };
}

/** Pure: no call to AWS. */
export const getPolicyDocument: FunctionHandler = {
  token: "aws:iam/getPolicyDocument:getPolicyDocument",
  async invoke(args) {
    const document = policyDocument(args as PolicyArguments);
    const json = JSON.stringify(document, undefined, 2);
    return { id: "policy-document", json, minifiedJson: JSON.stringify(document), version: document.Version };
  },
};
