import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { identify, isRunning } from "../../../local/toolchain/process-identity";

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

function sleeper(): ChildProcess {
  const child = spawn("sleep", ["60"]);
  children.push(child);
  return child;
}

it("a running process is recognised until it ends", async () => {
  const child = sleeper();
  const identity = identify(child.pid!)!;
  expect(isRunning(identity)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isRunning(identity)).toBe(false);
});

it("another process with the same pid is not the one that was recorded", () => {
  const identity = identify(sleeper().pid!)!;
  expect(isRunning({ ...identity, startedAt: `${identity.startedAt}0` })).toBe(false);
});

it("a pid that nobody has names nobody", () => {
  expect(identify(2 ** 22 + 1)).toBeUndefined();
});
