/** The Pulumi CLI: found on PATH, else installed by Pulumi's own installer, else built from its Go module. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SandboxError } from "../sandbox-error";
import { ensureEntry, findEntry } from "./cache";
import { findOnPath, isExecutable } from "./find-program";
import { type GoProgram, buildGoProgram } from "./go";
import { type Progress, noProgress } from "./progress";
import { CommandError, lastWords, runCommand } from "./run-command";
import { compareVersions, versions } from "./versions";

const INSTALLER_URL = "https://get.pulumi.com/install.sh";
const PROBE_MILLISECONDS = 5_000;
const INSTALL_MILLISECONDS = 4 * 60_000;

const program: GoProgram = {
  name: "pulumi",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  module: { path: "github.com/pulumi/pulumi/pkg/v3", version: `v${versions.pulumi}` },
  linkSymbols: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
  bytesNeeded: 4e9,
  alternative: "install the Pulumi CLI (https://www.pulumi.com/docs/install)",
};

export interface PulumiOnPath {
  command: string;
  version: string;
  newEnough: boolean;
}

/**
 * Absolute path of a Pulumi CLI of at least `versions.pulumiMinimum`.
 *
 * @throws SandboxError when none is found, none can be downloaded and none can be built.
 */
export async function ensurePulumi(progress: Progress = noProgress): Promise<string> {
  const onPath = await pulumiOnPath();
  if (onPath?.newEnough) return onPath.command;
  if (onPath) progress(`Pulumi ${onPath.version} on PATH is older than ${versions.pulumiMinimum}: not used`);
  return cachedPulumi() ?? (await installOfficial(progress)) ?? (await build(progress));
}

/** What PATH offers, whatever its version; undefined when there is nothing that runs. */
export async function pulumiOnPath(): Promise<PulumiOnPath | undefined> {
  const command = findOnPath("pulumi");
  if (!command) return undefined;
  try {
    const { stdout } = await runCommand(command, ["version"], {
      environment: { PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMilliseconds: 20_000,
    });
    const version = stdout.trim().replace(/^v/, "");
    return { command, version, newEnough: compareVersions(version, versions.pulumiMinimum) >= 0 };
  } catch {
    return undefined;
  }
}

/** A CLI that an earlier call installed or built. */
export function cachedPulumi(): string | undefined {
  return ["pulumi-official", "pulumi-built"]
    .map((tool) => findEntry(tool, versions.pulumi))
    .map((folder) => folder && binaryIn(folder))
    .find((file) => file !== undefined && isExecutable(file));
}

function binaryIn(folder: string): string {
  return path.join(folder, "bin", "pulumi");
}

async function installOfficial(progress: Progress): Promise<string | undefined> {
  if (!(await isReachable(INSTALLER_URL))) {
    progress("get.pulumi.com cannot be reached: building the Pulumi CLI from its Go module instead");
    return undefined;
  }
  const entry = {
    tool: "pulumi-official",
    version: versions.pulumi,
    title: `Installing Pulumi ${versions.pulumi}`,
    bytesNeeded: 1e9,
    build: runInstaller,
  };
  try {
    return binaryIn(await ensureEntry(entry, progress));
  } catch (error) {
    progress(`${(error as Error).message} Building the Pulumi CLI from its Go module instead.`);
    return undefined;
  }
}

/** The installer has no time limit of its own, so it runs in a process that can be ended. */
async function runInstaller(folder: string): Promise<void> {
  const script = path.join(__dirname, "install-pulumi.ts");
  await runCommand(process.execPath, ["--import", "tsx", script, folder, versions.pulumi], {
    cwd: __dirname,
    timeoutMilliseconds: INSTALL_MILLISECONDS,
  });
}

async function isReachable(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MILLISECONDS) });
    return answer.ok;
  } catch {
    return false;
  }
}

async function build(progress: Progress): Promise<string> {
  const folder = await ensureEntry(
    {
      tool: "pulumi-built",
      version: versions.pulumi,
      title: `Building Pulumi ${versions.pulumi} (several minutes on the first run)`,
      bytesNeeded: 5e8,
      build: (target) => buildAndCheck(target, progress),
    },
    progress,
  );
  return binaryIn(folder);
}

async function buildAndCheck(folder: string, progress: Progress): Promise<void> {
  await buildGoProgram(program, folder, progress);
  fs.mkdirSync(path.join(folder, "bin"));
  fs.renameSync(path.join(folder, program.name), binaryIn(folder));
  try {
    await runCommand(binaryIn(folder), ["version"], { environment: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new SandboxError(
      `The Pulumi CLI was built but does not run (${lastWords(error.result)}). Instead, ${program.alternative}.`,
    );
  }
}
