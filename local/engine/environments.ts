/** Previews of the environments that are real accounts, on the sandbox's engine. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { z } from "zod";
import type { Emulators } from "../emulators";
import { type Sandbox, SandboxError } from "../sandbox";
import type { Progress } from "../toolchain/progress";
import { type OperationResult, preview } from "./operations";
import { type PreviewAccount, withPreviewProvider } from "./preview-provider";
import { stackSettings } from "./settings";
import { selectStack } from "./stack";

const platform = z.object({ accountId: z.string().regex(/^\d{12}$/), region: z.string().min(1) });

export interface PreviewOptions {
  policyPacks?: string[];
  program?: PulumiFn;
  progress: Progress;
}

/**
 * Says what a first `up` of the environment would make in its account. The state is empty and apart from that of the
 * local stack; nothing is made.
 *
 * @throws SandboxError when the environment does not exist, or its configuration or a resource is refused.
 */
export async function previewEnvironment(
  sandbox: Sandbox,
  emulators: Emulators,
  environment: string,
  options: PreviewOptions,
): Promise<OperationResult> {
  const root = path.join(path.dirname(sandbox.paths.engineState), "previews", environment);
  const folders = { state: path.join(root, "state"), project: path.join(root, "project") };
  const account = accountOf(sandbox, environment, folders.project);
  fs.rmSync(folders.state, { recursive: true, force: true });
  return withPreviewProvider(sandbox, emulators.debugProviders, account, async (debugProviders) => {
    const { program, progress, policyPacks } = options;
    const stack = await selectStack(sandbox, environment, { debugProviders, folders, program, progress });
    return preview({ stack, progress, policyPacks });
  });
}

function accountOf(sandbox: Sandbox, environment: string, workFolder: string): PreviewAccount {
  const { config } = stackSettings(sandbox.projectRoot, environment, workFolder);
  const parsed = platform.safeParse(config?.["mlops:platform"]);
  if (parsed.success) return parsed.data;
  throw new SandboxError(
    `Pulumi.${environment}.yaml has no usable account and region:\n${z.prettifyError(parsed.error)}`,
  );
}
