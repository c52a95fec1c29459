import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";

import { SandboxError } from "../sandbox";

const run = promisify(execFile);

/** Folder of the model's scripts. */
export const scriptsFolder = path.join(__dirname, "flight-delays");

/** Predictions of a month are a few megabytes of text. */
const largestOutput = 256 * 1024 * 1024;

/**
 * Runs one of the model's scripts.
 * @returns what it printed
 * @throws SandboxError with the script's last words when it fails
 */
export async function runScript(
  python: string,
  script: string,
  options: Record<string, string>,
): Promise<string> {
  const file = path.join(scriptsFolder, script);
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  try {
    const { stdout } = await run(python, [file, ...words], {
      maxBuffer: largestOutput,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    return stdout;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const last = stderr?.trim().split("\n").at(-1) ?? String(error);
    throw new SandboxError(`The demo's script ${script} failed: ${last}`);
  }
}

/** The scripts that a training job needs. */
export const trainingScripts = ["features.py", "model.py", "train.py", "evaluate.py"];
