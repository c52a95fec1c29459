/** The stack of one environment on the real Pulumi engine, with its state in a folder of the sandbox. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import type { Sandbox } from "../sandbox";
import { ensurePulumi } from "../toolchain";
import { type Progress, noProgress } from "../toolchain/progress";
import { platformProgram } from "./program";
import { projectSettings, stackSettings } from "./settings";
import { prepareTools } from "./tools";

/** Where one stack keeps what the engine writes. */
export interface EngineFolders {
  /** File backend. */
  state: string;
  /** Work folder of the Automation API. */
  project: string;
}

export interface StackOptions {
  /** Value of PULUMI_DEBUG_PROVIDERS, such as `aws:1234,kubernetes:1235,awsx:1236`. */
  debugProviders: string;
  /** @default the platform of `stacks/` */
  program?: PulumiFn;
  /** @default the sandbox's own engine folders */
  folders?: EngineFolders;
  progress?: Progress;
}

/**
 * Opens the stack of an environment; it is created on the first call.
 *
 * @param environment name of a `Pulumi.<environment>.yaml`
 * @throws SandboxError when the environment does not exist or no Pulumi CLI can be had.
 */
export async function selectStack(
  sandbox: Sandbox,
  environment: string,
  options: StackOptions,
): Promise<Stack> {
  const { state, project } = options.folders ?? engineFolders(sandbox);
  for (const folder of [state, project]) fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const command = await ensurePulumi(options.progress ?? noProgress);
  const toolRoot = path.dirname(sandbox.paths.pulumiHome);
  prepareTools(toolRoot, command);
  const settings = projectSettings(sandbox.projectRoot, state);
  return LocalWorkspace.createOrSelectStack(
    { stackName: environment, projectName: settings.name, program: options.program ?? platformProgram },
    {
      workDir: project,
      pulumiHome: sandbox.paths.pulumiHome,
      pulumiCommand: await PulumiCommand.get({ root: toolRoot }),
      projectSettings: settings,
      stackSettings: { [environment]: stackSettings(sandbox.projectRoot, environment, project) },
      secretsProvider: "passphrase",
      envVars: engineEnvironment(sandbox, options.debugProviders),
    },
  );
}

export function engineFolders(sandbox: Sandbox): EngineFolders {
  return { state: sandbox.paths.engineState, project: sandbox.paths.engineProject };
}

function engineEnvironment(sandbox: Sandbox, debugProviders: string): Record<string, string> {
  return {
    ...sandbox.awsEnvironment(),
    KUBECONFIG: sandbox.paths.kubeconfig,
    PULUMI_CONFIG_PASSPHRASE: passphrase(sandbox),
    PULUMI_DEBUG_PROVIDERS: debugProviders,
    // Everything is on this machine: nothing is looked up or downloaded.
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The user's own login must not be used.
    PULUMI_ACCESS_TOKEN: "",
    PULUMI_BACKEND_URL: "",
  };
}

/** Made once: with it secrets lie encrypted in the state even on a laptop. */
function passphrase(sandbox: Sandbox): string {
  const file = path.join(path.dirname(sandbox.paths.pulumiHome), "passphrase");
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return fs.readFileSync(file, "utf8");
}
