/** The whole platform through the command line, as a user runs it: up, again, demo, a worse model, previews, destroy, down. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { DescribeExecutionCommand } from "@aws-sdk/client-sfn";

import { RetrainingTrigger } from "../../components/contracts/retraining";
import { eventually } from "../../local/demo/check";
import { DemoContext, openClients, readOutputs } from "../../local/demo/context";
import { scriptsFolder } from "../../local/demo/python";
import { requestTraining } from "../../local/demo/steps/retraining";
import { newestVersion, uploadSources } from "../../local/demo/steps/training";
import { emulatorStatus } from "../../local/emulators";
import { Sandbox } from "../../local/sandbox";
import { ensurePython } from "../../local/toolchain";

const repository = path.resolve(__dirname, "..", "..");
const name = "platform-test";
const minutes = 60_000;

interface Run {
  code: number;
  output: string;
}

/** Runs a command of the sandbox in a process of its own. */
function cli(...words: string[]): Promise<Run> {
  const args = ["--import", "tsx", path.join("local", "cli.ts"), ...words, "--name", name];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: repository, env: { ...process.env, CI: "true" }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    );
  });
}

type Resources = { type: string; outputs?: Record<string, unknown> }[];

/** The resources of the local stack, as the engine's file backend holds them. */
function stackResources(sandbox: Sandbox): Resources {
  const folder = path.join(sandbox.paths.engineState, ".pulumi", "stacks");
  const file = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .find((entry) => path.basename(entry) === "local.json");
  const state = JSON.parse(fs.readFileSync(path.join(folder, file as string), "utf8")) as {
    checkpoint: { latest: { resources?: Resources } };
  };
  return state.checkpoint.latest.resources ?? [];
}

function stackOutputs(sandbox: Sandbox): Record<string, unknown> {
  return stackResources(sandbox).find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

jest.setTimeout(12 * minutes);

beforeAll(() => cli("reset", "--yes"));
afterAll(() => cli("reset", "--yes"));

test("up deploys every resource and applies at least nine in ten to an emulator", async () => {
  const { code, output } = await cli("up");
  expect({ code, output }).toMatchObject({ code: 0 });
  const [, total, applied] = /(\d+) resources: (\d+) applied to an emulator/.exec(output) ?? [];
  expect(Number(total)).toBeGreaterThan(150);
  expect(Number(applied) / Number(total)).toBeGreaterThanOrEqual(0.9);
});

test("a second up of the same program is empty", async () => {
  const { code, output } = await cli("up");
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("Nothing changed") });
});

test("the demo closes the loop on real data", async () => {
  const { code, output } = await cli("demo");
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("The loop closed") });
});

test("the demo can be run again, and goes on from the versions that are there", async () => {
  const { code, output } = await cli("demo");
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("say version 4") });
});

test("promotions survive the next up, which is empty", async () => {
  const { code, output } = await cli("up");
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("Nothing changed") });
});

test("a model below the threshold is trained, refused by the gate and not registered", async () => {
  const sandbox = await Sandbox.open({ name });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "worse-model-"));
  fs.cpSync(scriptsFolder, folder, { recursive: true });
  const script = path.join(folder, "train.py");
  const source = fs.readFileSync(script, "utf8");
  const worse = source.replace('"--exclude", default=""', '"--exclude", default="departure_delay_minutes"');
  expect(worse).not.toBe(source);
  fs.writeFileSync(script, worse);
  const said: string[] = [];
  const context: DemoContext = {
    sandbox,
    ...readOutputs(stackOutputs(sandbox)),
    clients: openClients(sandbox),
    folder,
    delivery: "flights/worse-model",
    python: await ensurePython(),
    say: (line) => said.push(line),
  };
  const before = await newestVersion(context);
  await uploadSources(context, folder);
  const executionArn = await requestTraining(context, {
    trigger: RetrainingTrigger.Manual,
    idempotencyKey: `worse-${Date.now()}`,
    reason: "a model without the departure's delay",
  });
  const execution = await eventually("the end of the run", 300, async () => {
    const answer = await context.clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return answer.status === "RUNNING" ? undefined : answer;
  });
  const { gate } = JSON.parse(execution.output ?? "{}") as { gate: { decision: Record<string, unknown> } };
  expect(gate.decision).toMatchObject({ passed: false, metric: "accuracy", threshold: 0.8 });
  expect(gate.decision["value"]).toBeLessThan(0.8);
  expect(gate.decision["value"]).toBeGreaterThan(0.7);
  expect(await newestVersion(context)).toBe(before);
  fs.rmSync(folder, { recursive: true });
});

test("all environments preview on the sandbox's engine", async () => {
  const { code, output } = await cli("preview");
  expect({ code, output }).toMatchObject({ code: 0 });
  for (const environment of ["dev", "staging", "prod"]) expect(output).toContain(`Preview ${environment}`);
});

test("destroy leaves no resource, down leaves no process", async () => {
  expect(await cli("destroy", "--yes")).toMatchObject({ code: 0 });
  const sandbox = await Sandbox.open({ name });
  expect(stackResources(sandbox)).toEqual([]);
  expect(await cli("down")).toMatchObject({ code: 0 });
  expect(emulatorStatus(sandbox).filter(({ running }) => running)).toEqual([]);
});
