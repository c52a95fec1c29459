import type { Stack } from "@pulumi/pulumi/automation";
import type { Counts } from "../engine/activity";
import {
  type Deployment,
  deployLocal,
  openLocalStack,
  type StartedSandbox,
  startSandbox,
  withEngine,
} from "../engine/session";
import { describeSummary, requireApplied } from "../engine/summary";
import { Sandbox } from "../sandbox";
import { ensureKubernetes, ensurePulumi, ensurePython } from "../toolchain";
import { buildBundles } from "./bundles";
import type { CommandOptions } from "./options";
import { runSteps, say, sayTotal, type Step, table } from "./report";
import { describeViolations } from "./violations";

/** Starts the sandbox and deploys the local environment; what runs and is deployed already stays. */
export async function upCommand(
  options: CommandOptions,
): Promise<{ sandbox: Sandbox; deployment: Deployment }> {
  const started = Date.now();
  const sandbox = await Sandbox.open(options);
  const deployment = await withEngine(sandbox, say, () => runUp(sandbox, options));
  report(deployment);
  sayTotal(`The sandbox "${sandbox.name}" is up`, started);
  say(`  AWS_ENDPOINT_URL=${sandbox.gatewayUrl}`);
  say(`  KUBECONFIG=${sandbox.paths.kubeconfig}`);
  requireApplied(deployment.summary);
  return { sandbox, deployment };
}

async function runUp(sandbox: Sandbox, options: CommandOptions): Promise<Deployment> {
  let policyPacks: string[] = [];
  let running!: StartedSandbox;
  let stack!: Stack;
  let deployment!: Deployment;
  const steps: Step[] = [
    { title: "Get the tools", run: (progress) => getTools(options, progress) },
    {
      title: "Bundle the Lambdas and the policy pack",
      run: async () => {
        const built = await buildBundles();
        policyPacks = built.policyPacks;
        return `${Math.round(built.lambdaBytes / 1024)} KiB of Lambdas`;
      },
    },
    {
      title: "Start the emulators",
      run: async (progress) => {
        running = await startSandbox(sandbox, { controllers: options.controllers }, progress);
        const { length } = running.emulators.started;
        return length === 0 ? "all were running" : `${length} started`;
      },
    },
    {
      title: "Open the local stack",
      run: async (progress) => {
        const opened = await openLocalStack(running, { progress });
        stack = opened.stack;
        if (!opened.recovery) return;
        const { pendingOperations, orphans } = opened.recovery;
        return `a killed run was put in order: ${pendingOperations} unfinished operations, ${orphans.length} orphans`;
      },
    },
    {
      title: "Deploy the local environment",
      run: async (progress) => {
        deployment = await deployLocal(sandbox, stack, { policyPacks, progress });
        return describeCounts(deployment.counts);
      },
    },
  ];
  await runSteps(steps);
  return deployment;
}

async function getTools({ controllers }: CommandOptions, progress: (line: string) => void): Promise<void> {
  await ensurePython(progress);
  await ensurePulumi(progress);
  await ensureKubernetes(progress, { controllers });
}

/** "3 created, 120 unchanged" */
export function describeCounts(counts: Counts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([name, count]) => `${count} ${name}`).join(", ") || "nothing to do";
}

function report({ counts, violations, summary }: Deployment): void {
  const changed = counts.created + counts.updated + counts.replaced + counts.deleted;
  say("");
  for (const line of table([
    ["created", "updated", "replaced", "deleted", "unchanged", "applied", "recorded"],
    [
      ...[counts.created, counts.updated, counts.replaced, counts.deleted, counts.unchanged],
      ...[summary.applied, summary.total - summary.applied],
    ].map(String),
  ])) {
    say(line);
  }
  if (changed === 0) say("Nothing changed: the program and what is deployed agree.");
  for (const line of describeSummary(summary)) say(line);
  for (const line of describeViolations(violations)) say(line);
}
