import { diffInputs } from "../../../../local/provider/kubernetes/difference";
import { unknownValue } from "../../../../local/provider/shared/signatures";

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", annotations: { "example.com/note": "a" } },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { spec: { containers: [{ name: "c", image: "a:1" }] } },
  },
};

function changed(change: (copy: typeof deployment) => void) {
  const copy = JSON.parse(JSON.stringify(deployment)) as typeof deployment;
  change(copy);
  return diffInputs("Deployment", deployment, copy);
}

test("equal inputs are no change, null counts as absent", () => {
  expect(changed(() => undefined).changes).toBe(false);
  expect(diffInputs("ConfigMap", { data: { a: "1" } }, { data: { a: "1" }, immutable: null }).changes).toBe(
    false,
  );
});

test.each([
  [
    "an image in place",
    (d: typeof deployment) => (d.spec.template.spec.containers[0]!.image = "a:2"),
    "spec.template.spec.containers[0].image",
    false,
  ],
  [
    "an annotation in place",
    (d: typeof deployment) => (d.metadata.annotations["example.com/note"] = "b"),
    'metadata.annotations["example.com/note"]',
    false,
  ],
  [
    "the selector by a new object",
    (d: typeof deployment) => (d.spec.selector.matchLabels.app = "x"),
    "spec.selector.matchLabels.app",
    true,
  ],
  ["the name by a new object", (d: typeof deployment) => (d.metadata.name = "x"), "metadata.name", true],
])("changes %s", (_, change, path, replaces) => {
  const difference = changed(change);
  expect(difference.properties).toEqual({ [path]: "update" });
  expect(difference.replaces).toEqual(replaces ? [path] : []);
});

test("an object with a fixed name goes before its replacement comes, one with a generated name after it", () => {
  const role = (annotations: Record<string, string>, name: string) => ({
    metadata: { name: "r", annotations },
    roleRef: { name },
  });
  const generated = { "pulumi.com/autonamed": "true" };
  expect(diffInputs("RoleBinding", role({}, "a"), role({}, "b")).deleteBeforeReplace).toBe(true);
  expect(diffInputs("RoleBinding", role(generated, "a"), role(generated, "b")).deleteBeforeReplace).toBe(
    false,
  );
  const moved = { ...role({}, "a"), metadata: { name: "r", namespace: "other", annotations: {} } };
  expect(diffInputs("RoleBinding", role({}, "a"), moved).deleteBeforeReplace).toBe(false);
});

test("the contents of an immutable Secret are replaced, those of another one are not", () => {
  const secret = (immutable: boolean, a: string) => ({ metadata: { name: "s" }, immutable, data: { a } });
  expect(diffInputs("Secret", secret(true, "1"), secret(true, "2")).replaces).toEqual(["data.a"]);
  expect(diffInputs("Secret", secret(false, "1"), secret(false, "2")).replaces).toEqual([]);
});

test("a value that a preview does not know is a change", () => {
  const map = { data: { a: unknownValue } };
  expect(diffInputs("ConfigMap", map, map).properties).toEqual({ "data.a": "update" });
});
