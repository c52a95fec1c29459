import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { endLeftGroup, JobProcess, startTimeOf } from "../../../../local/gateway/sagemaker/job-process";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "job-process-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function start(script: string, onLine: (line: string) => void = () => undefined): JobProcess {
  const environment = { PATH: process.env.PATH ?? "" };
  const command = { program: "bash", arguments: ["-c", script], environment, directory: folder };
  return new JobProcess(command, path.join(folder, "logs", "job.log"), onLine);
}

const alive = async (id: number): Promise<boolean> => (await startTimeOf(id)) !== undefined;

async function untilDead(id: number): Promise<void> {
  for (let left = 100; left > 0 && (await alive(id)); left -= 1) await pause(20);
}

it("tells lines of both outputs, also to the file, and the exit status", async () => {
  const lines: string[] = [];
  const end = await start("echo one; echo two >&2; echo; exit 3", (line) => lines.push(line)).ended;
  expect(lines.sort()).toEqual(["", "one", "two"]);
  expect(end.exitCode).toBe(3);
  expect(["one", "two"]).toContain(end.lastLine);
  const logged = fs.readFileSync(path.join(folder, "logs", "job.log"), "utf8");
  expect(logged.split("\n").sort()).toEqual(["", "", "one", "two"]);
});

it("ends what the job left running in the background", async () => {
  const lines: string[] = [];
  await start("sleep 60 & echo $!; exit 0", (line) => lines.push(line)).ended;
  const background = Number(lines[0]);
  await untilDead(background);
  expect(await alive(background)).toBe(false);
});

it("stops the whole group, and kills one that does not listen", async () => {
  const job = start("trap '' TERM; sleep 60 & wait; sleep 60");
  await pause(200);
  const begin = Date.now();
  job.stop(300);
  expect((await job.ended).exitCode).toBe(128 + 9);
  expect(Date.now() - begin).toBeLessThan(5000);
});

it("reports a signal as a shell does", async () => {
  const job = start("sleep 60");
  await pause(100);
  job.stop(5000);
  expect((await job.ended).exitCode).toBe(128 + 15);
});

it("says that a command could not be started", async () => {
  const command = { program: "/no/such/program", arguments: [], environment: {}, directory: folder };
  const end = await new JobProcess(command, path.join(folder, "none.log"), () => undefined).ended;
  expect(end).toEqual({ exitCode: 127, lastLine: expect.stringContaining("/no/such/program") as string });
});

it("ends a group that was left behind, and no later process with its number", async () => {
  const job = start("sleep 60");
  const id = job.id ?? 0;
  const startedAt = (await startTimeOf(id)) ?? "";
  await endLeftGroup({ id, startedAt: "Mon Jan  1 00:00:00 2001" });
  expect(await alive(id)).toBe(true);
  await endLeftGroup({ id, startedAt });
  await job.ended;
  expect(await alive(id)).toBe(false);
});
