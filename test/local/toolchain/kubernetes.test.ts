import * as fs from "node:fs";
import * as path from "node:path";
import { ensureKubernetes } from "../../../local/toolchain/kubernetes";
import { fakeProgram, restoreEnvironmentAfterEach, setEnvironment, temporaryFolder } from "./fakes";

const folder = temporaryFolder();
let cases = 0;
let bin = "";
let assets = "";

/** "Builds" a program by keeping the arguments that it was built with. */
const FAKE_GO = `
if [ "$1" = env ]; then echo go1.26.8; echo /tmp; echo /tmp; exit 0; fi
for last; do :; done
name=$(sed -n 's,^module sandbox/,,p' go.mod)
printf "#!/bin/sh\\n# $last" > $name && chmod +x $name`;

restoreEnvironmentAfterEach();
beforeEach(() => {
  bin = path.join(folder, `bin-${cases}`);
  assets = path.join(folder, `assets-${cases}`);
  fs.mkdirSync(assets);
  setEnvironment({
    PATH: `${bin}:/usr/bin:/bin`,
    MLOPS_CACHE: path.join(folder, `cache-${cases++}`),
    KUBEBUILDER_ASSETS: undefined,
  });
});

it("KUBEBUILDER_ASSETS is used as it is", async () => {
  const etcd = fakeProgram(assets, "etcd", "");
  const apiServer = fakeProgram(assets, "kube-apiserver", "");
  setEnvironment({ KUBEBUILDER_ASSETS: assets });
  await expect(ensureKubernetes()).resolves.toEqual({ etcd, apiServer });
});

it("controllers that KUBEBUILDER_ASSETS lacks are built", async () => {
  fakeProgram(assets, "etcd", "");
  fakeProgram(assets, "kube-apiserver", "");
  fakeProgram(bin, "go", FAKE_GO);
  setEnvironment({ KUBEBUILDER_ASSETS: assets });
  const binaries = await ensureKubernetes(undefined, { controllers: true });
  expect(path.dirname(binaries.apiServer)).toBe(assets);
  expect(fs.readFileSync(binaries.controllerManager!, "utf8")).toContain(
    "k8s.io/kubernetes/cmd/kube-controller-manager",
  );
});

it("KUBEBUILDER_ASSETS without a server is named, and nothing is built in its place", async () => {
  fakeProgram(assets, "etcd", "");
  fakeProgram(bin, "go", FAKE_GO);
  setEnvironment({ KUBEBUILDER_ASSETS: assets });
  await expect(ensureKubernetes()).rejects.toThrow(
    `KUBEBUILDER_ASSETS is ${assets}, which holds no executable kube-apiserver. ` +
      `Point it to a folder with kube-apiserver and etcd, or unset it and both are built.`,
  );
  expect(fs.existsSync(process.env["MLOPS_CACHE"]!)).toBe(false);
});

it("without it each program is built once from its own module; controllers only when asked for", async () => {
  fakeProgram(bin, "go", FAKE_GO);
  const { etcd, apiServer, ...rest } = await ensureKubernetes();
  expect(rest).toEqual({});
  expect(fs.readFileSync(etcd, "utf8")).toContain("go.etcd.io/etcd/server/v3");
  expect(fs.readFileSync(apiServer, "utf8")).toContain("k8s.io/kubernetes/cmd/kube-apiserver");
  const module = fs.readFileSync(path.join(path.dirname(apiServer), "go.mod"), "utf8");
  expect(module).toContain("require k8s.io/kubernetes v1.36.3");
  expect(module.match(/^replace k8s\.io\/[a-z-]+ => k8s\.io\/[a-z-]+ v0\.36\.3$/gm)).toHaveLength(33);
  fs.rmSync(path.join(bin, "go"));
  await expect(ensureKubernetes()).resolves.toEqual({ etcd, apiServer });
});

it("without Go, the sentence names KUBEBUILDER_ASSETS as the way out", async () => {
  await expect(ensureKubernetes()).rejects.toThrow(
    /^Go 1\.25 or later is needed to build etcd and is not on PATH\. .* or set KUBEBUILDER_ASSETS to a folder/,
  );
});
