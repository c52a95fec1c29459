import { partitionPrefixes, windowOf } from "../../../lambdas/drift-detector/window";

const now = new Date("2026-03-01T00:30:00Z");

describe("the window of a run", () => {
  test("ends now and is as long as configured", () => {
    expect(windowOf({}, 24, now)).toEqual({ start: new Date("2026-02-28T00:30:00Z"), end: now });
  });

  test("can be asked for, in whole or at one end", () => {
    const [start, end] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];
    expect(windowOf({ windowStart: start, windowEnd: end }, 1, now)).toEqual({
      start: new Date(start),
      end: new Date(end),
    });
    expect(windowOf({ windowEnd: end }, 1, now).start).toEqual(new Date("2026-01-01T23:00:00Z"));
    expect(windowOf({ windowStart: "2026-02-28T22:00:00Z" }, 1, now).end).toBe(now);
  });

  test.each([
    [{ windowStart: "2026-01-02T00:00:00Z", windowEnd: "2026-01-01T00:00:00Z" }, "is empty"],
    [{ windowStart: "2026-03-01T00:30:00Z" }, "to now is empty"],
    [{ windowStart: "2026-01-01T00:00:00Z", windowEnd: "2026-02-15T00:00:00Z" }, "longer than 31 days"],
  ])("%j is refused: %s", (request, message) => {
    expect(() => windowOf(request, 24, now)).toThrow(message);
  });

  test("is read from every hour that it touches, over the end of a month", () => {
    const window = { start: new Date("2026-02-28T22:59:00Z"), end: now };
    expect(partitionPrefixes("delays", window)).toEqual([
      "delays/year=2026/month=02/day=28/hour=22/",
      "delays/year=2026/month=02/day=28/hour=23/",
      "delays/year=2026/month=03/day=01/hour=00/",
    ]);
  });
});
