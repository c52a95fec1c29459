import * as fc from "fast-check";
import { defaultsKey } from "../../../../../local/provider/aws/framework/check";
import { diffInputs } from "../../../../../local/provider/aws/framework/diff";
import type { ResourceHandler } from "../../../../../local/provider/aws/framework/types";
import { noDifference } from "../../../../../local/provider/shared/service";
import { unknownValue } from "../../../../../local/provider/shared/signatures";

const calls = { create: async () => ({ id: "" }), read: async () => ({}), delete: async () => undefined };
const updatable: ResourceHandler = {
  ...calls,
  type: "aws:a/b:B",
  autoname: { property: "name", maximumLength: 63 },
  replaceOn: ["name", "zone"],
  unordered: ["members"],
  verbatim: ["value"],
  update: async () => undefined,
};
const fixed: ResourceHandler = { ...calls, type: "aws:a/c:C" };

const inputs = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue(), { maxKeys: 6 });

describe("diffInputs", () => {
  it("finds nothing in inputs that are the same", () => {
    fc.assert(
      fc.property(inputs, (values) =>
        expect(diffInputs(updatable, values, structuredClone(values))).toEqual(noDifference),
      ),
    );
  });

  it("finds exactly the inputs that were added, removed and changed", () => {
    const difference = diffInputs(updatable, { a: 1, b: 1, c: 1 }, { b: 2, c: 1, d: 1 });
    expect(difference.properties).toEqual({ a: "delete", b: "update", d: "add" });
    expect(difference.replaces).toEqual([]);
  });

  it("replaces for what the handler names, for another region, and for everything where it cannot update", () => {
    expect(diffInputs(updatable, { zone: "a", size: 1 }, { zone: "b", size: 2 }).replaces).toEqual(["zone"]);
    expect(diffInputs(updatable, { region: "us-east-1" }, { region: "eu-west-1" }).replaces).toEqual([
      "region",
    ]);
    expect(diffInputs(fixed, { size: 1 }, { size: 2 }).replaces).toEqual(["size"]);
  });

  it("never replaces what is only recorded", () => {
    const recorded = { ...fixed, recordedBecause: "nobody serves it" };
    expect(diffInputs(recorded, { size: 1 }, { size: 2 })).toMatchObject({ changes: true, replaces: [] });
    expect(diffInputs(undefined, { size: 1 }, { size: 2 })).toMatchObject({ changes: true, replaces: [] });
  });

  it("deletes first only where the program fixed the name and keeps it", () => {
    const made = { [defaultsKey]: ["name"] };
    const change = (olds: object, news: object) =>
      diffInputs(updatable, { name: "a", zone: "a", ...olds }, { name: "a", zone: "b", ...news })
        .deleteBeforeReplace;
    expect(change({}, {})).toBe(true);
    expect(change({}, { name: "b" })).toBe(false);
    expect(change(made, made)).toBe(false);
    expect(diffInputs(updatable, { name: "a", size: 1 }, { name: "a", size: 2 }).deleteBeforeReplace).toBe(
      false,
    );
  });

  it("counts a value that is not known yet as a change", () => {
    const difference = diffInputs(
      updatable,
      { zone: "a", size: 1 },
      { zone: unknownValue, size: [unknownValue] },
    );
    expect(difference.properties).toEqual({ zone: "update", size: "update" });
    expect(difference.replaces).toEqual(["zone"]);
  });

  it("knows lists without order and texts that are data", () => {
    expect(diffInputs(updatable, { members: ["a", "b"] }, { members: ["b", "a"] }).changes).toBe(false);
    expect(diffInputs(updatable, { others: ["a", "b"] }, { others: ["b", "a"] }).changes).toBe(true);
    expect(diffInputs(updatable, { value: "{}" }, { value: "{ }" }).changes).toBe(true);
    expect(diffInputs(updatable, { policy: "{}" }, { policy: "{ }" }).changes).toBe(false);
  });
});
