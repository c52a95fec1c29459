import { describeSummary, requireApplied, summarize } from "../../../local/engine/summary";

const resources = (type: string, count: number, custom = true) =>
  Array.from({ length: count }, (_, index) => ({
    urn: `urn:${type}:${index}`,
    type,
    custom,
    id: `${index}`,
  }));
const reason = (type: string) => (type.startsWith("aws:recorded") ? "nobody serves it" : undefined);

test("counts resources of providers only and names the recorded types", () => {
  const state = {
    resources: [
      ...resources("pulumi:pulumi:Stack", 1, false),
      ...resources("pulumi:providers:aws", 1),
      ...resources("mlops:index:Network", 3, false),
      ...resources("aws:s3/bucket:Bucket", 18),
      ...resources("aws:recorded:Thing", 2),
    ],
  };
  const summary = summarize(state, reason);
  expect(summary).toMatchObject({ total: 20, applied: 18, appliedShare: 0.9 });
  expect(describeSummary(summary).join("\n")).toContain("2 × aws:recorded:Thing: nobody serves it");
  expect(() => requireApplied(summary)).not.toThrow();
});

test("below 90 % the command fails, and rounding does not hide it", () => {
  const state = {
    resources: [...resources("aws:s3/bucket:Bucket", 8_999), ...resources("aws:recorded:Thing", 1_001)],
  };
  expect(() => requireApplied(summarize(state, reason))).toThrow("8999 of 10000 resources (89.9 %)");
});

test("an empty stack has nothing that could be missing", () => {
  expect(summarize({}, reason)).toEqual({ total: 0, applied: 0, recorded: [], appliedShare: 1 });
});
