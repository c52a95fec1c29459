/** Runs a tool to its end and keeps what it said. */
import { type ChildProcess, spawn } from "node:child_process";

export interface CommandOptions {
  cwd?: string;
  /** Added to the environment of this process. */
  environment?: Record<string, string>;
  /** The tool and everything it started is killed after this time. @default no limit */
  timeoutMilliseconds?: number;
  /** Each line of standard output and standard error. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  /** Exit status; null when a signal ended the tool. */
  status: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** The tool could not be run, or its result is not a success. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly command: string,
    readonly result: CommandResult,
  ) {
    super(`${command} failed${result.timedOut ? " (it took too long)" : ""}: ${lastWords(result)}`);
  }
}

/** The last line the tool said, which nearly always names the cause. */
export function lastWords(result: CommandResult): string {
  const lines = `${result.stdout}\n${result.stderr}`.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("[notice]")).at(-1) ?? "it said nothing";
}

/** @throws CommandError when the tool is missing, fails or takes too long. */
export async function runCommand(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await run(command, args, options);
  if (result.status !== 0) throw new CommandError([command, ...args.slice(0, 3)].join(" "), result);
  return result;
}

function run(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    // A group of its own, so that a timeout also ends what the tool started. Without a limit the tool stays in
    // this process's group, where Ctrl-C reaches it.
    const ownGroup = options.timeoutMilliseconds !== undefined;
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: ownGroup,
    });
    const result: CommandResult = { status: null, stdout: "", stderr: "", timedOut: false };
    const kill = () => killAll(child, ownGroup);
    const timer =
      options.timeoutMilliseconds &&
      setTimeout(() => {
        result.timedOut = true;
        kill();
      }, options.timeoutMilliseconds);
    process.once("exit", kill);
    child.stdout.setEncoding("utf8");
    child.stderr.setEncoding("utf8");
    const collect = (stream: "stdout" | "stderr") => (chunk: string) => {
      result[stream] += chunk;
      for (const line of chunk.split("\n")) if (line.trim() !== "") options.onLine?.(line.trim());
    };
    child.stdout.on("data", collect("stdout"));
    child.stderr.on("data", collect("stderr"));
    const finish = (status: number | null) => {
      clearTimeout(timer);
      process.removeListener("exit", kill);
      resolve({ ...result, status });
    };
    child.once("error", (error) => {
      result.stderr += error.message;
      finish(null);
    });
    child.once("close", finish);
  });
}

function killAll(child: ChildProcess, ownGroup: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(ownGroup ? -child.pid : child.pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
