import * as fs from "node:fs";
import * as path from "node:path";
import { ensurePulumi } from "../../../local/toolchain/pulumi";
import { fakeProgram, restoreEnvironmentAfterEach, setEnvironment, temporaryFolder } from "./fakes";

const folder = temporaryFolder();
let bin = "";
let cases = 0;
let messages: string[] = [];
const progress = (message: string) => messages.push(message);

const FAKE_GO = `
if [ "$1" = env ]; then echo go1.26.8; echo /tmp; echo /tmp; exit 0; fi
printf '#!/bin/sh\\necho v3.259.0\\n' > pulumi && chmod +x pulumi`;

/** What `fetch` of the installer's address does. */
let installerAnswers: () => Promise<Response>;
const offline = () => Promise.reject(new TypeError("fetch failed"));

restoreEnvironmentAfterEach();
beforeEach(() => {
  bin = path.join(folder, `bin-${cases}`);
  messages = [];
  installerAnswers = offline;
  jest.spyOn(globalThis, "fetch").mockImplementation(() => installerAnswers());
  setEnvironment({ PATH: `${bin}:/usr/bin:/bin`, MLOPS_CACHE: path.join(folder, `cache-${cases++}`) });
});
afterEach(() => jest.restoreAllMocks());

it.each(["v3.259.0", "v3.248.0", "v4.0.0"])("%s on PATH is used", async (version) => {
  const command = fakeProgram(bin, "pulumi", `echo ${version}`);
  await expect(ensurePulumi(progress)).resolves.toBe(command);
  expect(messages).toEqual([]);
});

it.each([
  ["is too old", "echo v3.247.9", "Pulumi 3.247.9 on PATH is older than 3.248.0: not used"],
  [
    "does not run",
    "exit 1",
    "get.pulumi.com cannot be reached: building the Pulumi CLI from its Go module instead",
  ],
])("one on PATH that %s is not used; offline, it is built and then found", async (_what, script, message) => {
  fakeProgram(bin, "pulumi", script);
  fakeProgram(bin, "go", FAKE_GO);
  const built = await ensurePulumi(progress);
  expect(built).toBe(path.join(process.env["MLOPS_CACHE"]!, built.split("/").at(-3)!, "bin", "pulumi"));
  expect(messages).toContain(message);
  fs.rmSync(path.join(bin, "go"));
  await expect(ensurePulumi(progress)).resolves.toBe(built);
});

it("an installer that answers with an error is passed over", async () => {
  fakeProgram(bin, "go", FAKE_GO);
  installerAnswers = async () => new Response("", { status: 503 });
  await expect(ensurePulumi(progress)).resolves.toMatch(/pulumi-built/);
});

it("a built CLI that does not run is not kept", async () => {
  fakeProgram(bin, "go", FAKE_GO.replace("echo v3.259.0", "echo no such library; exit 127"));
  await expect(ensurePulumi(progress)).rejects.toThrow(
    "The Pulumi CLI was built but does not run (no such library). Instead, install the Pulumi CLI",
  );
  expect(fs.readdirSync(process.env["MLOPS_CACHE"]!)).toEqual([]);
});

it("with nothing at all, the sentence names both ways out", async () => {
  await expect(ensurePulumi(progress)).rejects.toThrow(
    /Go 1\.25 or later is needed to build pulumi .*go\.dev\/dl, or install the Pulumi CLI \(https:/,
  );
});
