import type { OperationResult } from "../engine/operations";
import { preview } from "../engine/operations";
import { previewEnvironment } from "../engine/environments";
import {
  localEnvironment,
  openLocalStack,
  type StartedSandbox,
  startSandbox,
  withEngine,
} from "../engine/session";
import { environmentNames } from "../engine/settings";
import { Sandbox, SandboxError } from "../sandbox";
import { buildBundles } from "./bundles";
import type { CommandOptions } from "./options";
import { runSteps, say, sayTotal, type Step } from "./report";
import { describeCounts } from "./up";
import { describeViolations } from "./violations";

/** Previews one environment, or each of them in turn, with the policy pack; nothing is made. */
export async function previewCommand(
  environment: string | undefined,
  options: CommandOptions,
): Promise<void> {
  const started = Date.now();
  const sandbox = await Sandbox.open(options);
  const known = environmentNames(sandbox.projectRoot);
  if (environment !== undefined && !known.includes(environment)) {
    throw new SandboxError(`There is no environment "${environment}"; there are: ${known.join(", ")}.`);
  }
  const chosen = environment === undefined ? known : [environment];
  await withEngine(sandbox, say, () => runPreviews(sandbox, chosen, options));
  sayTotal(`${chosen.join(", ")}: previewed`, started);
}

async function runPreviews(sandbox: Sandbox, environments: string[], options: CommandOptions): Promise<void> {
  let running!: StartedSandbox;
  let policyPacks: string[] = [];
  const results: [string, OperationResult][] = [];
  const steps: Step[] = [
    {
      title: "Bundle the Lambdas and the policy pack",
      run: async () => {
        ({ policyPacks } = await buildBundles());
      },
    },
    {
      title: "Start the emulators",
      run: async (progress) => {
        running = await startSandbox(sandbox, { controllers: options.controllers }, progress);
      },
    },
    ...environments.map((environment) => ({
      title: `Preview ${environment}`,
      run: async (progress: (line: string) => void) => {
        const context = { policyPacks, progress };
        const result =
          environment === localEnvironment
            ? await preview({ ...context, stack: (await openLocalStack(running, { progress })).stack })
            : await previewEnvironment(sandbox, running.emulators, environment, context);
        results.push([environment, result]);
        return describeCounts(result.counts);
      },
    })),
  ];
  await runSteps(steps);
  for (const [environment, { violations }] of results) {
    for (const line of describeViolations(violations)) say(`${environment}: ${line}`);
  }
}
