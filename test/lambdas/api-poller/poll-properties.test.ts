import fc from "fast-check";

import { ApiPagination, ApiPaging } from "../../../components/contracts/api-polling";
import { compareCursors, higherCursor, highestCursor } from "../../../lambdas/api-poller/cursor";
import { slicesAt, valueAt } from "../../../lambdas/api-poller/json-slices";
import { LoopWatch, watchLoop } from "../../../lambdas/api-poller/pagination";
import { PollOutcome } from "../../../lambdas/api-poller/poll";
import { FakeApi, FakeCloud, json, pollOnce, settingsOf, startOfTime } from "./polling-bench";

Object.assign(process.env, { AWS_REGION: "eu-west-1" });
const api = new FakeApi();
let origin: string;

beforeAll(async () => {
  origin = await api.start();
});
afterAll(() => api.stop());
afterEach(() => jest.restoreAllMocks());

interface Order {
  id: number;
  at: number;
}

enum Fault {
  None,
  ServerError,
  RateLimit,
  Reset,
  HalfBody,
  Html,
}

/** An API that shows records in the order of `at`, with faults while there are some left. */
function serve(kind: ApiPagination, orders: Order[], pageSize: number, faults: Fault[]): void {
  api.answer = (request, response) => {
    const fault = faults.shift() ?? Fault.None;
    if (fault === Fault.ServerError) return void response.writeHead(500).end();
    if (fault === Fault.RateLimit) return void response.writeHead(429, { "retry-after": "1" }).end();
    if (fault === Fault.Reset) return void request.socket.destroy();
    if (fault === Fault.Html) return void response.end("<html>");
    if (fault === Fault.HalfBody) return void response.end('{"data": [{"id"');
    const { searchParams } = new URL(request.url ?? "", origin);
    const asked = Number(searchParams.get("token") ?? 0);
    const start = kind === ApiPagination.PageNumber ? (asked - 1) * pageSize : asked;
    const since = Number(searchParams.get("since"));
    const due = orders.filter(({ at }) => at >= since).sort((one, other) => one.at - other.at);
    const end = start + pageSize;
    const hasMore = end < due.length;
    const link = `</orders?since=${since}&token=${end}>; rel="next"`;
    const headers = kind === ApiPagination.LinkHeader && hasMore ? { link } : undefined;
    json(response, { data: due.slice(start, end), next: hasMore ? end : null }, headers);
  };
}

const pagingOf = (kind: ApiPagination): ApiPaging => ({
  kind,
  parameter: "token",
  ...(kind === ApiPagination.Cursor ? { cursorPath: "next" } : {}),
});

const kinds = fc.constantFrom(
  ApiPagination.PageNumber,
  ApiPagination.Offset,
  ApiPagination.Cursor,
  ApiPagination.LinkHeader,
);
const fault = fc.integer({ min: 0, max: Fault.Html });
/** Commands to AWS after which a call dies, by their number. */
const deaths = fc.uniqueArray(fc.integer({ min: 0, max: 25 }), { maxLength: 6 });

describe("whatever the paging and whatever fails for a while", () => {
  test("every record comes into the raw zone once, and the cursor never goes back", async () => {
    await fc.assert(
      fc.asyncProperty(
        kinds,
        fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 24 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(fault, { maxLength: 20 }),
        deaths,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (kind, times, pageSize, faults, dying, maximumPages, overlapping) => {
          const cloud = new FakeCloud();
          cloud.install();
          let commands = 0;
          cloud.before = () => {
            if (dying.includes(commands++)) throw new Error("The process died.");
          };
          const orders = times.map((at, id) => ({ id, at }));
          serve(kind, orders, pageSize, [...faults]);
          const settings = settingsOf(
            {
              url: `${origin}/orders`,
              recordsPath: "data",
              paging: pagingOf(kind),
              increment: { field: "at", parameter: "since", initial: "0" },
            },
            { MAXIMUM_PAGES: maximumPages, RETRIES: 2, BREAKER_FAILURES: 3, BREAKER_PAUSE_SECONDS: 0 },
          );
          const time = startOfTime();
          let finished = false;
          for (let call = 0; call < 150 && !finished; call++) {
            const calls = [pollOnce(settings, time), ...(overlapping ? [pollOnce(settings, time)] : [])];
            for (const result of await Promise.allSettled(calls)) {
              finished ||= result.status === "fulfilled" && result.value.outcome === PollOutcome.Finished;
            }
          }
          expect(finished).toBe(true);
          const ids = (cloud.records() as Order[]).map(({ id }) => id);
          expect([...new Set(ids)].sort((one, other) => one - other)).toEqual(orders.map(({ id }) => id));
          // With the process alive, one call after the other, nothing is read by two walks.
          if (!overlapping && dying.length === 0) expect(ids).toHaveLength(orders.length);
          const sinces = cloud.positions.map(({ since }) => Number(since ?? -1));
          expect(sinces).toEqual([...sinces].sort((one, other) => one - other));
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe("slices", () => {
  test("are the elements that parsing gives, each on one line", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.jsonValue(),
        fc.constantFrom(undefined, 1, "\t"),
        (list, other, indent) => {
          const text = JSON.stringify({ "a b": other, rows: [0, { list }], z: other }, null, indent);
          const slices = slicesAt(text, "rows.1.list");
          expect(slices.map((slice) => JSON.parse(slice) as unknown)).toEqual(
            valueAt(JSON.parse(text), "rows.1.list"),
          );
          expect(slices.filter((slice) => /[\r\n]/.test(slice))).toEqual([]);
        },
      ),
    );
  });

  test("are of the last member where two have one name, as in parsing", () => {
    expect(slicesAt('{"a":[1],"\\u0061":[2,3]}', "a")).toEqual(["2", "3"]);
  });

  test("are found in a large text in time that grows with its size", () => {
    const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, text: 'x "\\] '.repeat(10) }));
    expect(slicesAt(JSON.stringify({ rows }), "rows")).toHaveLength(50_000);
  });

  test("do not follow what every object inherits", () => {
    expect(valueAt({ a: 1 }, "constructor.name")).toBeUndefined();
  });
});

describe("the watch for circles", () => {
  test("finds every circle, in a time that goes with its length, and no other", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 60 }), (before, length) => {
        const step = (index: number): string =>
          String(index < before ? index : before + ((index - before) % length));
        let watch: LoopWatch | undefined;
        let steps = 0;
        do watch = watchLoop(watch, step(steps++));
        while (watch !== undefined && steps < 1000);
        expect(watch).toBeUndefined();
        expect(steps).toBeGreaterThan(before + length);
        expect(steps).toBeLessThanOrEqual(5 * (before + length) + 5);
      }),
    );
  });
});

describe("cursors", () => {
  test.each([
    ["9", "10"],
    ["12345678901234567890", "12345678901234567891"],
    ["1.5", "1.75"],
    ["2026-01-01T10:00:00+02:00", "2026-01-01T09:00:00Z"],
    ["2026-01-01", "2026-01-02"],
    ["abc", "abd"],
  ])("%s comes before %s", (lower, higher) => {
    expect(compareCursors(lower, higher)).toBeLessThan(0);
    expect(compareCursors(higher, lower)).toBeGreaterThan(0);
    expect(higherCursor(lower, higher)).toBe(higher);
  });

  test("take no value that JSON rounds, and none from the future", () => {
    const now = new Date("2026-03-01T00:00:00Z");
    const highest = (values: unknown[]): string | undefined =>
      highestCursor(
        values.map((at) => ({ at })),
        "at",
        now,
      );
    expect(highest([2 ** 60, 5, 1e300, null, { a: 1 }])).toBe("5");
    expect(highest(["2026-02-01", "2026-03-02", "2026-03-01T00:04:00Z"])).toBe("2026-03-01T00:04:00Z");
    expect(highest([])).toBeUndefined();
  });
});
