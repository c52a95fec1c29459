import type { ApiRequest } from "../../components/contracts/api-polling";
import { PermanentFault, RateLimited, TransientFault, Unauthorized } from "./faults";
import { valueAt } from "./json-slices";
import type { PageRequest } from "./request";

/** A response that can be read. */
export interface ApiPage {
  /** The body as it came; undefined for a response without content. */
  text?: string;
  json?: unknown;
  /** Address of the next page from the `Link` header. */
  nextLink?: string;
}

/** Limits of one request. */
export interface ResponseLimits {
  /** Of the body, unpacked. */
  maximumBytes: number;
  /** Longest pause that a call itself waits; a longer one ends the call. */
  maximumWaitMilliseconds: number;
}

/**
 * Reads one page. Nothing of the request but its address is named in a fault, as the rest may hold credentials.
 * @param api - what the response must look like
 * @throws TransientFault, RateLimited, Unauthorized or PermanentFault
 */
export async function fetchPage(
  request: PageRequest,
  api: ApiRequest,
  limits: ResponseLimits,
  signal: AbortSignal,
): Promise<ApiPage> {
  const { url, method, headers, body } = request;
  const place = placeOf(url);
  let response: Response;
  let bytes: Buffer;
  try {
    // A redirect could carry the credentials elsewhere.
    response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
    checkStatus(response, place, limits);
    bytes = await readLimited(response, place, limits.maximumBytes);
  } catch (error) {
    if (error instanceof TransientFault || error instanceof PermanentFault || error instanceof RateLimited) {
      throw error;
    }
    throw new TransientFault(`${place} could not be read: ${causeOf(error)}.`, true);
  }
  if (response.status === 204) return {};
  return { ...parse(bytes, place, api), nextLink: nextLinkOf(response, url, place) };
}

/** Address without parameters. */
function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** Code of the system where there is one: the text of a network error says less. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

function checkStatus({ status, headers }: Response, place: string, limits: ResponseLimits): void {
  if (status >= 200 && status < 300) return;
  const fault = `${place} answered ${status}`;
  if (status === 401) throw new Unauthorized(`${fault}: the credentials were refused.`);
  if (status >= 300 && status < 400) {
    throw new PermanentFault(`${fault}, a redirect, which is not followed; give the final address.`);
  }
  if (status < 500 && ![408, 425, 429].includes(status)) throw new PermanentFault(`${fault}.`);
  const wait = retryAfter(headers.get("retry-after"));
  if (wait !== undefined && wait > limits.maximumWaitMilliseconds) {
    throw new RateLimited(`${fault} and asks for a pause of ${Math.ceil(wait / 1000)} seconds.`, wait);
  }
  throw new TransientFault(`${fault}.`, status !== 429, wait);
}

/** Milliseconds that `Retry-After` asks for: it holds seconds or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

async function readLimited(response: Response, place: string, maximumBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    const part = piece as Uint8Array;
    bytes += part.byteLength;
    if (bytes > maximumBytes) {
      throw new PermanentFault(
        `${place} answered with more than ${maximumBytes} bytes; ask for smaller pages or allow larger ones.`,
      );
    }
    pieces.push(part);
  }
  return Buffer.concat(pieces);
}

function parse(bytes: Buffer, place: string, { recordsPath, graphqlQuery }: ApiRequest): ApiPage {
  const unusable = (what: string): TransientFault =>
    new TransientFault(`${place} answered with ${what}.`, true, undefined, bytes);
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable("something that is not UTF-8");
  }
  try {
    json = JSON.parse(text);
  } catch {
    throw unusable("something that is not JSON");
  }
  const errors = graphqlQuery === undefined ? undefined : valueAt(json, "errors");
  if (Array.isArray(errors) && errors.length > 0) {
    throw unusable("errors of GraphQL");
  }
  const records = valueAt(json, recordsPath);
  if (!Array.isArray(records) && records !== null) {
    throw unusable(`JSON that has no list at ${recordsPath === "" ? "its top" : `"${recordsPath}"`}`);
  }
  return { text, json };
}

/** Address of `rel="next"`; an address of another origin would get our credentials. */
function nextLinkOf({ headers }: Response, url: string, place: string): string | undefined {
  const links = headers.get("link") ?? "";
  for (const [, target = "", parameters = ""] of links.matchAll(/<([^>]*)>((?:\s*;[^,<]*)*)/g)) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?:\s|;|$))/i.test(parameters)) continue;
    const next = new URL(target, url);
    if (next.origin !== new URL(url).origin) {
      throw new PermanentFault(
        `${place} names a next page at ${next.origin}, which is not where it is itself.`,
      );
    }
    return next.href;
  }
  return undefined;
}
