import { localEnvironment, plainOutputs, requireRunning, startSandbox, withEngine } from "../engine/session";
import { selectStack } from "../engine/stack";
import { Sandbox, SandboxError } from "../sandbox";
import { type CommandOptions, nameOf } from "./options";
import { say, sayTotal } from "./report";

/** Puts the real data set through the deployed platform and checks what happens. */
export async function demoCommand(options: CommandOptions): Promise<void> {
  const sandbox = Sandbox.find({ name: nameOf(options) });
  requireRunning(sandbox, nameOf(options));
  const outputs = await withEngine(sandbox, say, () => readOutputs(sandbox));
  await runDemoOn(sandbox, outputs);
}

/** The demo on a stack whose outputs are known. */
export async function runDemoOn(sandbox: Sandbox, outputs: Record<string, unknown>): Promise<void> {
  const started = Date.now();
  const { runDemo } = await import("../demo/index.js");
  await runDemo({ sandbox, outputs, say });
  sayTotal("The demo saw everything it had to see", started);
}

async function readOutputs(sandbox: Sandbox): Promise<Record<string, unknown>> {
  const { emulators } = await startSandbox(sandbox);
  const stack = await selectStack(sandbox, localEnvironment, { debugProviders: emulators.debugProviders });
  const outputs = plainOutputs(await stack.outputs());
  if (Object.keys(outputs).length > 0) return outputs;
  throw new SandboxError(
    `Nothing is deployed in the sandbox "${sandbox.name}". Deploy it with: npm run local -- up`,
  );
}
