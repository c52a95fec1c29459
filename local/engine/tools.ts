/** The folder of programs that the engine finds before anything else on PATH. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SOURCE_ROOT } from "../emulators/environment";
import { findOnPath } from "../toolchain/find-program";

/** How an official CLI starts a policy pack of Node; one built from Go modules alone lacks it. */
const policyRunner = "pulumi-analyzer-policy-nodejs";

/**
 * Makes `<root>/bin` with the CLI and, when the CLI brings none, a program that runs policy packs with the
 * repository's SDK.
 */
export function prepareTools(root: string, pulumi: string): void {
  const bin = path.join(root, "bin");
  fs.mkdirSync(bin, { recursive: true });
  const link = path.join(bin, "pulumi");
  fs.rmSync(link, { force: true });
  fs.symlinkSync(pulumi, link);
  const runner = path.join(bin, policyRunner);
  fs.rmSync(runner, { force: true });
  const besideCli = path.join(path.dirname(fs.realpathSync(pulumi)), policyRunner);
  if (fs.existsSync(besideCli) || findOnPath(policyRunner)) return;
  const module = path.join(SOURCE_ROOT, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  fs.writeFileSync(runner, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(module)} "$@"\n`, {
    mode: 0o700,
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
