import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withFileLock } from "../../../local/toolchain/file-lock";
import { identify } from "../../../local/toolchain/process-identity";
import { temporaryFolder } from "./fakes";

const folder = temporaryFolder();

it("lets one caller in at a time", async () => {
  const file = path.join(folder, "one");
  const events: string[] = [];
  const visit = (name: string) =>
    withFileLock(file, async () => {
      events.push(`${name} in`);
      await sleep(20);
      events.push(`${name} out`);
    });
  await Promise.all([visit("a"), visit("b")]);
  expect(events).toEqual(["a in", "a out", "b in", "b out"]);
  expect(fs.readdirSync(folder)).toEqual([]);
});

it("is released when the action fails", async () => {
  const file = path.join(folder, "failing");
  await expect(withFileLock(file, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(withFileLock(file, async () => "in")).resolves.toBe("in");
});

it("waits for a living owner, says so once, and takes the lock of one that was killed", async () => {
  const file = path.join(folder, "owned");
  const owner = spawn("sleep", ["60"]);
  fs.writeFileSync(file, JSON.stringify(identify(owner.pid!)));
  const waitedFor: (number | undefined)[] = [];
  const entered = withFileLock(file, async () => Date.now(), { onWait: (pid) => waitedFor.push(pid) });
  await sleep(600);
  const killedAt = Date.now();
  owner.kill("SIGKILL");
  await once(owner, "exit");
  expect(await entered).toBeGreaterThanOrEqual(killedAt);
  expect(waitedFor).toEqual([owner.pid]);
  expect(fs.readdirSync(folder)).toEqual([]);
});
