import { ApiPagination, ApiPaging } from "../../components/contracts/api-polling";
import { PermanentFault } from "./faults";
import { valueAt } from "./json-slices";
import { firstToken } from "./request";
import type { ApiPage } from "./response";

/**
 * Finds out whether a walk goes in circles, in constant space (Brent's algorithm): one remembered step, which is
 * replaced after 1, 2, 4, 8 … steps. Every circle is found after at most a few times its own length.
 */
export interface LoopWatch {
  remembered: string;
  steps: number;
  limit: number;
}

/**
 * Notes a step of a walk.
 * @returns the watch for the next step, or undefined when the walk came back to the remembered step
 */
export function watchLoop(watch: LoopWatch | undefined, step: string): LoopWatch | undefined {
  if (watch === undefined) return { remembered: step, steps: 0, limit: 1 };
  if (watch.remembered === step) return undefined;
  const steps = watch.steps + 1;
  return steps === watch.limit ? { remembered: step, steps: 0, limit: watch.limit * 2 } : { ...watch, steps };
}

/**
 * Token of the page after this one.
 * @param token - of this page; undefined for the first
 * @param page - with the number of its records
 * @returns undefined at the end of the walk
 * @throws PermanentFault when the response does not say what its kind of paging needs
 */
export function nextToken(
  paging: ApiPaging | undefined,
  token: string | undefined,
  page: ApiPage,
  records: number,
): string | undefined {
  if (paging === undefined || saysEnd(paging, page)) return undefined;
  switch (paging.kind) {
    case ApiPagination.None:
      return undefined;
    case ApiPagination.PageNumber:
      return records === 0 ? undefined : String(countedToken(paging, token) + 1);
    // A page may be smaller than asked for without being the last: only an empty one is the end.
    case ApiPagination.Offset:
      return records === 0 ? undefined : String(countedToken(paging, token) + records);
    case ApiPagination.Cursor:
      return tokenAt(page, paging.cursorPath ?? "");
    case ApiPagination.GraphQLCursor:
      return nextGraphqlToken(page, paging.cursorPath ?? "");
    case ApiPagination.LinkHeader:
      return page.nextLink;
  }
}

const countedToken = ({ kind, firstPage }: ApiPaging, token: string | undefined): number =>
  Number(token ?? firstToken(kind, firstPage));

function saysEnd({ hasMorePath }: ApiPaging, { json }: ApiPage): boolean {
  if (hasMorePath === undefined || json === undefined) return false;
  const more = valueAt(json, hasMorePath);
  if (typeof more === "boolean") return !more;
  throw new PermanentFault(
    `The response has no true or false at "${hasMorePath}", which must say whether pages follow.`,
  );
}

function tokenAt({ json }: ApiPage, path: string): string | undefined {
  const token = valueAt(json, path);
  if (token === undefined || token === null || token === "") return undefined;
  if (typeof token === "string" || typeof token === "number") return String(token);
  throw new PermanentFault(`The token of the next page at "${path}" is neither text nor a number.`);
}

function nextGraphqlToken(page: ApiPage, path: string): string | undefined {
  const hasNextPage = valueAt(page.json, `${path}.hasNextPage`);
  if (typeof hasNextPage !== "boolean") {
    throw new PermanentFault(`The response has no "${path}.hasNextPage"; the query must ask for it.`);
  }
  if (!hasNextPage) return undefined;
  const token = tokenAt(page, `${path}.endCursor`);
  if (token === undefined) {
    throw new PermanentFault(`More pages follow, but "${path}.endCursor" is missing.`);
  }
  return token;
}
