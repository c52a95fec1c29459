import {
  answered,
  fieldsFromService,
  fromService,
  overlay,
  seen,
  toService,
} from "../../../../../../local/provider/aws/services/support/casing";

const rules = { names: { kmsKeyArn: "KMSKeyArn" }, maps: ["variables"] };

it.each([
  ["nested structures", { loggingConfig: { logGroup: "/a" } }, { LoggingConfig: { LogGroup: "/a" } }],
  ["lists of structures", { filters: [{ pattern: "{}" }] }, { Filters: [{ Pattern: "{}" }] }],
  ["names of their own", { kmsKeyArn: "arn" }, { KMSKeyArn: "arn" }],
  [
    "maps, whose keys are data",
    { environment: { variables: { lower: "a" } } },
    { Environment: { Variables: { lower: "a" } } },
  ],
  ["tags", { tags: { team: "ml" } }, { Tags: { team: "ml" } }],
  ["false and zero, which are settings", { enabled: false, retries: 0 }, { Enabled: false, Retries: 0 }],
])("takes %s to AWS and back", (_what, pulumi, service) => {
  expect(toService(pulumi, rules)).toEqual(service);
  expect(fromService(service, rules)).toEqual(pulumi);
});

it("leaves out what is not set, so that AWS does not see it", () => {
  expect(Object.keys(toService<object>({ a: undefined, b: null, c: "" }))).toEqual(["C"]);
});

it("writes dates as text and leaves bytes alone", () => {
  const bytes = new Uint8Array([1]);
  const fields = fieldsFromService({ CreatedAt: new Date("2026-01-02T03:04:05Z"), ZipFile: bytes });
  expect(fields).toEqual({ createdAt: "2026-01-02T03:04:05.000Z", zipFile: bytes });
  expect(fieldsFromService(undefined)).toEqual({});
});

it("tells what was looked at from what was not answered", () => {
  const answer = { description: "a" };
  expect(seen(answer, ["description", "role"])).toStrictEqual({ description: "a", role: undefined });
  expect(answered(answer, ["description", "role"])).toStrictEqual({ description: "a" });
});

it("puts an answer in part over what was known", () => {
  expect(overlay({ a: 1, b: 1 }, { b: 2 })).toEqual({ a: 1, b: 2 });
  expect(overlay(undefined, undefined)).toBeUndefined();
});
