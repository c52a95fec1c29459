/** The real Feast, with which tests prove that what it reads online is what our functions wrote. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry } from "./cache";
import { type Progress, noProgress } from "./progress";
import { type Python, pip, requirePython } from "./python";
import { runCommand } from "./run-command";

const REQUIREMENTS = path.join(__dirname, "..", "emulators", "feast-requirements.txt");

/**
 * Absolute path of a Python that has Feast; installed once for each set of requirements.
 *
 * @throws SandboxError when there is no Python that can be used, or a package cannot be downloaded.
 */
export async function ensureFeast(progress: Progress = noProgress): Promise<string> {
  const base = await requirePython();
  const folder = await ensureEntry(
    {
      tool: "feast",
      version: environmentVersion(base),
      title: `Installing Feast with Python ${base.version}`,
      bytesNeeded: 1.5e9,
      build: (target) => createEnvironment(base, target),
    },
    progress,
  );
  return path.join(folder, "bin", "python");
}

function environmentVersion(base: Python): string {
  const hash = createHash("sha256").update(fs.readFileSync(REQUIREMENTS)).update(base.installation);
  return `${base.version}-${hash.digest("hex").slice(0, 12)}`;
}

async function createEnvironment(base: Python, folder: string): Promise<void> {
  await runCommand(base.command, ["-m", "venv", folder]);
  // The list is complete; what Feast asks for beyond it is for servers and type checks.
  await pip(folder, ["install", "--prefer-binary", "--no-deps", "--requirement", REQUIREMENTS]);
}
