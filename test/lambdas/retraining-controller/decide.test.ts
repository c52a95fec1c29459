import fc from "fast-check";

import { RetrainingTrigger } from "../../../components/contracts/retraining";
import { decide, Outcome, RetrainingSituation } from "../../../lambdas/retraining-controller/decide";
import type { ControllerRequest } from "../../../lambdas/retraining-controller/request";

const hour = 3_600_000;
const now = new Date("2026-01-10T12:00:00Z");
const ago = (hours: number): Date => new Date(now.getTime() - hours * hour);
const limits = { coolDownSeconds: 6 * 3600, dailyCap: 3 };

const request = (changes: Partial<ControllerRequest> = {}): ControllerRequest => ({
  trigger: RetrainingTrigger.Drift,
  idempotencyKey: "key",
  reason: "drift is 0.5",
  hasData: true,
  ...changes,
});
const situation = (changes: Partial<RetrainingSituation> = {}): RetrainingSituation => ({
  now,
  isDuplicate: false,
  runningExecutions: [],
  recentStarts: [],
  ...changes,
});

describe("the decision", () => {
  test.each([
    { title: "nothing in the way", outcome: Outcome.Started },
    { title: "decided before", changes: { isDuplicate: true }, outcome: Outcome.Duplicate },
    { title: "an alarm without data", asks: { hasData: false }, outcome: Outcome.NoData },
    { title: "a run in flight", changes: { runningExecutions: ["drift-1"] }, outcome: Outcome.InFlight },
    { title: "a start an hour ago", changes: { recentStarts: [ago(1)] }, outcome: Outcome.CoolDown },
    {
      title: "a start a moment before the cool-down ends",
      changes: { recentStarts: [ago(5.999)] },
      outcome: Outcome.CoolDown,
    },
    {
      title: "a start exactly a cool-down ago",
      changes: { recentStarts: [ago(6)] },
      outcome: Outcome.Started,
    },
    { title: "starts out of order", changes: { recentStarts: [ago(1), ago(30)] }, outcome: Outcome.CoolDown },
    {
      title: "three starts today",
      changes: { recentStarts: [ago(20), ago(14), ago(8)] },
      outcome: Outcome.DailyCap,
    },
    {
      title: "three starts, one of them yesterday",
      changes: { recentStarts: [ago(24), ago(14), ago(8)] },
      outcome: Outcome.Started,
    },
    {
      title: "everything in the way: what is asked first counts",
      asks: { hasData: false },
      changes: { isDuplicate: true, runningExecutions: ["x"], recentStarts: [ago(1)] },
      outcome: Outcome.Duplicate,
    },
    {
      title: "no data behind it while a run is in flight",
      asks: { hasData: false },
      changes: { runningExecutions: ["x"] },
      outcome: Outcome.NoData,
    },
  ])("$title: $outcome", ({ asks, changes, outcome }) => {
    expect(decide(request(asks), situation(changes), limits).outcome).toBe(outcome);
  });

  test("says why in words that an operator can act on", () => {
    const reason = (changes: Partial<RetrainingSituation>): string =>
      decide(request(), situation(changes), limits).reason;
    expect(reason({})).toBe("drift is 0.5");
    expect(reason({ runningExecutions: ["drift-1"] })).toBe("The run drift-1 has not ended yet.");
    expect(reason({ recentStarts: [ago(1)] })).toBe(
      "The last run was started at 2026-01-10T11:00:00.000Z; the next may start at 2026-01-10T17:00:00.000Z.",
    );
    expect(reason({ recentStarts: [ago(20), ago(14), ago(8)] })).toBe(
      "3 runs were started in the last 24 hours; 3 are allowed.",
    );
  });

  const situations = fc.record({
    now: fc.constant(now),
    isDuplicate: fc.boolean(),
    runningExecutions: fc.array(fc.string(), { maxLength: 2 }),
    recentStarts: fc.array(fc.integer({ min: 0, max: 72 }).map(ago), { maxLength: 8 }),
  });
  const requests = fc.record({
    trigger: fc.constantFrom(...Object.values(RetrainingTrigger)),
    idempotencyKey: fc.string({ minLength: 1 }),
    reason: fc.string({ minLength: 1 }),
    hasData: fc.boolean(),
  });
  const anyLimits = fc.record({ coolDownSeconds: fc.nat(100_000), dailyCap: fc.integer({ min: 1, max: 6 }) });

  test("never starts against any guard, and refuses only with one", () => {
    fc.assert(
      fc.property(requests, situations, anyLimits, (asked, known, { coolDownSeconds, dailyCap }) => {
        const { outcome } = decide(asked, known, { coolDownSeconds, dailyCap });
        const ages = known.recentStarts.map((start) => (now.getTime() - start.getTime()) / 1000);
        const blocked =
          known.isDuplicate ||
          !asked.hasData ||
          known.runningExecutions.length > 0 ||
          ages.some((age) => age < coolDownSeconds) ||
          ages.filter((age) => age < 24 * 3600).length >= dailyCap;
        return (outcome === Outcome.Started) === !blocked;
      }),
    );
  });
});

test("a storm of requests never starts more than the cap in any 24 hours, nor two within the cool-down", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3 * hour), { minLength: 1, maxLength: 80 }), (gaps) => {
      const starts: Date[] = [];
      let time = now.getTime();
      gaps.forEach((gap, i) => {
        time += gap;
        const { outcome } = decide(
          request({ idempotencyKey: String(i) }),
          situation({ now: new Date(time), recentStarts: starts }),
          limits,
        );
        if (outcome === Outcome.Started) starts.push(new Date(time));
      });
      const times = starts.map((start) => start.getTime());
      expect(times.every((start, i) => i === 0 || start - (times[i - 1] ?? 0) >= 6 * hour)).toBe(true);
      expect(
        times.every((start) => times.filter((t) => t > start - 24 * hour && t <= start).length <= 3),
      ).toBe(true);
    }),
  );
});
