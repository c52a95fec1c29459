/** Project and stack settings of the engine, made out of the repository's own Pulumi files. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProjectSettings, StackSettings } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { SandboxError } from "../sandbox";

/** Environments that have a `Pulumi.<environment>.yaml`, sorted. */
export function environmentNames(projectRoot: string): string[] {
  return fs
    .readdirSync(projectRoot)
    .map((file) => /^Pulumi\.([a-z][a-z0-9-]*)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** Settings of the repository's project, with the state in a folder of the sandbox. */
export function projectSettings(projectRoot: string, stateFolder: string): ProjectSettings {
  const { name, description } = readYaml(path.join(projectRoot, "Pulumi.yaml")) as {
    name: string;
    description?: string;
  };
  // No `main`: the program is handed over as a function.
  return { name, description, runtime: "nodejs", backend: { url: `file://${stateFolder}` } };
}

/**
 * Settings of the environment's stack. The salt of its secrets is kept from the last run, for another salt would make
 * the secrets in the state unreadable.
 *
 * @throws SandboxError when the repository has no file for the environment.
 */
export function stackSettings(projectRoot: string, environment: string, workFolder: string): StackSettings {
  const file = path.join(projectRoot, `Pulumi.${environment}.yaml`);
  if (!fs.existsSync(file)) {
    throw new SandboxError(
      `There is no environment "${environment}": ${file} does not exist. Environments are ` +
        `${environmentNames(projectRoot).join(", ")}.`,
    );
  }
  const { config } = readYaml(file) as StackSettings;
  return { config, encryptionSalt: keptSalt(path.join(workFolder, `Pulumi.${environment}.yaml`)) };
}

function keptSalt(file: string): string | undefined {
  if (!fs.existsSync(file)) return undefined;
  const kept = readYaml(file) as { encryptionsalt?: string } | null;
  return kept?.encryptionsalt;
}

function readYaml(file: string): unknown {
  try {
    return parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new SandboxError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
