/** The environment of the daemons. */
import * as path from "node:path";
import type { Sandbox } from "../sandbox";
import { OWNER_VARIABLE } from "./leftovers";

/** The folder of the repository that this file belongs to: where daemons find their sources and node_modules. */
export const SOURCE_ROOT = path.resolve(__dirname, "..", "..");

/**
 * This process's environment without the user's AWS and Kubernetes settings, so that no daemon can reach a real
 * account or cluster, with scratch files in the sandbox.
 */
export function daemonEnvironment(
  sandbox: Sandbox,
  additions: Record<string, string>,
): Record<string, string> {
  const foreign = /^(AWS_|KUBE|MINISTACK_|MOTO_|PULUMI_|NODE_OPTIONS$|DOCKER_)/;
  const inherited = Object.entries(process.env).filter(
    ([name, value]) => !foreign.test(name) && value !== undefined,
  );
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    ...sandbox.awsEnvironment(),
    [OWNER_VARIABLE]: sandbox.paths.root,
    // The Lambdas of MiniStack run in the first Node.js on PATH: let it be this one.
    PATH: [path.dirname(process.execPath), process.env["PATH"]].filter(Boolean).join(path.delimiter),
    TMPDIR: sandbox.paths.temporary,
    // A proxy for the internet must not be asked for the sandbox's own addresses.
    NO_PROXY: ["127.0.0.1,localhost", process.env["NO_PROXY"]].filter(Boolean).join(","),
    ...additions,
  };
}

/** A TypeScript program of this repository as a daemon's command line. */
export function nodeProgram(file: string): { command: string; args: string[]; cwd: string } {
  return {
    command: process.execPath,
    args: ["--import", "tsx", path.join(SOURCE_ROOT, file)],
    cwd: SOURCE_ROOT,
  };
}
