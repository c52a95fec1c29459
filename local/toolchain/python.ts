/** Python and the virtual environment in which the emulators and the demo's training jobs run. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { SandboxError } from "../sandbox-error";
import { ensureEntry, findEntry } from "./cache";
import { findOnPath } from "./find-program";
import { type Progress, noProgress } from "./progress";
import { runCommand } from "./run-command";
import { compareVersions, versions } from "./versions";

const NAMES = ["python3", "python3.13", "python3.12", "python3.11", "python3.14", "python"];
const WAY_OUT = `Install Python ${versions.pythonMinimum} or later with its venv module (https://www.python.org/downloads)`;
const REQUIREMENTS = path.join(__dirname, "..", "emulators", "requirements.txt");
const DESCRIBE = "import sys, venv, ensurepip; print(sys.version.split()[0]); print(sys.base_prefix)";

export interface Python {
  command: string;
  version: string;
  /** Where that Python is installed; a virtual environment dies with it. */
  installation: string;
}

/**
 * Absolute path of the Python of the sandbox's virtual environment, with all packages of requirements.txt.
 *
 * @throws SandboxError when no Python is new enough, or a package cannot be downloaded.
 */
export async function ensurePython(progress: Progress = noProgress): Promise<string> {
  const base = await requirePython();
  const folder = await ensureEntry(
    {
      tool: "python",
      version: environmentVersion(base),
      title: `Installing the emulators with Python ${base.version}`,
      bytesNeeded: 1.5e9,
      build: (target) => createEnvironment(base, target, progress),
    },
    progress,
  );
  return pythonIn(folder);
}

/** The virtual environment's Python if it is complete. */
export function cachedPython(base: Python): string | undefined {
  const folder = findEntry("python", environmentVersion(base));
  return folder && pythonIn(folder);
}

/** The first Python on PATH that is new enough and can make virtual environments. */
export async function requirePython(): Promise<Python> {
  const rejected: string[] = [];
  for (const name of NAMES) {
    const command = findOnPath(name);
    const found = command && (await describe(command));
    if (!found) continue;
    if (typeof found !== "string") return found;
    if (!rejected.includes(found)) rejected.push(found);
  }
  const seen = rejected.length === 0 ? "and none is on PATH" : `but ${rejected.join(" and ")}`;
  throw new SandboxError(
    `Python ${versions.pythonMinimum} or later is needed for the emulators, ${seen}. ${WAY_OUT}.`,
  );
}

/** What the command is, or a few words on why it cannot be used. */
async function describe(command: string): Promise<Python | string> {
  try {
    const { stdout } = await runCommand(command, ["-c", DESCRIBE], { timeoutMilliseconds: 20_000 });
    const [version = "", installation = ""] = stdout.trim().split("\n");
    if (compareVersions(version, versions.pythonMinimum) < 0) return `${command} is ${version}`;
    return { command, version, installation };
  } catch (error) {
    const missing = /No module named '?(\w+)/.exec((error as Error).message)?.[1];
    return missing ? `${command} lacks the module ${missing}` : `${command} does not run`;
  }
}

function environmentVersion(base: Python): string {
  const hash = createHash("sha256").update(fs.readFileSync(REQUIREMENTS)).update(base.installation);
  return `${base.version}-${hash.digest("hex").slice(0, 12)}`;
}

function pythonIn(folder: string): string {
  return path.join(folder, "bin", "python");
}

async function createEnvironment(base: Python, folder: string, progress: Progress): Promise<void> {
  await runCommand(base.command, ["-m", "venv", folder]);
  await pip(folder, ["install", "--prefer-binary", "--requirement", REQUIREMENTS], (line) => {
    const name = /^Collecting (\S+)/.exec(line)?.[1];
    if (name && /^(ministack|moto|scipy|scikit-learn|numpy|pyarrow|duckdb)\b/.test(name))
      progress(`Downloading ${name}`);
  });
}

/** Runs pip of a virtual environment; its scratch files lie in the same folder, not on a small /tmp. */
export async function pip(
  environment: string,
  args: string[],
  onLine?: (line: string) => void,
): Promise<void> {
  const temporary = path.join(environment, "tmp");
  fs.mkdirSync(temporary, { recursive: true });
  await runCommand(pythonIn(environment), ["-m", "pip", ...args, "--no-input", "--retries", "5"], {
    cwd: environment,
    environment: { TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    onLine,
  });
  fs.rmSync(temporary, { recursive: true, force: true });
}
