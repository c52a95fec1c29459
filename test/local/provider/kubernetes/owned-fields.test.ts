import type { FieldSet, KubernetesObject } from "../../../../local/provider/kubernetes/kubernetes-object";
import { fieldManager, findDrift, withDrift } from "../../../../local/provider/kubernetes/owned-fields";

const owned: FieldSet = {
  "f:spec": {
    "f:template": {
      "f:spec": {
        "f:containers": {
          'k:{"name":"model"}': {
            ".": {},
            "f:name": {},
            "f:image": {},
            "f:env": { 'k:{"name":"MODE"}': { ".": {}, "f:name": {}, "f:value": {} } },
          },
        },
      },
    },
  },
};

function deployment(
  image: string,
  env: { name: string; value: string }[],
  replicas?: number,
): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", managedFields: [{ manager: fieldManager, operation: "Apply", fieldsV1: owned }] },
    spec: { replicas, template: { spec: { containers: [{ name: "model", image, env }] } } },
  };
}

const mode = { name: "MODE", value: "fast" };
const before = deployment("a:1", [mode], 3);

test("what others own is no drift: replicas, another environment variable before ours", () => {
  const live = deployment("a:1", [{ name: "VERSION", value: "7" }, mode], 8);
  live.status = { replicas: 8 };
  expect(findDrift(before, live)).toEqual([]);
});

test.each([
  ["an image", deployment("a:2", [mode]), ["spec.template.spec.containers.0.image", "a:2"]],
  [
    "a variable behind another one",
    deployment("a:1", [
      { name: "VERSION", value: "7" },
      { ...mode, value: "slow" },
    ]),
    ["spec.template.spec.containers.0.env.0.value", "slow"],
  ],
])("%s of ours that was changed goes into the inputs", (_, live, [path, value]) => {
  const inputs = structuredClone(before);
  const changed = withDrift(inputs, findDrift(before, live));
  const at = path!
    .split(".")
    .reduce<unknown>((object, name) => (object as Record<string, unknown>)[name], changed);
  expect(at).toBe(value);
  expect(inputs).toEqual(before);
});

test("a variable of ours that was removed disappears from the inputs", () => {
  const changed = withDrift(before, findDrift(before, deployment("a:1", [])));
  expect(JSON.stringify(changed)).not.toContain('"fast"');
});

test("a data key with a dot in its name is one field", () => {
  const fields = { "f:data": { "f:settings.yaml": {} } };
  const map = (text: string): KubernetesObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { managedFields: [{ manager: fieldManager, operation: "Apply", fieldsV1: fields }] },
    data: { "settings.yaml": text, other: text },
  });
  const changed = withDrift({ data: { "settings.yaml": "a" } }, findDrift(map("a"), map("b")));
  expect(changed).toEqual({ data: { "settings.yaml": "b" } });
});
