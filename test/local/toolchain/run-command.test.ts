import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, lastWords, runCommand } from "../../../local/toolchain/run-command";
import { temporaryFolder } from "./fakes";

const folder = temporaryFolder();
const shell = (script: string, options = {}) => runCommand("/bin/sh", ["-c", script], options);

it("gives what the tool said, line by line while it runs", async () => {
  const lines: string[] = [];
  const result = await shell("echo one; echo two >&2; printf $X", {
    environment: { X: "three" },
    onLine: (line: string) => lines.push(line),
  });
  expect(result).toEqual({ status: 0, stdout: "one\nthree", stderr: "two\n", timedOut: false });
  expect([...lines].sort()).toEqual(["one", "three", "two"]);
});

it.each([
  ["echo working; echo ERROR: it broke >&2; exit 3", "ERROR: it broke"],
  ["echo ERROR: pip >&2; echo >&2; echo '[notice] a new pip exists' >&2; exit 1", "ERROR: pip"],
  ["exit 1", "it said nothing"],
])("a failure of %j is told by its last words", async (script, words) => {
  const error = await shell(script).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CommandError);
  expect(lastWords((error as CommandError).result)).toBe(words);
});

it("a missing tool is a failure with its name", async () => {
  await expect(runCommand(path.join(folder, "absent"), [])).rejects.toThrow(/absent.*ENOENT/);
});

it("ends a tool that takes too long, with everything it started", async () => {
  const beat = path.join(folder, "beat");
  const child = `while true; do echo x >> ${beat}; sleep 0.05; done`;
  const start = Date.now();
  await expect(shell(`(${child}) & wait`, { timeoutMilliseconds: 400 })).rejects.toThrow("it took too long");
  expect(Date.now() - start).toBeLessThan(5_000);
  await sleep(100);
  const size = fs.statSync(beat).size;
  await sleep(300);
  expect(fs.statSync(beat).size).toBe(size);
});
