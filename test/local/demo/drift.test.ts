import { untilNextPeriod } from "../../../local/demo/steps/drift";

const at = (time: string): number => Date.parse(`2026-11-23T${time}Z`);

test.each([
  ["raised this minute, measured this minute", "10:00:05", "10:00:35", 25_000],
  ["raised on the minute's first moment", "10:00:00", "10:00:00", 60_000],
  ["raised this minute, measured in the next", "10:00:59", "10:01:00", 0],
  ["raised an hour ago", "09:00:00", "10:00:30", 0],
])("a measurement waits for a period of its own: %s", (_case, raised, now, expected) => {
  expect(untilNextPeriod(at(raised), 60, at(now))).toBe(expected);
});
