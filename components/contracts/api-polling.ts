/** How an API hands out its records page by page. */
export enum ApiPagination {
  /** Everything comes in one response. */
  None = "none",
  /** Pages are numbered; the walk ends at the first empty page. */
  PageNumber = "page-number",
  /** A page begins after a number of records; the walk ends at the first empty page. */
  Offset = "offset",
  /** Each response holds a token for the next page; the walk ends where there is none. */
  Cursor = "cursor",
  /** Each response names the next page in its `Link` header, as in RFC 8288. */
  LinkHeader = "link-header",
  /** GraphQL connections: `pageInfo { hasNextPage endCursor }`. */
  GraphQLCursor = "graphql-cursor",
}

/** Pages of an API. */
export interface ApiPaging {
  /** How the next page is found. */
  kind: ApiPagination;
  /**
   * Query parameter, or GraphQL variable, that asks for a page.
   * @default `page`, `offset`, `cursor` or `after`, by the kind
   */
  parameter?: string;
  /** Query parameter, or GraphQL variable, that asks for a size. @default the API decides on the size */
  sizeParameter?: string;
  /** Records asked for in a page; goes with `sizeParameter`. @default 100 */
  pageSize?: number;
  /** Number of the first page. @default 1 */
  firstPage?: number;
  /**
   * Where the response holds the token of the next page, or for GraphQL the `pageInfo`; a dotted path. Needed by those
   * two kinds.
   */
  cursorPath?: string;
  /** Where the response says whether more pages follow; a dotted path to true or false. @default the kind's own end */
  hasMorePath?: string;
}

/** Asks only for what is new since the walk before. */
export interface ApiIncrement {
  /** Where a record holds the value that grows, for example `updated_at`; a dotted path. */
  field: string;
  /** Query parameter, or GraphQL variable, that takes the highest value of the walk before. */
  parameter: string;
  /** Value of the first walk, for example `2026-01-01T00:00:00Z`. */
  initial: string;
  /**
   * How far before the highest value the next walk begins, for APIs that show a record late: seconds for timestamps,
   * otherwise units of the number. What is read twice is a duplicate, which the validator removes by its primary key.
   * @default 0
   */
  overlap?: number;
}

/** How a request shows who asks. */
export enum ApiAuthenticationKind {
  /** The secret is a token, alone or as `{"token": …}`. */
  Bearer = "bearer",
  /** The secret is `{"username": …, "password": …}`. */
  Basic = "basic",
  /** The secret is a key for a header, alone or as `{"apiKey": …}`. */
  ApiKey = "api-key",
  /** The secret is `{"clientId": …, "clientSecret": …}`, with which a token is fetched. */
  OAuth2ClientCredentials = "oauth2-client-credentials",
}

/** Credentials of an API; their values are in a secret. */
export interface ApiAuthentication {
  /** Kind of credentials. */
  kind: ApiAuthenticationKind;
  /** Header of an API key. @default x-api-key */
  header?: string;
  /** Address that gives out OAuth 2 tokens; needed by that kind. */
  tokenUrl?: string;
  /** Scope asked for with OAuth 2. @default none */
  scope?: string;
}

/** Verbs of HTTP that read. */
export enum ApiMethod {
  Get = "GET",
  /** For APIs that take their search as a body. */
  Post = "POST",
}

/** A request that brings records, in the environment of the poller. */
export interface ApiRequest {
  /** Address: https, or http to this machine itself. */
  url: string;
  /** Verb. GraphQL always posts. @default GET */
  method?: ApiMethod;
  /** Headers beyond those of the credentials. */
  headers?: Record<string, string>;
  /** Query parameters that are always the same. */
  query?: Record<string, string>;
  /** Body of a POST as JSON. */
  body?: string;
  /** GraphQL query; its variables are asked for pages and for what is new. */
  graphqlQuery?: string;
  /** Variables of the GraphQL query that are always the same, as JSON. */
  graphqlVariables?: string;
  /** Where the response holds its list of records; a dotted path, empty where the response itself is the list. */
  recordsPath: string;
  /** @default one response holds everything */
  paging?: ApiPaging;
  /** @default every walk reads everything */
  increment?: ApiIncrement;
  /** @default nobody is asked who they are */
  authentication?: ApiAuthentication;
}

/**
 * Why an address may not be polled; undefined when it may. Credentials and records never cross a network in the clear:
 * http is for this machine alone.
 */
export function apiAddressFault(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return `"${address}" was given; an address such as https://api.example.com/orders is needed`;
  }
  if (url.username !== "" || url.password !== "") {
    return "an address with credentials in it was given; put them into a secret";
  }
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback)
    ? undefined
    : `"${url.protocol}//${url.host}" was given; https is needed (http only to this machine itself)`;
}
