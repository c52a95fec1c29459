import { createHash } from "node:crypto";

import { Caller, CircuitOpen, maximumWaitMilliseconds, Pace } from "./caller";
import type { Credentials } from "./credentials";
import { higherCursor, highestCursor } from "./cursor";
import { PermanentFault, RateLimited, TransientFault, Unauthorized } from "./faults";
import { nextToken, watchLoop } from "./pagination";
import { dayFolder, PageRecords, RawZone, recordsOf } from "./raw-zone";
import { pageRequest, requestHash } from "./request";
import { ApiPage, fetchPage } from "./response";
import type { Settings } from "./settings";
import type { PollState, Position, StateTable, Walk } from "./state-table";

/** Why a call ended without a fault. */
export enum PollOutcome {
  /** The walk came to its end. */
  Finished = "finished",
  /** More pages wait for the next call. */
  MorePages = "more-pages",
  /** Another call was faster and goes on. */
  Overtaken = "overtaken",
  /** The service failed too often and is left alone for a while. */
  CircuitOpen = "circuit-open",
  /** The service asked to be left alone for a while. */
  RateLimited = "rate-limited",
}

/** What a call did, also when it ends with a fault. */
export interface PollCounts {
  pagesRead: number;
  recordsIn: number;
  recordsWritten: number;
  /** Of pages that are in the raw zone already, word for word. */
  recordsRepeated: number;
  recordsDeadLettered: number;
  circuitOpen: boolean;
}

/** What a call works with. */
export interface PollTools {
  settings: Settings;
  state: StateTable;
  rawZone: RawZone;
  credentials: Credentials;
  pace: Pace;
  now(): Date;
}

/** Counts before anything happened. */
export function noCounts(): PollCounts {
  return {
    pagesRead: 0,
    recordsIn: 0,
    recordsWritten: 0,
    recordsRepeated: 0,
    recordsDeadLettered: 0,
    circuitOpen: false,
  };
}

/**
 * Reads pages from where the call before ended. Each page is safe in the raw zone before the position moves past it,
 * so a call that dies is repeated from its last page, and nothing is lost.
 * @param counts - counted up while the call goes on
 * @throws TransientFault or PermanentFault when the API cannot be read; the position stays
 */
export async function poll(tools: PollTools, counts: PollCounts): Promise<PollOutcome> {
  const { settings, state: table, pace, now } = tools;
  const state = await table.load();
  if (state.resumeAfter > now().getTime()) return PollOutcome.RateLimited;
  const caller = new Caller(
    {
      timeoutMilliseconds: settings.TIMEOUT_SECONDS * 1000,
      retries: settings.RETRIES,
      breakerFailures: settings.BREAKER_FAILURES,
      breakerPauseMilliseconds: settings.BREAKER_PAUSE_SECONDS * 1000,
    },
    pace,
    state.circuit,
  );
  try {
    return await walkOn(state, caller, tools, counts);
  } catch (error) {
    return await endWith(error, state, tools, counts);
  } finally {
    counts.circuitOpen = caller.isOpen;
    if (caller.circuit !== state.circuit) await table.note({ circuit: caller.circuit });
  }
}

async function walkOn(
  { version, position }: PollState,
  caller: Caller,
  tools: PollTools,
  counts: PollCounts,
): Promise<PollOutcome> {
  const { settings, state: table, pace, now } = tools;
  const since = position.since;
  const hash = requestHash(settings.API);
  let walk = position.walk;
  let saved = version;
  const save = (next: Position): Promise<boolean> => table.savePosition(saved++, next, now());
  if (walk?.requestHash !== hash) {
    walk = { startedAt: now().toISOString(), requestHash: hash };
    if (!(await save({ since, walk }))) return PollOutcome.Overtaken;
  }
  for (;;) {
    if (counts.pagesRead >= settings.MAXIMUM_PAGES || !pace.hasTimeFor(settings.TIMEOUT_SECONDS * 1000)) {
      return PollOutcome.MorePages;
    }
    const current = walk;
    const page = await caller.call((signal) => fetchAuthorized(current, since, tools, signal));
    const records = recordsOf(page, settings.API.recordsPath, originOf(walk, since));
    const next = walkAfter(walk, page, records, tools);
    await deliver(records, walk, since, tools, counts);
    const highest = higherCursor(walk.highest, next.highest);
    if (next.token === undefined) {
      const done = await save(withoutUndefined({ since: higherCursor(since, highest) }));
      return done ? PollOutcome.Finished : PollOutcome.Overtaken;
    }
    const loop = watchLoop(walk.loop, next.step);
    if (loop === undefined) {
      throw new PermanentFault("The pages of the API go in circles: a page came for the second time.");
    }
    walk = withoutUndefined({ ...walk, token: next.token, highest, loop });
    if (!(await save(withoutUndefined({ since, walk })))) return PollOutcome.Overtaken;
  }
}

/** Asks for a page; credentials that were refused are read again, as they may have been rotated. */
async function fetchAuthorized(
  walk: Walk,
  since: string | undefined,
  { settings, credentials }: PollTools,
  signal: AbortSignal,
): Promise<ApiPage> {
  const request = pageRequest(settings.API, since, walk.token);
  const limits = { maximumBytes: settings.MAXIMUM_RESPONSE_BYTES, maximumWaitMilliseconds };
  const attempt = async (): Promise<ApiPage> => {
    const headers = { ...request.headers, ...(await credentials.headers(signal)) };
    return fetchPage({ ...request, headers }, settings.API, limits, signal);
  };
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Unauthorized)) throw error;
    credentials.forget();
    return attempt();
  }
}

/** What follows from a page: the next token, a mark that is the same if the page comes again, and its highest value. */
function walkAfter(
  walk: Walk,
  page: ApiPage,
  records: PageRecords,
  { settings: { API: api }, now }: PollTools,
): { token?: string; step: string; highest?: string } {
  const token = nextToken(api.paging, walk.token, page, records.values.length);
  const counted = api.paging?.cursorPath === undefined && page.nextLink === undefined;
  return {
    token,
    // Numbers of pages never repeat, so an API that ignores them is known by its content.
    step: digest(counted ? (page.text ?? "") : (token ?? "")),
    highest:
      api.increment === undefined ? undefined : highestCursor(records.values, api.increment.field, now()),
  };
}

async function deliver(
  { values, lines, refused }: PageRecords,
  walk: Walk,
  since: string | undefined,
  { rawZone, now }: PollTools,
  counts: PollCounts,
): Promise<void> {
  await rawZone.keepDeadLetters(refused, now());
  const isNew = await rawZone.write(
    lines,
    dayFolder(walk.startedAt),
    walk.requestHash,
    since ?? "",
    walk.token ?? "",
  );
  counts.pagesRead++;
  counts.recordsIn += values.length;
  counts.recordsWritten += isNew ? lines.length : 0;
  counts.recordsRepeated += isNew ? 0 : lines.length;
  counts.recordsDeadLettered += refused.length;
}

/** Ends a call that met a fault: a service that is to be left alone is no fault of the call. */
async function endWith(
  error: unknown,
  state: PollState,
  tools: PollTools,
  counts: PollCounts,
): Promise<PollOutcome> {
  const { state: table, now } = tools;
  if (error instanceof CircuitOpen) return PollOutcome.CircuitOpen;
  if (error instanceof RateLimited) {
    await table.note({ resumeAfter: now().getTime() + error.retryAfterMilliseconds });
    return PollOutcome.RateLimited;
  }
  if (error instanceof TransientFault && error.response !== undefined) {
    await keepResponse(error.response, error.message, state, tools, counts);
  }
  throw error;
}

/** Keeps a response that could not be used; the same one again is not kept again. */
async function keepResponse(
  response: Buffer,
  reason: string,
  state: PollState,
  { settings, state: table, rawZone, now }: PollTools,
  counts: PollCounts,
): Promise<void> {
  const hash = digest(response);
  if (hash === state.unusableResponse) return;
  const origin = `response ${settings.SOURCE} ${hash}`;
  await rawZone.keepDeadLetters([{ payload: response, reason, origin }], now());
  await table.note({ unusableResponse: hash });
  counts.recordsIn++;
  counts.recordsDeadLettered++;
}

const digest = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 32);

const originOf = ({ requestHash: request, token }: Walk, since: string | undefined): string =>
  `page ${digest(JSON.stringify([request, since ?? "", token ?? ""]))}`;

/** Without members that have no value, as JSON keeps it. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
