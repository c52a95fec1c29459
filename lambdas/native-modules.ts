import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The platform of the Lambdas that hold compiled code; `x86_64` in the words of Lambda. */
export const nativePlatform = "linux-x64";

/** Packages that no bundler can take in, because they hold compiled code. */
export const nativePackages = ["@duckdb/node-bindings", `@duckdb/node-bindings-${nativePlatform}`];

/** What esbuild must leave in the code as `require`. */
export const externalModules = ["@duckdb/node-bindings", "@duckdb/node-bindings-*"];

const repository = path.join(__dirname, "..");
const documentation = /\.(md|d\.ts)$/;

/**
 * Lays the compiled packages beside a bundle, the same files on every machine. What lies there already is not copied
 * again: together they are 70 MB.
 * @param bundleFolder folder of the bundle's `index.js`
 * @returns their size in bytes
 * @throws Error when a package is neither installed nor to be had from the registry
 */
export function addNativePackages(bundleFolder: string): number {
  return nativePackages.reduce((bytes, name) => {
    const source = packageFolder(name);
    const target = path.join(bundleFolder, "node_modules", name);
    fs.mkdirSync(target, { recursive: true });
    const files = fs.readdirSync(source).filter((file) => !documentation.test(file));
    for (const file of fs.readdirSync(target)) {
      if (!files.includes(file)) fs.rmSync(path.join(target, file), { recursive: true });
    }
    return files.reduce(
      (sum, file) => sum + copyChanged(path.join(source, file), path.join(target, file)),
      bytes,
    );
  }, 0);
}

/** Takes away what an earlier build laid beside a bundle that needs it no longer. */
export function removeNativePackages(bundleFolder: string): void {
  fs.rmSync(path.join(bundleFolder, "node_modules"), { recursive: true, force: true });
}

/** Size and time of change stand for the content; the time is carried over to the copy. */
function copyChanged(source: string, target: string): number {
  const { size, atime, mtime } = fs.statSync(source);
  const existing = fs.statSync(target, { throwIfNoEntry: false });
  if (existing?.size === size && Math.abs(existing.mtimeMs - mtime.getTime()) < 1000) return size;
  // Under another name first: a build that is killed leaves no half a library behind.
  const unfinished = `${target}.${process.pid}`;
  fs.copyFileSync(source, unfinished, fs.constants.COPYFILE_FICLONE);
  fs.utimesSync(unfinished, atime, mtime);
  fs.renameSync(unfinished, target);
  return size;
}

/** Where a package lies; npm installs compiled ones for its own machine only, so others come from the registry. */
export function packageFolder(name: string): string {
  const installed = path.join(repository, "node_modules", name);
  return fs.existsSync(path.join(installed, "package.json")) ? installed : cachedPackage(name);
}

interface LockedPackage {
  version: string;
  integrity: string;
}

function lockedPackage(name: string): LockedPackage {
  const lock = JSON.parse(fs.readFileSync(path.join(repository, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage | undefined>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined)
    throw new Error(`package-lock.json does not name ${name}; run "npm install" once.`);
  return locked;
}

/** The folder that the sandbox keeps its downloads in: MLOPS_CACHE, else `pulumi-mlops` in the user's cache. */
function cacheFolder(): string {
  const { MLOPS_CACHE, XDG_CACHE_HOME } = process.env;
  const home = XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return path.resolve(MLOPS_CACHE || path.join(home, "pulumi-mlops"));
}

/** Downloads a package of the lock file once per user, checks its hash and unpacks it. */
function cachedPackage(name: string): string {
  const { version, integrity } = lockedPackage(name);
  const folder = path.join(cacheFolder(), `${name.replace(/[@/]+/g, "-").replace(/^-/, "")}-${version}`);
  if (fs.existsSync(path.join(folder, "package.json"))) return folder;
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const work = fs.mkdtempSync(path.join(cacheFolder(), "native-"));
  try {
    const explain = `The compiled package ${name} ${version} is not installed on ${process.platform}-${process.arch}`;
    execute("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", work], explain);
    const [archive] = fs.readdirSync(work);
    if (archive === undefined) throw new Error(`${explain}, and npm gave nothing.`);
    const file = path.join(work, archive);
    const found = `sha512-${createHash("sha512").update(fs.readFileSync(file)).digest("base64")}`;
    if (found !== integrity) {
      throw new Error(`${explain}, and what npm gave has the hash ${found} instead of ${integrity}.`);
    }
    execute("tar", ["-xzf", file, "-C", work], explain);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(path.join(work, "package"), folder);
    return folder;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function execute(program: string, args: string[], explain: string): void {
  const { status, error, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: process.env,
    shell: process.platform === "win32",
  });
  if (status !== 0)
    throw new Error(`${explain}, and "${program} ${args[0]}" failed: ${error?.message ?? stderr}`);
}
