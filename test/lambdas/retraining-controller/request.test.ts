import { RetrainingTrigger } from "../../../components/contracts/retraining";
import { toRequest } from "../../../lambdas/retraining-controller/request";

/** An event as CloudWatch sends it; `null` leaves the reason's data out. */
function alarm(recentDatapoints: (number | null)[] | null, value = "ALARM"): unknown {
  return {
    version: "0",
    id: "2f1e",
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    time: "2026-01-10T12:00:01Z",
    resources: ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:delays-drift"],
    detail: {
      alarmName: "delays-drift",
      state: {
        value,
        reason: "Threshold Crossed: 1 datapoint [0.5] was greater than the threshold (0.2).",
        ...(recentDatapoints === null
          ? {}
          : { reasonData: JSON.stringify({ version: "1.0", period: 60, recentDatapoints, threshold: 0.2 }) }),
        timestamp: "2026-01-10T12:00:00.000+0000",
      },
      previousState: { value: "OK" },
    },
  };
}

describe("an alarm's event", () => {
  test("is a request with the transition as its key and the alarm's reason", () => {
    expect(toRequest(alarm([0.5]))).toEqual({
      trigger: RetrainingTrigger.Drift,
      idempotencyKey: "delays-drift 2026-01-10T12:00:00.000+0000",
      reason: "Threshold Crossed: 1 datapoint [0.5] was greater than the threshold (0.2).",
      hasData: true,
    });
  });

  test("is the same request when it is delivered again", () => {
    const again = { ...(alarm([0.5]) as object), id: "another" };
    expect(toRequest(again).idempotencyKey).toBe(toRequest(alarm([0.5])).idempotencyKey);
  });

  test.each([
    [[], false],
    [[null], false],
    [null, false],
    [[null, 0.5], true],
    [[0], true],
  ])("with the datapoints %j has data: %p", (datapoints, hasData) => {
    expect(toRequest(alarm(datapoints)).hasData).toBe(hasData);
  });

  test("has no data when its reason cannot be read", () => {
    const event = alarm([1]) as { detail: { state: { reasonData: string } } };
    event.detail.state.reasonData = "{";
    expect(toRequest(event).hasData).toBe(false);
  });

  test("to another state is refused", () => {
    expect(() => toRequest(alarm([0.1], "OK"))).toThrow("The alarm delays-drift went to OK; only ALARM asks");
  });
});

test("a request of a person or a schedule is taken as it is", () => {
  const request = { trigger: RetrainingTrigger.Manual, idempotencyKey: "ticket-1", reason: "new labels" };
  expect(toRequest(request)).toEqual({ ...request, hasData: true });
});

test.each([
  [{}, "trigger:"],
  [null, "event:"],
  [{ trigger: "boredom", idempotencyKey: "k", reason: "r" }, "trigger:"],
  [{ trigger: "manual", idempotencyKey: "", reason: "r" }, "idempotencyKey:"],
  [{ trigger: "manual", idempotencyKey: "k" }, "reason:"],
])("%j is refused with the field that is wrong", (event, field) => {
  expect(() => toRequest(event)).toThrow("neither an alarm's state change nor");
  expect(() => toRequest(event)).toThrow(field);
});
