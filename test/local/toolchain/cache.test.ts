import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheRoot, ensureEntry, entryFolder, findEntry } from "../../../local/toolchain/cache";
import { noProgress } from "../../../local/toolchain/progress";
import { restoreEnvironmentAfterEach, setEnvironment, temporaryFolder } from "./fakes";

const folder = temporaryFolder();
let caches = 0;

restoreEnvironmentAfterEach();
beforeEach(() => setEnvironment({ MLOPS_CACHE: path.join(folder, `cache-${caches++}`) }));

const entry = (build: (folder: string) => Promise<void>, bytesNeeded = 0) => ({
  tool: "tool",
  version: "1",
  title: "Building tool 1",
  bytesNeeded,
  build,
});
const write = (name: string) => async (target: string) => fs.writeFileSync(path.join(target, name), name);

it.each([
  [{ MLOPS_CACHE: "/a", XDG_CACHE_HOME: "/b", HOME: "/c" }, "/a"],
  [{ XDG_CACHE_HOME: "/b" }, "/b/pulumi-mlops"],
  [{ XDG_CACHE_HOME: "" }, path.join(process.env["HOME"]!, ".cache/pulumi-mlops")],
])("with %j the cache is %s", (environment, expected) => {
  expect(cacheRoot(environment)).toBe(expected);
});

it("builds once, then finds; another version is another entry", async () => {
  const built = await ensureEntry(entry(write("a")), noProgress);
  const again = await ensureEntry(
    entry(() => Promise.reject(new Error("built twice"))),
    noProgress,
  );
  expect(again).toBe(built);
  expect(findEntry("tool", "1")).toBe(built);
  expect(findEntry("tool", "2")).toBeUndefined();
});

it("two callers at once build once, and the second says that it waits", async () => {
  let builds = 0;
  const messages: string[] = [];
  const build = async () => {
    builds++;
    await sleep(100);
  };
  await Promise.all([1, 2].map(() => ensureEntry(entry(build), (message) => messages.push(message))));
  expect(builds).toBe(1);
  expect(messages).toContainEqual(
    `Building tool 1: waiting for process ${process.pid}, which is doing it already`,
  );
});

it("a build that fails leaves nothing, and the next one starts with an empty folder", async () => {
  const failing = async (target: string) => {
    await write("half")(target);
    throw new Error("broke");
  };
  await expect(ensureEntry(entry(failing), noProgress)).rejects.toThrow("broke");
  expect(fs.readdirSync(cacheRoot())).toEqual([]);
  const built = await ensureEntry(entry(write("whole")), noProgress);
  expect(fs.readdirSync(built).sort()).toEqual(["complete.json", "whole"]);
});

it("a build that was killed does not look finished and is done again", async () => {
  const script = path.join(__dirname, "killed-build.ts");
  const { signal } = spawnSync(process.execPath, ["--import", "tsx", script], { env: process.env });
  expect(signal).toBe("SIGKILL");
  expect(fs.existsSync(path.join(entryFolder("tool", "1"), "half"))).toBe(true);
  expect(findEntry("tool", "1")).toBeUndefined();
  const built = await ensureEntry(entry(write("whole")), noProgress);
  expect(fs.readdirSync(built).sort()).toEqual(["complete.json", "whole"]);
}, 20_000);

it("a disk that is too small stops the build before it starts", async () => {
  const build = jest.fn();
  await expect(ensureEntry(entry(build, 1e18), noProgress)).rejects.toThrow(
    `Building tool 1 needs 1000000000.0 GB in ${cacheRoot()}`,
  );
  expect(build).not.toHaveBeenCalled();
});
