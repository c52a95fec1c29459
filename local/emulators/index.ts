/** All daemons of a sandbox together. */
import * as path from "node:path";
import type { Sandbox } from "../sandbox";
import { type Step, explainFailure, requireDiskSpace } from "../toolchain/faults";
import { withFileLock } from "../toolchain/file-lock";
import { ensureKubernetes } from "../toolchain/kubernetes";
import { type Progress, noProgress } from "../toolchain/progress";
import { ensurePython } from "../toolchain/python";
import { logFile, stopDaemon } from "./daemon";
import { gatewayDaemon } from "./gateway";
import { endLeftovers } from "./leftovers";
import { runningProcess } from "./pid-file";
import { type ProviderName, providerDaemonName, providerNames } from "./providers";
import { SandboxStart } from "./sandbox-start";

export type { ProviderName } from "./providers";
export { logFile } from "./daemon";

/** Every daemon, in the order in which they are ended: those that use others first. */
const STOP_ORDER = [
  ...providerNames.map(providerDaemonName),
  "gateway",
  "kube-scheduler",
  "kube-controller-manager",
  "kube-apiserver",
  "etcd",
  "moto",
  "ministack",
];

/** Those that may have work in flight when they are asked to end; the others get the usual ten seconds. */
const STOP_MILLISECONDS: Record<string, number> = {
  ...Object.fromEntries(providerNames.map((name) => [providerDaemonName(name), 60_000])),
  gateway: 20_000,
};

export interface EmulatorOptions {
  /** Also controller-manager and scheduler, for what needs controllers to act. @default false */
  controllers?: boolean;
  /** The gateway in front of MiniStack and moto. @default true */
  gateway?: boolean;
  /** The Pulumi providers to start. @default all three */
  providers?: readonly ProviderName[];
}

export interface Emulators {
  /** AWS_ENDPOINT_URL of everything. */
  gatewayUrl: string;
  kubeconfig: string;
  /** Python of the virtual environment. */
  python: string;
  /** Value of PULUMI_DEBUG_PROVIDERS: "aws:1234,kubernetes:1235,awsx:1236". */
  debugProviders: string;
  /** Daemons that this call started; the others were found running. */
  started: string[];
  /** Those among MiniStack, moto and etcd that came up empty: what a Pulumi state says of them is no longer true. */
  startedEmpty: string[];
}

export interface DaemonStatus {
  name: string;
  running: boolean;
  pid?: number;
  /** The port a provider chose. */
  announcedPort?: number;
  logFile: string;
}

/**
 * Starts what does not run yet and waits until everything answers. A failure ends what this call started.
 *
 * @throws SandboxError when a tool is missing, a port is taken, or a daemon does not come up.
 */
export async function startEmulators(
  sandbox: Sandbox,
  options: EmulatorOptions = {},
  progress: Progress = noProgress,
): Promise<Emulators> {
  const step = diskStep(sandbox);
  requireDiskSpace(step);
  return withSandboxLock(sandbox, progress, async () => {
    const python = await ensurePython(progress);
    const binaries = await ensureKubernetes(progress, { controllers: options.controllers });
    const start = new SandboxStart(sandbox, progress);
    try {
      await start.emulators(python, binaries);
      if (options.gateway ?? true) await start.daemon(gatewayDaemon(sandbox, python));
      await start.providers(options.providers ?? providerNames);
    } catch (error) {
      await stopAll(sandbox, start.started, progress);
      throw explainFailure(step, error);
    }
    return {
      gatewayUrl: sandbox.gatewayUrl,
      kubeconfig: sandbox.paths.kubeconfig,
      python,
      debugProviders: start.debugProviders,
      started: start.started,
      startedEmpty: start.startedEmpty,
    };
  });
}

/** Ends every daemon of the sandbox; the names of those that ran. */
export async function stopEmulators(sandbox: Sandbox, progress: Progress = noProgress): Promise<string[]> {
  return withSandboxLock(sandbox, progress, async () => {
    const stopped = await stopAll(sandbox, STOP_ORDER, progress);
    await endLeftovers(sandbox);
    return stopped;
  });
}

/** Every daemon that a sandbox can have, in the order in which they are ended. */
export function emulatorStatus(sandbox: Sandbox): DaemonStatus[] {
  return STOP_ORDER.map((name) => {
    const process = runningProcess(sandbox.paths.pids, name);
    return {
      name,
      running: process !== undefined,
      pid: process?.pid,
      announcedPort: process?.announcedPort,
      logFile: logFile(sandbox, name),
    };
  });
}

/** Objects, models and logs of a demo take far less; the rest is room for the user's own data. */
function diskStep(sandbox: Sandbox): Step {
  return {
    title: `Sandbox "${sandbox.name}"`,
    folder: sandbox.paths.root,
    bytesNeeded: 1e9,
    otherWayOut: "use a checkout on a larger disk",
  };
}

async function stopAll(sandbox: Sandbox, names: readonly string[], progress: Progress): Promise<string[]> {
  const stopped: string[] = [];
  for (const name of STOP_ORDER.filter((each) => names.includes(each))) {
    const { wasRunning } = await stopDaemon(sandbox, name, STOP_MILLISECONDS[name]);
    if (!wasRunning) continue;
    stopped.push(name);
    progress(`Ended ${name}`);
  }
  return stopped;
}

/** Two commands at once would start the same daemons twice, or end what the other has just started. */
function withSandboxLock<T>(sandbox: Sandbox, progress: Progress, action: () => Promise<T>): Promise<T> {
  return withFileLock(path.join(sandbox.paths.root, "emulators.lock"), action, {
    onWait: (pid) =>
      progress(`Waiting for process ${pid ?? "?"}, which starts or ends sandbox "${sandbox.name}"`),
  });
}
