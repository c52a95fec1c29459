/** Runs a script that drives a stack, in a process of its own: an inline program of the engine cannot live in jest's. */
import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";

const repository = path.resolve(__dirname, "..", "..");

/** Starts `test/e2e/<script>` with its words, as the head of a group that can be killed together. */
export function startScript(script: string, words: string[]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", path.join(__dirname, script), ...words], {
    cwd: repository,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

/** Runs such a script to its end. @returns the last line it printed, which is its result as JSON */
export async function runScript<T>(script: string, words: string[]): Promise<T> {
  const child = startScript(script, words);
  const [out, log]: Buffer[][] = [[], []];
  child.stdout!.on("data", (chunk: Buffer) => out!.push(chunk));
  child.stderr!.on("data", (chunk: Buffer) => log!.push(chunk));
  await new Promise((resolve) => child.once("close", resolve));
  const line = Buffer.concat(out!).toString("utf8").trim().split("\n").at(-1);
  if (!line) throw new Error(`${script} printed nothing:\n${Buffer.concat(log!).toString("utf8")}`);
  return JSON.parse(line) as T;
}
