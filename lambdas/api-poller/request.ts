import { createHash } from "node:crypto";

import { ApiMethod, ApiPagination, ApiRequest } from "../../components/contracts/api-polling";
import { askedCursor } from "./cursor";

/** One request as it leaves, but for the credentials. */
export interface PageRequest {
  url: string;
  method: ApiMethod;
  headers: Record<string, string>;
  body?: string;
}

const defaultPageSize = 100;
const defaultParameters: Partial<Record<ApiPagination, string>> = {
  [ApiPagination.PageNumber]: "page",
  [ApiPagination.Offset]: "offset",
  [ApiPagination.Cursor]: "cursor",
  [ApiPagination.GraphQLCursor]: "after",
};

/** A hash of the configuration; a page's token from another configuration means nothing. */
export function requestHash(api: ApiRequest): string {
  return createHash("sha256").update(JSON.stringify(api)).digest("hex").slice(0, 32);
}

/**
 * The request for a page.
 * @param since - highest value of the walk before; undefined before the first walk ended
 * @param token - of the page; undefined for the first
 */
export function pageRequest(
  api: ApiRequest,
  since: string | undefined,
  token: string | undefined,
): PageRequest {
  // What a link leads to holds every parameter already.
  if (api.paging?.kind === ApiPagination.LinkHeader && token !== undefined) {
    return { ...fixedParts(api), url: token };
  }
  const asked = { ...pagingWords(api, token), ...incrementWords(api, since) };
  if (api.graphqlQuery !== undefined) return graphqlRequest(api, api.graphqlQuery, asked);
  const url = new URL(api.url);
  for (const [name, value] of Object.entries({ ...api.query, ...asked })) {
    url.searchParams.set(name, String(value));
  }
  return { ...fixedParts(api), url: url.href };
}

function fixedParts({ method, headers, body }: ApiRequest): Omit<PageRequest, "url"> {
  return {
    method: method ?? ApiMethod.Get,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  };
}

function graphqlRequest(
  { url, query, headers, graphqlVariables }: ApiRequest,
  graphqlQuery: string,
  asked: Record<string, string | number>,
): PageRequest {
  const address = new URL(url);
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
  const fixed = JSON.parse(graphqlVariables ?? "{}") as Record<string, unknown>;
  return {
    url: address.href,
    method: ApiMethod.Post,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: graphqlQuery, variables: { ...fixed, ...asked } }),
  };
}

function pagingWords({ paging }: ApiRequest, token: string | undefined): Record<string, string | number> {
  if (paging === undefined) return {};
  const { kind, sizeParameter, pageSize = defaultPageSize } = paging;
  const size: Record<string, number> = sizeParameter === undefined ? {} : { [sizeParameter]: pageSize };
  const parameter = paging.parameter ?? defaultParameters[kind];
  const asked = token ?? firstToken(paging.kind, paging.firstPage);
  return parameter === undefined || asked === undefined ? size : { ...size, [parameter]: asked };
}

/** Token of the first page where pages are counted. */
export function firstToken(kind: ApiPagination, firstPage = 1): string | undefined {
  if (kind === ApiPagination.PageNumber) return String(firstPage);
  return kind === ApiPagination.Offset ? "0" : undefined;
}

function incrementWords({ increment }: ApiRequest, since: string | undefined): Record<string, string> {
  return increment === undefined ? {} : { [increment.parameter]: askedCursor(increment, since) };
}
