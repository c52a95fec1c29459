import { ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a job starts. */
export interface JobCommand {
  program: string;
  arguments: string[];
  environment: Record<string, string>;
  directory: string;
}

/** How a job's process ended. */
export interface ProcessEnd {
  /** Exit status; a process ended by a signal has 128 plus its number, as a shell reports it. */
  exitCode: number;
  lastLine: string;
}

/** The system's word for when a process was started; with its id it names one process for good. */
export async function startTimeOf(processId: number): Promise<string | undefined> {
  try {
    const { stdout } = await run("ps", ["-o", "lstart=", "-p", String(processId)], {
      env: { ...process.env, LC_ALL: "C" },
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a whole process group that an earlier gateway left behind, if it is still the same one. */
export async function endLeftGroup(left: { id: number; startedAt: string }): Promise<void> {
  if ((await startTimeOf(left.id)) === left.startedAt) signalGroup(left.id, "SIGKILL");
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** One running process group with its output, line by line, in a file and to a listener. */
export class JobProcess {
  readonly ended: Promise<ProcessEnd>;
  private readonly child: ChildProcess;
  private lastLine = "";
  private killTimer?: NodeJS.Timeout;

  constructor(command: JobCommand, logFile: string, onLine: (line: string) => void) {
    fs.mkdirSync(path.dirname(logFile), { recursive: true });
    const file = fs.createWriteStream(logFile, { flags: "a" });
    this.child = spawn(command.program, command.arguments, {
      cwd: command.directory,
      env: command.environment,
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group, so that stopping the job also ends what it started.
      detached: true,
    });
    const take = (line: string): void => {
      if (line.trim() !== "") this.lastLine = line.trim();
      file.write(`${line}\n`);
      onLine(line);
    };
    // Whoever waits for the end finds every line told and in the file.
    this.ended = this.watch(take).then(
      (end) => new Promise((resolve) => file.end(() => resolve({ ...end, lastLine: this.lastLine }))),
    );
  }

  /** Process id of the group's leader; undefined when it could not be started. */
  get id(): number | undefined {
    return this.child.pid;
  }

  private async watch(take: (line: string) => void): Promise<{ exitCode: number }> {
    const outputs = [this.child.stdout, this.child.stderr].flatMap((stream) =>
      stream
        ? [once(readline.createInterface({ input: stream, crlfDelay: Infinity }).on("line", take), "close")]
        : [],
    );
    const exitCode = await this.exit(take);
    // A command that could not be started has outputs that never end.
    if (this.id !== undefined) await Promise.all(outputs);
    return { exitCode };
  }

  private exit(take: (line: string) => void): Promise<number> {
    return new Promise((resolve) => {
      this.child.once("error", (error) => {
        take(`The job's command could not be started: ${error.message}`);
        resolve(127);
      });
      this.child.once("exit", () => {
        // What the script left running in the background must not outlive the job or hold its output open.
        if (this.id !== undefined) signalGroup(this.id, "SIGKILL");
      });
      this.child.once("close", (code, signal) => {
        clearTimeout(this.killTimer);
        resolve(code ?? 128 + (signalNumbers[signal ?? "SIGKILL"] ?? 0));
      });
    });
  }

  /** Asks the group to end, and ends it after the grace time. */
  stop(graceMilliseconds: number): void {
    const leader = this.id;
    if (leader === undefined || this.killTimer) return;
    signalGroup(leader, "SIGTERM");
    this.killTimer = setTimeout(() => signalGroup(leader, "SIGKILL"), graceMilliseconds);
  }

  /** Ends the group at once. */
  kill(): void {
    if (this.id !== undefined) signalGroup(this.id, "SIGKILL");
  }
}
