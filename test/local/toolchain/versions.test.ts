import { compareVersions } from "../../../local/toolchain/versions";

it.each([
  ["1.26.8", "1.25", 1],
  ["go1.25", "1.25", 0],
  ["1.25.0", "1.25", 0],
  ["3.9.18", "3.11", -1],
  ["v3.259.0", "3.248.0", 1],
  ["3.259.0-alpha.1", "3.259.0", 0],
  ["1.26rc1", "1.26", 0],
])("%s against %s is %d", (left, right, expected) => {
  expect(compareVersions(left, right)).toBe(expected);
  expect(compareVersions(right, left)).toBe(expected === 0 ? 0 : -expected);
});

it("a text without numbers is an error", () => {
  expect(() => compareVersions("unknown", "1.0")).toThrow('"unknown" holds no version number.');
});
