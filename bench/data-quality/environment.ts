/** What the contenders run with: a virtual environment with pinned packages, and our engine as plain JavaScript. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as esbuild from "esbuild";

import { ensureEntry } from "../../local/toolchain/cache";
import type { Progress } from "../../local/toolchain/progress";
import { pip, requirePython } from "../../local/toolchain/python";
import { runCommand } from "../../local/toolchain/run-command";

const requirements = path.join(__dirname, "requirements.txt");

/**
 * Absolute path of the Python that has pandas, pandera and Great Expectations; installed once for each set of requirements.
 * @throws SandboxError when there is no Python that can be used, or a package cannot be downloaded
 */
export async function ensureContenders(progress: Progress): Promise<string> {
  const base = await requirePython();
  const hash = createHash("sha256").update(fs.readFileSync(requirements)).update(base.installation);
  const folder = await ensureEntry(
    {
      tool: "bench-data-quality",
      version: `${base.version}-${hash.digest("hex").slice(0, 12)}`,
      title: `Installing pandas, pandera and Great Expectations with Python ${base.version}`,
      bytesNeeded: 1.5e9,
      build: async (target) => {
        await runCommand(base.command, ["-m", "venv", target]);
        await pip(target, ["install", "--prefer-binary", "--requirement", requirements]);
      },
    },
    progress,
  );
  return path.join(folder, "bin", "python");
}

/** Bundles our contender, so that no compiler runs while it is measured. */
export async function bundleValidator(folder: string): Promise<string> {
  const outfile = path.join(folder, "validator.js");
  await esbuild.build({
    entryPoints: [path.join(__dirname, "validator.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile,
    external: ["@duckdb/*"],
    logLevel: "error",
  });
  return outfile;
}

/** The machine and the versions that a result is worth nothing without. */
export interface MachineFacts {
  processor: string;
  cores: number;
  memoryGigabytes: number;
  system: string;
  node: string;
  /** Load of the last minute when the measuring began; beyond a fraction of a core, the figures are worse than they could be. */
  loadAtStart: number;
  packages: Record<string, string>;
}

/** What is measured, on what. */
export async function describeMachine(python: string): Promise<MachineFacts> {
  const names = ["pandas", "pandera", "great_expectations", "numpy", "pyarrow"];
  const ask = `import json, platform, importlib.metadata as m; print(json.dumps({"python": platform.python_version(), **{n: m.version(n) for n in ${JSON.stringify(names)}}}))`;
  const { stdout } = await runCommand(python, ["-c", ask]);
  const duckdb = JSON.parse(fs.readFileSync(require.resolve("@duckdb/node-api/package.json"), "utf8")) as {
    version: string;
  };
  return {
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
    loadAtStart: Number(os.loadavg()[0]?.toFixed(1)),
    packages: { ...(JSON.parse(stdout) as Record<string, string>), duckdb: duckdb.version },
  };
}
