import { ApiPagination, ApiPaging, ApiRequest } from "../../../components/contracts/api-polling";
import { PollOutcome } from "../../../lambdas/api-poller/poll";
import {
  FakeApi,
  FakeCloud,
  json,
  pollOnce,
  replayOnce,
  settingsOf,
  startOfTime,
  TestTime,
} from "./polling-bench";

Object.assign(process.env, { AWS_REGION: "eu-west-1" });
const api = new FakeApi();
let cloud: FakeCloud;
let time: TestTime;
let origin: string;
const items = Array.from({ length: 7 }, (_, index) => ({ id: index }));

beforeAll(async () => {
  origin = await api.start();
});
afterAll(() => api.stop());
beforeEach(() => {
  cloud = new FakeCloud();
  cloud.install();
  time = startOfTime();
  api.requests.length = 0;
});
afterEach(() => jest.restoreAllMocks());

const request = (changes: Partial<ApiRequest> = {}): ApiRequest => ({
  url: `${origin}/orders`,
  recordsPath: "data",
  ...changes,
});

describe("pages", () => {
  const ways: { name: string; paging: ApiPaging; answer: FakeApi["answer"]; graphqlQuery?: string }[] = [
    {
      name: "one response",
      paging: { kind: ApiPagination.None },
      answer: (_, response) => json(response, { data: items }),
    },
    {
      name: "page numbers",
      paging: { kind: ApiPagination.PageNumber, sizeParameter: "size", pageSize: 5 },
      // Gives fewer than asked for, as many APIs do.
      answer: ({ url }, response) => {
        const page = Number(new URL(url ?? "", origin).searchParams.get("page")) - 1;
        json(response, { data: items.slice(page * 2, page * 2 + 2) });
      },
    },
    {
      name: "offsets",
      paging: { kind: ApiPagination.Offset, sizeParameter: "limit", pageSize: 5 },
      answer: ({ url }, response) => {
        const offset = Number(new URL(url ?? "", origin).searchParams.get("offset"));
        json(response, { data: items.slice(offset, offset + 3) });
      },
    },
    {
      name: "cursors with an empty page between",
      paging: { kind: ApiPagination.Cursor, cursorPath: "meta.next" },
      answer: ({ url }, response) => {
        const cursor = new URL(url ?? "", origin).searchParams.get("cursor");
        if (cursor === null) json(response, { data: items.slice(0, 4), meta: { next: "b" } });
        else if (cursor === "b") json(response, { data: [], meta: { next: "c" } });
        else json(response, { data: items.slice(4), meta: { next: null } });
      },
    },
    {
      name: "links",
      paging: { kind: ApiPagination.LinkHeader },
      answer: ({ url }, response) => {
        const isLast = url?.includes("after=4") ?? false;
        json(
          response,
          { data: isLast ? items.slice(4) : items.slice(0, 4) },
          isLast ? {} : { link: `<${origin}/first>; rel="first", </orders?after=4>; rel="next"` },
        );
      },
    },
    {
      name: "a word that says whether more follows",
      paging: { kind: ApiPagination.PageNumber, firstPage: 0, hasMorePath: "more" },
      answer: ({ url }, response) => {
        const page = Number(new URL(url ?? "", origin).searchParams.get("page"));
        json(response, { data: items.slice(page * 4, page * 4 + 4), more: page === 0 });
      },
    },
    {
      name: "GraphQL connections",
      paging: { kind: ApiPagination.GraphQLCursor, cursorPath: "info" },
      graphqlQuery: "query($after: String) { orders(after: $after) { id } }",
      answer: (_, response, body) => {
        const { variables } = JSON.parse(body) as { variables: { after?: string } };
        const isLast = variables.after === "four";
        json(response, {
          data: isLast ? items.slice(4) : items.slice(0, 4),
          info: { hasNextPage: !isLast, endCursor: isLast ? "end" : "four" },
        });
      },
    },
  ];

  test.each(ways)("by $name bring every record", async ({ paging, answer, graphqlQuery }) => {
    api.answer = answer;
    const report = await pollOnce(settingsOf(request({ paging, graphqlQuery })), time);
    expect(report).toMatchObject({ outcome: PollOutcome.Finished, recordsIn: 7, recordsWritten: 7 });
    expect(cloud.records()).toEqual(items);
    expect([...cloud.objects.keys()][0]).toMatch(
      /^orders\/shop\/year=2026\/month=03\/day=01\/[0-9a-f]{32}\.jsonl$/,
    );
  });

  test("read again are the same objects, and new content is a new one", async () => {
    const settings = settingsOf(request());
    api.answer = (_, response) => json(response, { data: items });
    expect(await pollOnce(settings, time)).toMatchObject({ recordsWritten: 7, recordsRepeated: 0 });
    expect(await pollOnce(settings, time)).toMatchObject({ recordsWritten: 0, recordsRepeated: 7 });
    expect(cloud.objects.size).toBe(1);
    api.answer = (_, response) => json(response, { data: [...items, { id: 7 }] });
    await pollOnce(settings, time);
    expect(cloud.objects.size).toBe(2);
  });

  test("are read on where the call before stopped", async () => {
    const paging = { kind: ApiPagination.Offset };
    api.answer = ({ url }, response) => {
      const offset = Number(new URL(url ?? "", origin).searchParams.get("offset"));
      json(response, { data: items.slice(offset, offset + 3) });
    };
    const settings = settingsOf(request({ paging }), { MAXIMUM_PAGES: 2 });
    expect(await pollOnce(settings, time)).toMatchObject({
      outcome: PollOutcome.MorePages,
      recordsWritten: 6,
    });
    expect(await pollOnce(settings, time)).toMatchObject({
      outcome: PollOutcome.Finished,
      recordsWritten: 1,
    });
    expect(api.requests.map(({ url }) => url.searchParams.get("offset"))).toEqual(["0", "3", "6", "7"]);
  });

  test.each([
    ["a token that comes back", { kind: ApiPagination.Cursor, cursorPath: "next" }, ["a", "b", "c"]],
    ["pages that are always the same", { kind: ApiPagination.PageNumber }, ["a"]],
  ])("in circles are noticed: %s", async (_, paging, cycle) => {
    let served = 0;
    api.answer = (_, response) => json(response, { data: items, next: cycle[served++ % cycle.length] });
    await expect(pollOnce(settingsOf(request({ paging })), time)).rejects.toThrow("circles");
    expect(served).toBeLessThan(20);
  });

  test("at another address are refused, as the credentials would go there", async () => {
    api.answer = (_, response) =>
      json(response, { data: items }, { link: '<https://elsewhere.test/orders>; rel="next"' });
    const settings = settingsOf(request({ paging: { kind: ApiPagination.LinkHeader } }));
    await expect(pollOnce(settings, time)).rejects.toThrow("https://elsewhere.test");
  });
});

describe("records", () => {
  test("keep every digit", async () => {
    const text = '{"data": [\n {"id": 12345678901234567890,\n "price": 1.10, "note": "a\\nb ] } \\" "}\n]}';
    api.answer = (_, response) => void response.end(text);
    await pollOnce(settingsOf(request()), time);
    expect([...cloud.objects.values()]).toEqual([
      '{"id": 12345678901234567890,  "price": 1.10, "note": "a\\nb ] } \\" "}\n',
    ]);
  });

  test("that are no objects are dead letters, one for each", async () => {
    api.answer = (_, response) => json(response, { data: [{ id: 1 }, 5, null, [1], "text"] });
    const report = await pollOnce(settingsOf(request()), time);
    expect(report).toMatchObject({ recordsIn: 5, recordsWritten: 1, recordsDeadLettered: 4 });
    expect(cloud.payloads()).toEqual(["5", "null", "[1]", '"text"']);
    expect(cloud.deadLetters()[0]).toMatchObject({
      dataset: "orders",
      reason: "The record is a number; a JSON object is needed.",
    });
  });

  test("from dead letters come into the raw zone once they can, and stay where they cannot", async () => {
    const letter = (payload: string, from: string): string =>
      JSON.stringify({
        dataset: "orders",
        reason: "It was wrong.",
        payload: Buffer.from(payload).toString("base64"),
        origin: from,
        failedAt: "2026-03-01T12:00:00Z",
      });
    cloud.letters.push(
      letter('{"id": 1}', "page 1#0"),
      letter("5", "page 1#1"),
      letter('{"data": [{"id": 2}, {"id": 3}]}', "response shop 1"),
      letter("<html>", "response shop 2"),
      "no letter at all",
    );
    expect(await replayOnce(settingsOf(request()))).toEqual({
      replayed: 2,
      failedAgain: 3,
      recordsWritten: 3,
    });
    expect(cloud.records()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(cloud.letters.filter((left) => left !== "")).toHaveLength(3);
  });
});

describe("what is new", () => {
  const increment = { field: "at", parameter: "since", initial: "2026-01-01T00:00:00Z" };
  const asked = (): (string | null)[] => api.requests.map(({ url }) => url.searchParams.get("since"));

  test("is asked for from the highest value of the walk before", async () => {
    const settings = settingsOf(request({ increment }));
    api.answer = (_, response) =>
      json(response, {
        data: [{ at: "2026-02-02T00:00:00Z" }, { at: "2026-02-01T00:00:00Z" }, { at: null }],
      });
    await pollOnce(settings, time);
    api.answer = (_, response) => json(response, { data: [{ at: "2026-01-15T00:00:00Z" }] });
    await pollOnce(settings, time);
    await pollOnce(settings, time);
    expect(asked()).toEqual(["2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-02T00:00:00Z"]);
  });

  test("is not jumped over because of a record from the future", async () => {
    const settings = settingsOf(request({ increment: { ...increment, overlap: 3600 } }));
    api.answer = (_, response) =>
      json(response, { data: [{ at: "2099-01-01T00:00:00Z" }, { at: "2026-02-02T00:00:00Z" }] });
    await pollOnce(settings, time);
    await pollOnce(settings, time);
    expect(asked()).toEqual(["2026-01-01T00:00:00Z", "2026-02-01T23:00:00.000Z"]);
    expect(cloud.records()).toHaveLength(4);
  });

  test("is read from the beginning of the walk again when the configuration changed on the way", async () => {
    const paging = { kind: ApiPagination.Cursor, cursorPath: "next" };
    api.answer = (_, response) => json(response, { data: [{ id: 1 }], next: "b" });
    await pollOnce(settingsOf(request({ paging }), { MAXIMUM_PAGES: 1 }), time);
    await pollOnce(settingsOf(request({ paging, query: { state: "open" } }), { MAXIMUM_PAGES: 1 }), time);
    expect(api.requests.map(({ url }) => url.search)).toEqual(["", "?state=open"]);
  });
});
