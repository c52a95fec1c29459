/** The Kubernetes provider on a real API server, without controllers. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startEmulators, stopEmulators } from "../../local/emulators";
import { ApiClient } from "../../local/provider/kubernetes/api-client";
import { KubernetesProvider } from "../../local/provider/kubernetes/provider";
import { Journal, readJournal } from "../../local/provider/shared/journal";
import type { Values } from "../../local/provider/shared/service";
import { Sandbox } from "../../local/sandbox";

const mergePatch = "application/merge-patch+json";
const seed = Buffer.from("");
let root: string;
let sandbox: Sandbox;
let provider: KubernetesProvider;
let client: ApiClient;
let journalFile: string;

jest.setTimeout(120_000);

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-provider-"));
  sandbox = await Sandbox.open({ name: "cluster", projectRoot: root });
  await startEmulators(sandbox, { gateway: false, providers: [] });
  journalFile = path.join(root, "journal.jsonl");
  provider = new KubernetesProvider(sandbox.paths.kubeconfig, new Journal(journalFile));
  client = new ApiClient(sandbox.paths.kubeconfig);
});

afterAll(async () => {
  await stopEmulators(sandbox);
  fs.rmSync(root, { recursive: true, force: true });
});

const call = (type: string, name: string) => ({
  connection: "test",
  urn: `urn:pulumi:local::test::${type}::${name}`,
  type,
  name,
});

async function create(type: string, name: string, news: Values) {
  const { inputs } = await provider.check({ ...call(type, name), olds: undefined, news, seed });
  return { inputs, ...(await provider.create({ ...call(type, name), inputs, preview: false })) };
}

const configMap = "kubernetes:core/v1:ConfigMap";
const deploymentType = "kubernetes:apps/v1:Deployment";

function deployment(name: string, container: Values = {}, spec: Values = {}): Values {
  return {
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "main", image: "app:1", ...container }] },
      },
      ...spec,
    },
  };
}

test("creates, updates, reads and deletes, and writes both ends of the life into the journal", async () => {
  const { id, inputs, outputs } = await create(configMap, "settings", { data: { a: "1" } });
  expect(id).toMatch(/^default\/settings-[0-9a-f]{8}$/);
  expect(outputs).toMatchObject({
    metadata: { uid: expect.any(String), namespace: "default" },
    data: { a: "1" },
  });
  const news = { ...inputs, data: { b: "2" } };
  const updated = await provider.update({
    ...call(configMap, "settings"),
    id,
    olds: outputs,
    news,
    preview: false,
  });
  expect(updated.outputs.data).toEqual({ b: "2" });
  const there = () =>
    provider.read({ ...call(configMap, "settings"), id, inputs: news, properties: updated.outputs });
  expect(await there()).toMatchObject({ id, inputs: news, outputs: { data: { b: "2" } } });
  await provider.delete({ ...call(configMap, "settings"), id, properties: updated.outputs });
  expect(await there()).toBeUndefined();
  await provider.delete({ ...call(configMap, "settings"), id, properties: updated.outputs });
  const events = readJournal(journalFile).filter((entry) => entry.id === id);
  expect(events.map(({ event }) => event)).toEqual(["created", "deleted", "deleted"]);
});

test.each([
  ["an unknown field", deployment("bad", { imagee: "x" }), /field not declared in schema/],
  [
    "an invalid quantity",
    deployment("bad", { resources: { limits: { cpu: "much" } } }),
    /quantities must match/,
  ],
  ["an invalid name", deployment("Bad_Name"), /lowercase RFC 1123 subdomain/],
  [
    "a value that is not allowed",
    deployment("bad", { imagePullPolicy: "Sometimes" }),
    /Unsupported value: "Sometimes"/,
  ],
])("%s is refused with the server's words", async (_, news, message) => {
  await expect(create(deploymentType, "bad", news)).rejects.toThrow(message);
});

test("a kind that the server does not serve names those it serves", async () => {
  await expect(create("kubernetes:apps/v1:Deploymint", "d", {})).rejects.toThrow(
    /does not serve Deploymint.*Deployment/,
  );
  await expect(create("kubernetes:example.com/v1:Thing", "t", {})).rejects.toThrow(
    /does not know that group version/,
  );
});

test("a custom resource can follow its definition at once", async () => {
  await create("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "things", {
    metadata: { name: "things.example.org" },
    spec: {
      group: "example.org",
      names: { plural: "things", singular: "thing", kind: "Thing" },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { size: { type: "integer" } } } },
        },
      ],
    },
  });
  const { outputs } = await create("kubernetes:example.org/v1:Thing", "one", {
    metadata: { name: "one" },
    size: 3,
  });
  expect(outputs.size).toBe(3);
});

test("replicas that an autoscaler sets are no drift, an image that somebody changes is", async () => {
  const { id, inputs, outputs } = await create(deploymentType, "scaled", deployment("scaled"));
  const read = () => provider.read({ ...call(deploymentType, "scaled"), id, inputs, properties: outputs });
  const at = "/apis/apps/v1/namespaces/default/deployments/scaled";
  await client.request({
    method: "PATCH",
    path: `${at}/scale`,
    contentType: mergePatch,
    body: { spec: { replicas: 7 } },
  });
  const scaled = await read();
  expect(scaled!.inputs).toEqual(inputs);
  expect(scaled!.outputs).toMatchObject({ spec: { replicas: 7 } });
  const body = { spec: { template: { spec: { containers: [{ name: "main", image: "app:2" }] } } } };
  await client.request({ method: "PATCH", path: at, contentType: mergePatch, body });
  const changed = await read();
  const difference = await provider.diff({
    ...call(deploymentType, "scaled"),
    oldInputs: changed!.inputs,
    olds: changed!.outputs,
    news: inputs,
  });
  expect(difference.properties).toEqual({ "spec.template.spec.containers[0].image": "update" });
});

test("a field of another manager is a conflict that says the way out, and can be forced", async () => {
  const { id, inputs, outputs } = await create(configMap, "shared", {
    metadata: { name: "shared" },
    data: { a: "1" },
  });
  const path = "/api/v1/namespaces/default/configmaps/shared";
  const query = { fieldManager: "somebody" };
  await client.request({
    method: "PATCH",
    path,
    query,
    contentType: mergePatch,
    body: { data: { a: "theirs" } },
  });
  const update = (news: Values) =>
    provider.update({ ...call(configMap, "shared"), id, olds: outputs, news, preview: false });
  await expect(update({ ...inputs, data: { a: "2" } })).rejects.toThrow(
    /conflict with "somebody".*pulumi.com\/patchForce/,
  );
  const metadata = { name: "shared", annotations: { "pulumi.com/patchForce": "true" } };
  expect((await update({ ...inputs, metadata, data: { a: "2" } })).outputs.data).toEqual({ a: "2" });
});

test("a field that only the server knows to be immutable replaces the object", async () => {
  const type = "kubernetes:discovery.k8s.io/v1:EndpointSlice";
  const slice = {
    metadata: { name: "slice" },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.0.0.1"] }],
  };
  const { inputs, outputs } = await create(type, "slice", slice);
  const news = { ...inputs, addressType: "IPv6", endpoints: [{ addresses: ["fd00::1"] }] };
  const diff = await provider.diff({ ...call(type, "slice"), oldInputs: inputs, olds: outputs, news });
  expect(diff).toMatchObject({ changes: true, deleteBeforeReplace: true });
  expect(diff.replaces).toContain("addressType");
});

test("a namespace is deleted with what is in it although no controller runs", async () => {
  const type = "kubernetes:core/v1:Namespace";
  const { id, outputs } = await create(type, "team", { metadata: { name: "team" } });
  await create(configMap, "inside", { metadata: { name: "inside", namespace: "team" }, data: {} });
  await provider.delete({ ...call(type, "team"), id, properties: outputs });
  await create(type, "team", { metadata: { name: "team" } });
  const { body } = await client.request<{ items: unknown[] }>({
    method: "GET",
    path: "/api/v1/namespaces/team/configmaps",
  });
  expect(body.items).toEqual([]);
});

test("an object without a namespace goes to the provider's own", async () => {
  await create("kubernetes:core/v1:Namespace", "elsewhere", { metadata: { name: "elsewhere" } });
  await provider.configure("elsewhere", { namespace: "elsewhere" });
  const target = { ...call(configMap, "there"), connection: "elsewhere" };
  const { inputs } = await provider.check({ ...target, olds: undefined, news: { data: {} }, seed });
  expect((await provider.create({ ...target, inputs, preview: false })).id).toMatch(/^elsewhere\/there-/);
});

test("a preview makes nothing", async () => {
  const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "preview" } };
  expect(await provider.create({ ...call(configMap, "preview"), inputs, preview: true })).toEqual({
    id: "",
    outputs: inputs,
  });
  expect(
    await provider.read({ ...call(configMap, "preview"), id: "default/preview", inputs, properties: {} }),
  ).toBeUndefined();
});
