import * as fc from "fast-check";
import { sameValue } from "../../../../local/provider/shared/compare";
import {
  archiveSignature,
  assetSignature,
  signatureKey,
  unknownValue,
} from "../../../../local/provider/shared/signatures";

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

/** The same JSON with the keys of every object in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe("sameValue", () => {
  it("finds every value the same as its copy, with keys in any order", () => {
    fc.assert(fc.property(json, (value) => expect(sameValue(value, reversed(value))).toBe(true)));
  });

  it("is symmetric", () => {
    fc.assert(fc.property(json, json, (a, b) => expect(sameValue(a, b)).toBe(sameValue(b, a))));
  });

  it("reads JSON documents whatever their white space and order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        expect(sameValue(JSON.stringify(value), JSON.stringify(reversed(value), undefined, 2))).toBe(true);
      }),
    );
  });

  it.each([
    ["a number and its text", 5, "5"],
    ["false and nothing", false, undefined],
    ["lists in another order", ["a", "b"], ["b", "a"]],
    ["a document with another value", '{"a":1}', '{"a":2}'],
    ["lists in another order inside a document that is no policy", '{"a":[1,2]}', '{"a":[2,1]}'],
    ["a document and the same text in a text", '{"a":1}', '"{}"'],
  ])("tells apart %s", (_what, a, b) => expect(sameValue(a, b)).toBe(false));

  it.each([
    ["nothing and null", undefined, null],
    ["a field that is null and one that is not there", { a: 1, b: null }, { a: 1 }],
  ])("does not tell apart %s", (_what, a, b) => expect(sameValue(a, b)).toBe(true));

  it("compares lists without order where it is told to, whatever they hold", () => {
    fc.assert(
      fc.property(fc.array(json), (items) => {
        expect(sameValue(items, [...items].reverse(), { unordered: true })).toBe(true);
      }),
    );
    expect(sameValue(["a"], ["a", "a"], { unordered: true })).toBe(false);
  });

  it("takes documents as plain text where they are data", () => {
    expect(sameValue('{"a":1}', '{"a": 1}', { verbatim: true })).toBe(false);
  });

  it("never finds an unknown value the same, not even as itself", () => {
    expect(sameValue(unknownValue, unknownValue)).toBe(false);
    expect(sameValue({ a: [unknownValue] }, { a: [unknownValue] })).toBe(false);
  });

  it("compares assets and archives by their hash", () => {
    const asset = (hash: string, path: string) => ({ [signatureKey]: assetSignature, hash, path });
    expect(sameValue(asset("1", "/a"), asset("1", "/b"))).toBe(true);
    expect(sameValue(asset("1", "/a"), asset("2", "/a"))).toBe(false);
    expect(
      sameValue(
        { [signatureKey]: archiveSignature, hash: "1" },
        { [signatureKey]: archiveSignature, hash: "2" },
      ),
    ).toBe(false);
  });
});

describe("sameValue of policies", () => {
  const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const base = {
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: "*",
    Principal: { AWS: "*" },
  };

  it.each<[string, object]>([
    ["actions in another order", { ...base, Action: ["s3:PutObject", "s3:GetObject"] }],
    ["a list of one instead of the one", { ...base, Resource: ["*"] }],
    ["everybody in another way", { ...base, Principal: "*" }],
    ["everybody as a list", { ...base, Principal: { AWS: ["*"] } }],
  ])("does not tell apart %s", (_what, other) => expect(sameValue(policy(base), policy(other))).toBe(true));

  it("does not tell apart one statement and a list of it, nor a flag and its text", () => {
    const condition = (secure: unknown) => ({
      ...base,
      Condition: { Bool: { "aws:SecureTransport": secure } },
    });
    expect(sameValue(JSON.stringify({ Statement: base }), JSON.stringify({ Statement: [base] }))).toBe(true);
    expect(sameValue(policy(condition(false)), policy(condition("false")))).toBe(true);
    expect(sameValue(policy(condition(false)), policy(condition(true)))).toBe(false);
  });

  it.each<[string, object]>([
    ["an action less", { ...base, Action: ["s3:GetObject"] }],
    ["the other effect", { ...base, Effect: "Deny" }],
    ["another principal", { ...base, Principal: { Service: "*" } }],
  ])("tells apart %s", (_what, other) => expect(sameValue(policy(base), policy(other))).toBe(false));

  it("takes statements in any order", () => {
    const other = { ...base, Effect: "Deny" };
    const both = (first: object, second: object) => JSON.stringify({ Statement: [first, second] });
    expect(sameValue(both(base, other), both(other, base))).toBe(true);
  });
});
