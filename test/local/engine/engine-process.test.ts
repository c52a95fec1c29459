import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { engineProcesses, isPulumi } from "../../../local/engine/engine-process";
import { Sandbox } from "../../../local/sandbox";

let root: string;
let children: ChildProcess[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "engine-process-"));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  fs.rmSync(root, { recursive: true, force: true });
});

/** A process whose executable has that name. */
async function processNamed(name: string): Promise<number> {
  const file = path.join(root, name);
  fs.symlinkSync(execFileSync("which", ["sleep"], { encoding: "utf8" }).trim(), file);
  const child = spawn(file, ["30"], { stdio: "ignore" });
  children.push(child);
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  return child.pid!;
}

test.each([process.platform, "darwin"] as const)(
  "only an engine is taken for one, even if its pid was reused (%s)",
  async (platform) => {
    expect(isPulumi(await processNamed("pulumi"), platform)).toBe(true);
    expect(isPulumi(await processNamed("stranger"), platform)).toBe(false);
    expect(isPulumi(await processNamed("not-pulumi"), platform)).toBe(false);
    expect(isPulumi(2 ** 22 + 1, platform)).toBe(false);
  },
);

test("locks name the engines that hold them; half a lock names none", async () => {
  const sandbox = await Sandbox.open({ name: "locks", projectRoot: root });
  expect(engineProcesses(sandbox)).toEqual([]);
  const folder = path.join(sandbox.paths.engineState, ".pulumi/locks/organization/platform/local");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "whole.json"), JSON.stringify({ pid: 4711, username: "me" }));
  fs.writeFileSync(path.join(folder, "half.json"), '{"pid":47');
  fs.writeFileSync(path.join(folder, "empty.json"), "");
  fs.writeFileSync(path.join(folder, "null.json"), "null");
  fs.writeFileSync(path.join(folder, "without.json"), "{}");
  expect(engineProcesses(sandbox)).toEqual([4711]);
});
