/** Processes that outlive the command that starts them. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Sandbox, SandboxError } from "../sandbox";
import { identify, isGroupRunning, isRunning } from "../toolchain/process-identity";
import { type Progress, formatDuration, timed } from "../toolchain/progress";
import { daemonEnvironment } from "./environment";
import { isFreePort } from "./free-port";
import { type PidFile, removePidFile, runningProcess, writePidFile } from "./pid-file";

const POLL_MILLISECONDS = 100;
const HEALTH_REQUEST_MILLISECONDS = 3_000;
const START_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 10_000;
const KILL_MILLISECONDS = 2_000;
const LOG_LINES_SHOWN = 15;

export interface Daemon {
  /** Names its pid and log files. */
  name: string;
  /** "MiniStack" */
  title: string;
  command: string;
  args: string[];
  cwd: string;
  /** What it needs in its environment beside the common part (`daemonEnvironment`). */
  settings: Record<string, string>;
  /** Ports it will listen on; each must be free before the start. */
  ports: number[];
  /** Its first line on standard output is a port that it chose itself. @default false */
  announcesPort?: boolean;
  /** Resolves when the daemon answers as it should; rejects otherwise. `port` is the announced one. */
  checkHealth: (signal: AbortSignal, port: number | undefined) => Promise<void>;
  /** @default 60 s */
  startMilliseconds?: number;
  /** Anything else whose change asks for a restart, such as the state of its sources. */
  revision?: string;
}

export interface RunningDaemon {
  pid: number;
  announcedPort?: number;
  /** False when a daemon of an earlier command was found healthy. */
  startedNow: boolean;
}

export function logFile(sandbox: Sandbox, daemon: string): string {
  return path.join(sandbox.paths.logs, `${daemon}.log`);
}

/**
 * Starts the daemon, or finds it running and healthy, and waits until it answers.
 * One that runs but does not answer, or runs with other settings, is ended and started again.
 *
 * @throws SandboxError when a port is taken, or the daemon ends or does not answer in time.
 */
export async function startDaemon(
  sandbox: Sandbox,
  daemon: Daemon,
  progress: Progress,
): Promise<RunningDaemon> {
  const reused = await findHealthy(sandbox, daemon);
  if (reused) return reused;
  await stopDaemon(sandbox, daemon.name);
  await requireFreePorts(sandbox, daemon);
  return timed(`Starting ${daemon.title}`, progress, () => launch(sandbox, daemon));
}

async function requireFreePorts(sandbox: Sandbox, daemon: Daemon): Promise<void> {
  for (const port of daemon.ports) {
    if (await isFreePort(port)) continue;
    throw new SandboxError(
      `Port ${port}, which ${daemon.title} of sandbox "${sandbox.name}" uses, is taken by another program. ` +
        `End that program, or choose other ports with --port-base <number> or MLOPS_PORT_BASE.`,
    );
  }
}

/**
 * Ends the daemon and everything it started; does nothing when it does not run.
 *
 * @param stopMilliseconds How long it may take to finish its work after SIGTERM, before it is killed.
 */
export async function stopDaemon(
  sandbox: Sandbox,
  daemon: string,
  stopMilliseconds = STOP_MILLISECONDS,
): Promise<{ wasRunning: boolean }> {
  const running = runningProcess(sandbox.paths.pids, daemon);
  if (running) await terminate(running, stopMilliseconds);
  removePidFile(sandbox.paths.pids, daemon);
  return { wasRunning: running !== undefined };
}

export async function isHealthy(daemon: Daemon, announcedPort?: number): Promise<boolean> {
  try {
    await daemon.checkHealth(AbortSignal.timeout(HEALTH_REQUEST_MILLISECONDS), announcedPort);
    return true;
  } catch {
    return false;
  }
}

async function findHealthy(sandbox: Sandbox, daemon: Daemon): Promise<RunningDaemon | undefined> {
  const running = runningProcess(sandbox.paths.pids, daemon.name);
  if (!running || running.fingerprint !== fingerprint(daemon)) return undefined;
  if (!(await isHealthy(daemon, running.announcedPort))) return undefined;
  return { pid: running.pid, announcedPort: running.announcedPort, startedNow: false };
}

/** The user's own environment is left out: another shell must not cost the emulators their state. */
function fingerprint({ command, args, cwd, settings, revision }: Daemon): string {
  return createHash("sha256")
    .update(JSON.stringify([command, args, cwd, settings, revision]))
    .digest("hex");
}

async function launch(sandbox: Sandbox, daemon: Daemon): Promise<RunningDaemon> {
  const child = await spawnDetached(sandbox, daemon);
  const pid = child.pid!;
  const record: PidFile = {
    pid,
    startedAt: identify(pid)?.startedAt ?? "ended",
    fingerprint: fingerprint(daemon),
  };
  writePidFile(sandbox.paths.pids, daemon.name, record);
  try {
    const announcedPort = await waitForHealth(sandbox, daemon, child);
    if (announcedPort !== undefined)
      writePidFile(sandbox.paths.pids, daemon.name, { ...record, announcedPort });
    return { pid, announcedPort, startedNow: true };
  } catch (error) {
    await stopDaemon(sandbox, daemon.name);
    throw error;
  }
}

function spawnDetached(sandbox: Sandbox, daemon: Daemon): Promise<ChildProcess> {
  const log = fs.openSync(logFile(sandbox, daemon.name), "w", 0o600);
  const output = daemon.announcesPort ? fs.openSync(announcementFile(sandbox, daemon), "w", 0o600) : log;
  const child = spawn(daemon.command, daemon.args, {
    cwd: daemon.cwd,
    env: daemonEnvironment(sandbox, daemon.settings),
    stdio: ["ignore", output, log],
    detached: true,
  });
  for (const descriptor of new Set([log, output])) fs.closeSync(descriptor);
  // The command that starts a daemon ends before it.
  child.unref();
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child));
    child.once("error", (error) =>
      reject(
        new SandboxError(`${daemon.title} cannot be started: ${error.message}. Run npm run local -- doctor.`),
      ),
    );
  });
}

async function waitForHealth(
  sandbox: Sandbox,
  daemon: Daemon,
  child: ChildProcess,
): Promise<number | undefined> {
  const limit = daemon.startMilliseconds ?? START_MILLISECONDS;
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw withLog(
        sandbox,
        daemon,
        `ended while it was starting (${child.signalCode ?? `exit status ${child.exitCode}`})`,
      );
    }
    const port = readAnnouncedPort(sandbox, daemon);
    if ((port !== undefined || !daemon.announcesPort) && (await isHealthy(daemon, port))) return port;
    await sleep(POLL_MILLISECONDS);
  }
  throw withLog(sandbox, daemon, `did not answer within ${formatDuration(limit)}`);
}

function announcementFile(sandbox: Sandbox, daemon: Daemon): string {
  return path.join(sandbox.paths.logs, `${daemon.name}.out`);
}

/** A line without its end may be half a number. */
function readAnnouncedPort(sandbox: Sandbox, daemon: Daemon): number | undefined {
  if (!daemon.announcesPort) return undefined;
  const line = /^(\d+)\r?\n/.exec(fs.readFileSync(announcementFile(sandbox, daemon), "utf8"))?.[1];
  return line === undefined ? undefined : Number(line);
}

function withLog(sandbox: Sandbox, daemon: Daemon, what: string): SandboxError {
  const file = logFile(sandbox, daemon.name);
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOG_LINES_SHOWN);
  return new SandboxError(`${daemon.title} ${what}. The end of its log ${file}:\n  ${lines.join("\n  ")}`);
}

/** Asks first, so that work in flight is finished; what is left of its group is killed. */
async function terminate(daemon: PidFile, limit: number): Promise<void> {
  signalProcess(daemon.pid, "SIGTERM");
  await waitUntil(() => !isRunning(daemon), limit);
  signalProcess(-daemon.pid, "SIGKILL");
  await waitUntil(() => !isGroupRunning(daemon.pid), KILL_MILLISECONDS);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function waitUntil(condition: () => boolean, limit: number): Promise<void> {
  const deadline = Date.now() + limit;
  while (!condition() && Date.now() < deadline) await sleep(POLL_MILLISECONDS);
}
