import { isAutonamed, withName } from "../../../../local/provider/kubernetes/naming";
import { metadataOf } from "../../../../local/provider/kubernetes/kubernetes-object";
import { unknownValue } from "../../../../local/provider/shared/signatures";

const seed = Buffer.from("seed");

test("a name that the program gave is kept as it is", () => {
  const news = { metadata: { name: "web", labels: { a: "b" } } };
  expect(withName("logical", news, undefined, seed)).toBe(news);
});

test("a missing name becomes the logical name and 8 hex characters, the same for the same seed", () => {
  const named = withName("web", {}, undefined, seed);
  expect(metadataOf(named).name).toMatch(/^web-[0-9a-f]{8}$/);
  expect(withName("web", {}, undefined, seed)).toEqual(named);
  expect(isAutonamed(named)).toBe(true);
});

test("a generated name is kept in an update, a given one is not taken over", () => {
  const generated = withName("web", {}, undefined, seed);
  const other = Buffer.from("other");
  expect(metadataOf(withName("web", {}, generated, other)).name).toBe(metadataOf(generated).name);
  const given = { metadata: { name: "fixed" } };
  expect(metadataOf(withName("web", {}, given, other)).name).toMatch(/^web-[0-9a-f]{8}$/);
});

test("a generated name is at most as long as a DNS label", () => {
  expect(metadataOf(withName("n".repeat(80), {}, undefined, seed)).name).toHaveLength(63);
});

test("metadata that a preview does not know yet is left alone", () => {
  const news = { metadata: unknownValue };
  expect(withName("web", news, undefined, seed)).toBe(news);
});
