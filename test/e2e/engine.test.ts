/** The engine on running emulators: deploy, deploy again, kill, recover, two sandboxes, policies. */
import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import type { Counts } from "../../local/engine/activity";
import { type DeploymentState, managedResources } from "../../local/engine/deployment";
import type { Recovery } from "../../local/engine/recovery";
import { ApiClient } from "../../local/provider/kubernetes/api-client";
import { Sandbox } from "../../local/sandbox";
import type { Settings } from "./engine/run-engine";
import { runScript, startScript } from "./stack-process";

interface Result {
  error?: string;
  counts: Counts;
  outputs: { namespace: string };
  state: DeploymentState;
  recovery?: Recovery;
  gatewayUrl: string;
  kubeconfig: string;
  stopped?: string[];
}

const repository = path.resolve(__dirname, "..", "..");
const minutes = 60_000;
let projectRoot: string;

jest.setTimeout(4 * minutes);

beforeAll(() => {
  projectRoot = fs.mkdtempSync(path.join(os.tmpdir(), "engine-"));
  for (const file of ["Pulumi.yaml", "Pulumi.local.yaml"]) {
    fs.copyFileSync(path.join(repository, file), path.join(projectRoot, file));
  }
});

afterAll(async () => {
  for (const name of Sandbox.names(projectRoot)) await run(name, "down");
  fs.rmSync(projectRoot, { recursive: true, force: true });
});

test("a second up changes nothing, and a third applies only what is new", async () => {
  const first = await run("one", "up", { count: 3 });
  expect(first.counts).toMatchObject({ created: 7, failed: 0 });
  const second = await run("one", "up", { count: 3 });
  expect(second.counts).toEqual({ created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 7, failed: 0 });
  const third = await run("one", "up", { count: 3, value: "2" });
  expect(third.counts).toMatchObject({ created: 0, updated: 3, replaced: 0, deleted: 0, unchanged: 4 });
});

test("an up that is killed half-way is put in order by the next one, with nothing left over", async () => {
  const settings = { count: 40, value: "2" };
  const { sandbox, before } = await killDuringUp("one", settings);
  const after = await run("one", "up", settings);
  expect(after.error).toBeUndefined();
  expect(after.recovery).toBeDefined();
  expect(after.counts.created).toBeGreaterThan(0);
  expect(after.counts.failed).toBe(0);
  expect(after.state.pending_operations ?? []).toEqual([]);
  expect(managedResources(after.state)).toHaveLength(2 * settings.count + 1);
  expect(await physicalIds(after)).toEqual(idsInState(after.state));
  expect(fs.readFileSync(sandbox.paths.awsJournal, "utf8").split("\n").length).toBeGreaterThan(before);
  expect((await run("one", "up", settings)).counts).toMatchObject({
    unchanged: 2 * settings.count + 1,
    created: 0,
  });
});

test("a refresh finds a value that was changed behind the engine's back", async () => {
  const { outputs, kubeconfig } = await run("one", "up", { count: 1, value: "2" });
  await new ApiClient(kubeconfig).request({
    method: "PATCH",
    path: `/api/v1/namespaces/${outputs.namespace}/configmaps/settings-0`,
    query: { fieldManager: "somebody" },
    contentType: "application/merge-patch+json",
    body: { data: { value: "behind the back" } },
  });
  expect((await run("one", "refresh", { count: 1 })).counts).toMatchObject({ updated: 1, unchanged: 2 });
});

test("a manifest that the API server refuses fails the up with the server's words", async () => {
  const { error } = await run("one", "up", { count: 1, value: "3", wrongManifest: true });
  expect(error).toMatch(
    /Deployment wrong: .*the API server refused it: .*quantities must match the regular expression/,
  );
});

test("two sandboxes run side by side and know nothing of each other", async () => {
  for (const name of ["left", "right"]) await Sandbox.open({ name, projectRoot });
  const [left, right] = await Promise.all([
    run("left", "up", { count: 2 }),
    run("right", "up", { count: 3 }),
  ]);
  expect([left.error, right.error]).toEqual([undefined, undefined]);
  expect(left.gatewayUrl).not.toBe(right.gatewayUrl);
  expect(await physicalIds(left)).toEqual(idsInState(left.state));
  expect(await physicalIds(right)).toEqual(idsInState(right.state));
  expect((await run("left", "down")).stopped).toContain("ministack");
  expect((await run("right", "up", { count: 3 })).counts).toMatchObject({ unchanged: 7, created: 0 });
});

test("emulators that were ended are empty, so everything is made anew", async () => {
  await run("right", "down");
  expect((await run("right", "up", { count: 3 })).counts).toMatchObject({ created: 7, unchanged: 0 });
});

/** Kills command and engine together as soon as the providers have begun to make things. */
async function killDuringUp(name: string, settings: Settings): Promise<{ sandbox: Sandbox; before: number }> {
  const sandbox = Sandbox.find({ name, projectRoot })!;
  const lines = () => fs.readFileSync(sandbox.paths.awsJournal, "utf8").split("\n").length;
  const before = lines();
  const child = start(name, "up", settings);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (lines() < before + 5) {
    if (child.exitCode !== null) throw new Error("The up ended before it could be killed.");
    await sleep(20);
  }
  process.kill(-child.pid!, "SIGKILL");
  await ended;
  return { sandbox, before };
}

function idsInState(state: DeploymentState): string[] {
  return managedResources(state)
    .map(({ id }) => id!)
    .filter((id) => !id.startsWith("team-") || id.includes("/"))
    .sort();
}

/** Buckets and ConfigMaps as the emulators themselves list them. */
async function physicalIds({ gatewayUrl, kubeconfig }: Result): Promise<string[]> {
  const s3 = new S3Client({
    endpoint: gatewayUrl,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { body } = await new ApiClient(kubeconfig).request<{
    items: { metadata: { name: string; namespace: string } }[];
  }>({ method: "GET", path: "/api/v1/configmaps" });
  const configMaps = body.items
    .filter(({ metadata }) => metadata.namespace.startsWith("team-"))
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return [...Buckets.map(({ Name }) => Name!), ...configMaps].sort();
}

function start(name: string, action: string, settings: Partial<Settings> = {}): ChildProcess {
  return startScript("engine/run-engine.ts", [projectRoot, name, action, JSON.stringify(settings)]);
}

function run(name: string, action: string, settings: Partial<Settings> = {}): Promise<Result> {
  return runScript("engine/run-engine.ts", [projectRoot, name, action, JSON.stringify(settings)]);
}
