import { contains } from "../../../../../../local/provider/aws/services/support/contains";

it.each([
  [true, "AWS adds settings", { a: 1, b: 2 }, { a: 1 }],
  [true, "lists in another order", ["x", "y"], ["y", "x"]],
  [true, "lists of structures with additions", [{ a: 1, z: 0 }, { a: 2 }], [{ a: 2 }, { a: 1 }]],
  [true, "nothing asked for", { a: 1 }, undefined],
  [false, "another value", { a: 1 }, { a: 2 }],
  [false, "a missing setting", {}, { a: 1 }],
  [false, "a longer list", ["x", "y"], ["x"]],
  [false, "one item for two", ["x", "y"], ["x", "x"]],
  [false, "no structure at all", undefined, { a: 1 }],
])("%s for %s", (expected, _what, whole, part) => {
  expect(contains(whole, part)).toBe(expected);
});
