import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import getPort from "get-port";
import { type Daemon, logFile, startDaemon, stopDaemon } from "../../../local/emulators/daemon";
import { requireOk } from "../../../local/emulators/http-health";
import { endLeftovers, findLeftovers } from "../../../local/emulators/leftovers";
import { readPidFile, runningProcess, writePidFile } from "../../../local/emulators/pid-file";
import { Sandbox } from "../../../local/sandbox";
import { identify } from "../../../local/toolchain/process-identity";
import { noProgress } from "../../../local/toolchain/progress";
import { temporaryFolder } from "../toolchain/fakes";

const projectRoot = temporaryFolder();
let sandbox: Sandbox;
let port: number;

beforeAll(async () => {
  sandbox = await Sandbox.open({ projectRoot });
});
beforeEach(async () => {
  port = await getPort({ host: "127.0.0.1" });
});
afterEach(async () => {
  await stopDaemon(sandbox, "server", 100);
  await endLeftovers(sandbox);
});

function daemon(mode: string, changes: Partial<Daemon> = {}): Daemon {
  return {
    name: "server",
    title: "The server",
    command: process.execPath,
    args: [path.join(__dirname, "server.js")],
    cwd: projectRoot,
    settings: { MODE: mode, PORT: String(port), CHILD_FILE: path.join(projectRoot, "child") },
    ports: [port],
    checkHealth: (signal) => requireOk(`http://127.0.0.1:${port}`, signal),
    startMilliseconds: 5_000,
    ...changes,
  };
}

const start = (each: Daemon) => startDaemon(sandbox, each, noProgress);
const answeringPid = async (at = port) => Number(await (await fetch(`http://127.0.0.1:${at}`)).text());
const exists = (pid: number) => identify(pid) !== undefined;

describe("start", () => {
  it("waits until the daemon answers; a second start finds it", async () => {
    const first = await start(daemon("good"));
    expect(first).toMatchObject({ startedNow: true, pid: await answeringPid() });
    await expect(start(daemon("good"))).resolves.toMatchObject({ startedNow: false, pid: first.pid });
  });

  it.each<[string, Partial<Daemon>]>([
    ["settings", { settings: { MODE: "good", PORT: "0", MORE: "1" } }],
    ["arguments", { args: [path.join(__dirname, "server.js"), "--more"] }],
    ["sources", { revision: "2" }],
  ])("other %s replace the running one", async (_what, changes) => {
    const first = await start(daemon("good"));
    const settings = changes.settings && { ...changes.settings, PORT: String(port) };
    const second = await start(daemon("good", { ...changes, ...(settings && { settings }) }));
    expect(second.startedNow).toBe(true);
    expect(await answeringPid()).toBe(second.pid);
    expect(exists(first.pid)).toBe(false);
  });

  it("one that runs but does not answer is replaced", async () => {
    const first = await start(daemon("sick", { checkHealth: async () => {} }));
    const second = await start(
      daemon("sick", {
        checkHealth: (signal) => requireOk(`http://127.0.0.1:${port}`, signal),
        startMilliseconds: 600,
      }),
    ).catch((error: Error) => error);
    expect(exists(first.pid)).toBe(false);
    expect((second as Error).message).toMatch(
      /^The server did not answer within 0\.6 s\. The end of its log .*server\.log:\n {2}starting as sick$/,
    );
    expect(runningProcess(sandbox.paths.pids, "server")).toBeUndefined();
  });

  it("one that ends while it starts is told with the end of its log, and no pid file stays", async () => {
    await expect(start(daemon("crash"))).rejects.toThrow(
      `The server ended while it was starting (exit status 7). The end of its log ${logFile(sandbox, "server")}:\n` +
        `  starting as crash\n  cannot read settings`,
    );
    expect(readPidFile(sandbox.paths.pids, "server")).toBeUndefined();
  });

  it("a program that does not exist is one sentence", async () => {
    await expect(start(daemon("good", { command: "/absent/program" }))).rejects.toThrow(
      /^The server cannot be started: .*ENOENT.* doctor\.$/,
    );
  });

  it("a port that somebody else uses is named with the way out, and that somebody is left alone", async () => {
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    await expect(start(daemon("good"))).rejects.toThrow(
      `Port ${port}, which The server of sandbox "local" uses, is taken by another program. ` +
        `End that program, or choose other ports with --port-base <number> or MLOPS_PORT_BASE.`,
    );
    expect(other.listening).toBe(true);
    await new Promise((resolve) => other.close(resolve));
  });

  it("learns the port that a daemon chose, and remembers it", async () => {
    const announcing = daemon("announcing", {
      settings: { MODE: "announcing" },
      ports: [],
      announcesPort: true,
      checkHealth: async () => {},
    });
    const first = await start(announcing);
    expect(await answeringPid(first.announcedPort)).toBe(first.pid);
    await expect(start(announcing)).resolves.toEqual({ ...first, startedNow: false });
  });
});

describe("stop", () => {
  it("ends the daemon and what it started", async () => {
    const { pid } = await start(daemon("parent"));
    const child = Number(fs.readFileSync(path.join(projectRoot, "child"), "utf8"));
    expect(exists(child)).toBe(true);
    await expect(stopDaemon(sandbox, "server")).resolves.toEqual({ wasRunning: true });
    expect([exists(pid), exists(child)]).toEqual([false, false]);
    await expect(stopDaemon(sandbox, "server")).resolves.toEqual({ wasRunning: false });
  });

  it("kills one that does not end when asked", async () => {
    const { pid } = await start(daemon("stubborn"));
    await stopDaemon(sandbox, "server", 300);
    expect(exists(pid)).toBe(false);
    expect(fs.readFileSync(logFile(sandbox, "server"), "utf8")).toContain("not yet");
  });

  it("never ends a stranger that has got the pid of a daemon", async () => {
    const stranger = spawn("sleep", ["60"]);
    writePidFile(sandbox.paths.pids, "server", {
      pid: stranger.pid!,
      startedAt: "long ago",
      fingerprint: "any",
    });
    await expect(stopDaemon(sandbox, "server")).resolves.toEqual({ wasRunning: false });
    expect(exists(stranger.pid!)).toBe(true);
    stranger.kill("SIGKILL");
  });

  // Other systems do not show the environment of a process.
  (process.platform === "linux" ? it : it.failing)(
    "children of a daemon that crashed are found and ended",
    async () => {
      const { pid } = await start(daemon("parent"));
      const child = Number(fs.readFileSync(path.join(projectRoot, "child"), "utf8"));
      process.kill(pid, "SIGKILL");
      while (exists(pid)) await sleep(20);
      await stopDaemon(sandbox, "server");
      expect(findLeftovers(sandbox)).toContain(child);
      await endLeftovers(sandbox);
      expect(exists(child)).toBe(false);
    },
  );
});
