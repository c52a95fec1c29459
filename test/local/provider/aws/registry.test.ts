import {
  appliedTypes,
  isApplied,
  recordedReason,
  resourceHandler,
} from "../../../../local/provider/aws/registry";

describe("registry", () => {
  it("serves every applied type by a handler of its own, under its name or an older one", () => {
    const types = appliedTypes();
    expect(types.length).toBeGreaterThan(80);
    for (const type of types) {
      const handler = resourceHandler(type);
      expect([handler?.type, ...(handler?.aliases ?? [])]).toContain(type);
      expect(type).toMatch(/^aws:[a-z0-9]+\/(\w+):\w+$/i);
    }
  });

  it("names the reason of a type that is recorded, and none of one that is applied", () => {
    expect(recordedReason("aws:s3/bucket:Bucket")).toBeUndefined();
    expect(isApplied("aws:s3/bucketV2:BucketV2")).toBe(true);
    expect(isApplied("aws:unheard/of:Of")).toBe(false);
    expect(recordedReason("aws:unheard/of:Of")).toBe(
      "the sandbox's aws provider has no handler for the type",
    );
    expect(
      recordedReason("aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"),
    ).toBe("MiniStack takes the call and keeps nothing of it");
  });
});
