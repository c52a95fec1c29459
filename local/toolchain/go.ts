/** Builds programs of pinned Go modules, each in a module of its own that only lives in the cache. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SandboxError } from "../sandbox-error";
import { explainFailure, requireDiskSpace } from "./faults";
import { findOnPath } from "./find-program";
import type { Progress } from "./progress";
import { runCommand } from "./run-command";
import { compareVersions, versions } from "./versions";

export interface Go {
  command: string;
  version: string;
  /** Holds downloaded sources and compiled packages. */
  folders: { moduleCache: string; buildCache: string };
}

export interface GoProgram {
  /** Name of the binary. */
  name: string;
  /** Import path of its main package. */
  package: string;
  /** Module that holds the package, with "v" version. */
  module: { path: string; version: string };
  /** Go's `replace` lines: module path to version. */
  replace?: Record<string, string>;
  /** Symbols to set at link time, for programs that learn their version so. */
  linkSymbols?: Record<string, string>;
  /** What downloads and compiled packages take when nothing is cached, bytes. */
  bytesNeeded: number;
  /** What spares the user the need for Go: "set KUBEBUILDER_ASSETS to …". */
  alternative: string;
}

/** @throws SandboxError when Go is absent or too old to build the program. */
export async function requireGo(program: Pick<GoProgram, "name" | "alternative">): Promise<Go> {
  const command = findOnPath("go");
  if (!command) {
    throw new SandboxError(
      `Go ${versions.goMinimum} or later is needed to build ${program.name} and is not on PATH. ` +
        `Install it from https://go.dev/dl, or ${program.alternative}.`,
    );
  }
  const go = await describeGo(command);
  if (compareVersions(go.version, versions.goMinimum) < 0) {
    throw new SandboxError(
      `Go ${go.version} at ${command} is too old to build ${program.name}: ${versions.goMinimum} or later is needed. ` +
        `Install it from https://go.dev/dl, or ${program.alternative}.`,
    );
  }
  return go;
}

/** Asks Go outside of any module, so that a go.mod of the current folder cannot switch its version. */
export async function describeGo(command: string): Promise<Go> {
  const { stdout } = await runCommand(command, ["env", "GOVERSION", "GOMODCACHE", "GOCACHE"], {
    cwd: path.parse(process.cwd()).root,
    environment: { GOWORK: "off" },
    timeoutMilliseconds: 30_000,
  });
  const [version = "", moduleCache = "", buildCache = ""] = stdout.trim().split("\n");
  return { command, version: version.replace(/^go/, ""), folders: { moduleCache, buildCache } };
}

/** Builds the program into `folder/<name>`; go.mod and go.sum of the build stay beside it. */
export async function buildGoProgram(program: GoProgram, folder: string, progress: Progress): Promise<void> {
  const go = await requireGo(program);
  const title = `Building ${program.name} ${program.module.version}`;
  const step = {
    title,
    folder: go.folders.buildCache,
    bytesNeeded: program.bytesNeeded,
    otherWayOut: "set GOCACHE and GOMODCACHE to folders on a larger disk",
  };
  // A warm build cache needs next to nothing, and its content cannot be told from outside: ask only for the little
  // that linking takes, and let a build that does run out of space say so.
  requireDiskSpace({ ...step, bytesNeeded: Math.min(program.bytesNeeded, 5e8) });
  fs.writeFileSync(path.join(folder, "go.mod"), goModule(program));
  const temporary = path.join(folder, "tmp");
  fs.mkdirSync(temporary);
  try {
    await runCommand(go.command, buildArguments(program), {
      cwd: folder,
      environment: { CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: temporary },
      onLine: throttled((line) => progress(`${title}: ${line}`)),
    });
  } catch (error) {
    throw explainToolchainFailure(go, program, explainFailure(step, error));
  }
  fs.rmSync(temporary, { recursive: true, force: true });
}

/** Module and version decide all other versions (Go's minimal version selection), so every build gets the same. */
export function goModule(program: GoProgram): string {
  const replacements = Object.entries(program.replace ?? {}).map(
    ([module, version]) => `replace ${module} => ${module} ${version}`,
  );
  return [
    `module sandbox/${program.name}`,
    `go ${versions.goModule}`,
    `require ${program.module.path} ${program.module.version}`,
    `tool ${program.package}`,
    ...replacements,
    "",
  ].join("\n\n");
}

function buildArguments(program: GoProgram): string[] {
  const symbols = Object.entries(program.linkSymbols ?? {}).map(([symbol, value]) => `-X ${symbol}=${value}`);
  const linkerFlags = ["-s", "-w", ...symbols].join(" ");
  // -mod=mod completes go.mod and go.sum; go checks each sum against the checksum database.
  return [
    "build",
    "-mod=mod",
    "-trimpath",
    "-buildvcs=false",
    "-ldflags",
    linkerFlags,
    "-o",
    program.name,
    program.package,
  ];
}

/** Go fetches a newer toolchain for itself unless it is told not to; then its own words need a translation. */
function explainToolchainFailure(go: Go, program: GoProgram, error: Error): Error {
  if (!/requires go >= |toolchain not available|download go[\d.]+ for/.test(error.message)) return error;
  return new SandboxError(
    `Go ${go.version} at ${go.command} is too old to build ${program.name} ${program.module.version} and may not ` +
      `(GOTOOLCHAIN=local) or cannot fetch a newer toolchain. ` +
      `Install Go ${versions.goModule} or later from https://go.dev/dl, or ${program.alternative}.`,
  );
}

/** Go names each of hundreds of downloads: pass one line in five seconds on. */
function throttled(report: (line: string) => void): (line: string) => void {
  let last = Date.now();
  return (line) => {
    if (Date.now() - last < 5_000) return;
    last = Date.now();
    report(line);
  };
}
