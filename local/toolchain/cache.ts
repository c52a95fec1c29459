/** What is downloaded or built once per user and version, shared by all sandboxes and checkouts. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Step, explainFailure, requireDiskSpace } from "./faults";
import { withFileLock } from "./file-lock";
import { type Progress, formatDuration, timed } from "./progress";

/** Written last and by rename: an entry without it is the rest of a build that was killed. */
const COMPLETE_MARKER = "complete.json";

export interface CacheEntry {
  tool: string;
  /** Everything that decides the content: version, or version and hash. */
  version: string;
  /** "Building etcd 3.6.16" */
  title: string;
  /** What the build needs on the disk at most, bytes. */
  bytesNeeded: number;
  /** Fills the folder, which is empty and is the entry's final place (virtual environments cannot be moved). */
  build: (folder: string) => Promise<void>;
}

/** MLOPS_CACHE, else XDG_CACHE_HOME/pulumi-mlops, else ~/.cache/pulumi-mlops. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment["MLOPS_CACHE"]) return path.resolve(environment["MLOPS_CACHE"]);
  const home = environment["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache");
  return path.resolve(home, "pulumi-mlops");
}

export function entryFolder(tool: string, version: string): string {
  return path.join(cacheRoot(), `${tool}-${version}-${process.platform}-${process.arch}`);
}

/** The folder of a finished entry; undefined when it is absent or was left half-way. */
export function findEntry(tool: string, version: string): string | undefined {
  const folder = entryFolder(tool, version);
  return fs.existsSync(path.join(folder, COMPLETE_MARKER)) ? folder : undefined;
}

/**
 * The folder of the entry, built first when it is not there.
 * Two callers at once, in one process or in two, build it once.
 *
 * @throws SandboxError when the build fails or the disk is full.
 */
export async function ensureEntry(entry: CacheEntry, progress: Progress): Promise<string> {
  const found = findEntry(entry.tool, entry.version);
  if (found) return found;
  const folder = entryFolder(entry.tool, entry.version);
  return withFileLock(
    `${folder}.lock`,
    async () => findEntry(entry.tool, entry.version) ?? (await buildEntry(entry, folder, progress)),
    {
      onWait: (pid) =>
        progress(`${entry.title}: waiting for process ${pid ?? "?"}, which is doing it already`),
    },
  );
}

async function buildEntry(entry: CacheEntry, folder: string, progress: Progress): Promise<string> {
  const step: Step = {
    title: entry.title,
    folder: cacheRoot(),
    bytesNeeded: entry.bytesNeeded,
    otherWayOut: "set MLOPS_CACHE to a folder on a larger disk",
  };
  const start = Date.now();
  try {
    fs.rmSync(folder, { recursive: true, force: true });
    requireDiskSpace(step);
    fs.mkdirSync(folder, { recursive: true });
    await timed(entry.title, progress, () => entry.build(folder));
    writeMarker(folder, entry, Date.now() - start);
    return folder;
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw explainFailure(step, error);
  }
}

function writeMarker(folder: string, entry: CacheEntry, milliseconds: number): void {
  const marker = path.join(folder, COMPLETE_MARKER);
  const content = { tool: entry.tool, version: entry.version, took: formatDuration(milliseconds) };
  fs.writeFileSync(`${marker}.new`, `${JSON.stringify(content, undefined, 2)}\n`);
  fs.renameSync(`${marker}.new`, marker);
}
