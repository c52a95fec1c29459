import { isSuperseded, promotedPointer, rolledBackPointer } from "../../../lambdas/model-promoter/pointer";
import { toRequest } from "../../../lambdas/model-promoter/request";
import { toMetadata } from "../../../lambdas/shared/model-evidence";
import { pointer } from "../pointers";

const times = { decidedAt: "2026-02-01T00:00:00.000Z", promotedAt: "2026-02-01T00:00:05.000Z" };

test("a promotion takes its evidence from the registry and remembers who served before", () => {
  const metadata = toMetadata({
    metrics: { accuracy: 0.93 },
    baselineUri: "s3://registry/baseline.json",
    evaluationUri: "s3://registry/evaluation.json",
    dataUri: "s3://curated/flights/",
    trigger: "manual",
    trainingJobName: "job",
    executionName: "run",
  });
  const registered = {
    arn: "arn:package/5",
    version: 5,
    modelDataUrl: "s3://registry/model.tar.gz",
    metadata,
  };
  expect(promotedPointer("delays", registered, pointer(4), times)).toEqual({
    model: "delays",
    version: 5,
    modelPackageArn: "arn:package/5",
    modelDataUrl: "s3://registry/model.tar.gz",
    baselineUri: "s3://registry/baseline.json",
    metrics: { accuracy: 0.93 },
    ...times,
    previousVersion: 4,
  });
  expect(promotedPointer("delays", registered, undefined, times)).not.toHaveProperty("previousVersion");
});

test.each([
  ["an older approval", "2026-01-02T11:59:59Z", pointer(2), true],
  ["the same approval again", "2026-01-02T12:00:00Z", pointer(2), false],
  [
    "a newer approval, decided before the last one was carried out",
    "2026-01-02T12:00:02Z",
    pointer(2),
    false,
  ],
  ["the first approval", "2026-01-01T00:00:00Z", undefined, false],
])("%s is superseded as it should be", (_title, decidedAt, current, superseded) => {
  expect(isSuperseded(decidedAt, current)).toBe(superseded);
});

describe("a rollback", () => {
  const now = "2026-03-01T00:00:00.000Z";
  const history = [pointer(1), pointer(2), pointer(3)];

  test("goes to the version before, and again to the one before that", () => {
    const second = rolledBackPointer("delays", pointer(3), history, now);
    expect(second).toEqual({ ...pointer(2), promotedAt: now, decidedAt: now });
    const first = rolledBackPointer("delays", second, [...history, second], now);
    expect(first).toMatchObject({ version: 1, modelDataUrl: pointer(1).modelDataUrl });
    expect(() => rolledBackPointer("delays", first, history, now)).toThrow(
      "Version 1 of delays is the first that served; there is nothing to go back to.",
    );
  });

  test("is refused where there is nothing to go back to", () => {
    expect(() => rolledBackPointer("delays", undefined, [], now)).toThrow("delays has no champion");
    expect(() => rolledBackPointer("delays", pointer(3), [pointer(1)], now)).toThrow(
      "Version 2 of delays is no longer in the pointer's history",
    );
  });

  test("makes an approval from before it old", () => {
    const back = rolledBackPointer("delays", pointer(3), history, now);
    expect(isSuperseded(pointer(3).decidedAt ?? "", back)).toBe(true);
  });
});

describe("an event", () => {
  const approval = (detail: Record<string, string> = {}): unknown => ({
    source: "aws.sagemaker",
    "detail-type": "SageMaker Model Package State Change",
    time: "2026-01-10T12:00:00Z",
    detail: {
      ModelPackageArn: "arn:aws:sagemaker:eu-west-1:123456789012:model-package/delays/5",
      ModelPackageGroupName: "delays",
      ModelApprovalStatus: "Approved",
      ...detail,
    },
  });

  test("is an approval or a rollback", () => {
    expect(toRequest(approval(), "delays")).toEqual({
      action: "promote",
      modelPackageArn: "arn:aws:sagemaker:eu-west-1:123456789012:model-package/delays/5",
      decidedAt: "2026-01-10T12:00:00.000Z",
    });
    expect(toRequest({ action: "rollback", fromVersion: 3 }, "delays")).toEqual({
      action: "rollback",
      fromVersion: 3,
    });
  });

  test.each([
    [approval({ ModelPackageGroupName: "fraud" }), "is not in the group delays"],
    [approval({ ModelApprovalStatus: "Rejected" }), "is Rejected; only an approved version is promoted"],
    [{ action: "rollback", fromVersion: "3" }, "neither the approval of a model package nor"],
    [{ action: "promote" }, "neither the approval of a model package nor"],
  ])("of another kind is refused: %j", (event, message) => {
    expect(() => toRequest(event, "delays")).toThrow(message);
  });
});
