import * as fs from "node:fs";
import type { Sandbox } from "../sandbox";
import type { KubernetesBinaries } from "../toolchain/kubernetes";
import type { Progress } from "../toolchain/progress";
import { type Daemon, type RunningDaemon, startDaemon } from "./daemon";
import { apiServerDaemon, controllerManagerDaemon, etcdDaemon, schedulerDaemon } from "./kubernetes";
import { writeClientCredentials, writeServerCredentials } from "./kubernetes-credentials";
import { ministackDaemon } from "./ministack";
import { motoDaemon } from "./moto";
import { anyRunning } from "./pid-file";
import { type ProviderName, providerDaemon } from "./providers";

/** One start of a sandbox's daemons and what came of it. */
export class SandboxStart {
  /** Daemons that were not running before. */
  readonly started: string[] = [];
  private readonly providerPorts = new Map<ProviderName, number>();
  private clusterKept = false;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly progress: Progress,
  ) {}

  /** Started ones among those that hold what was deployed, unless they still hold it. */
  get startedEmpty(): string[] {
    const forgetful = ["ministack", "moto", ...(this.clusterKept ? [] : ["etcd"])];
    return this.started.filter((name) => forgetful.includes(name));
  }

  get debugProviders(): string {
    return [...this.providerPorts].map(([name, port]) => `${name}:${port}`).join(",");
  }

  async daemon(daemon: Daemon): Promise<RunningDaemon> {
    const running = await startDaemon(this.sandbox, daemon, this.progress);
    if (running.startedNow) this.started.push(daemon.name);
    return running;
  }

  async emulators(python: string, binaries: KubernetesBinaries): Promise<void> {
    this.forgetUnlessRunning();
    await allToTheEnd<unknown>([
      this.daemon(ministackDaemon(this.sandbox, python)),
      this.daemon(motoDaemon(this.sandbox, python)),
      this.kubernetes(binaries),
    ]);
  }

  async providers(names: readonly ProviderName[]): Promise<void> {
    const ports = await allToTheEnd(
      names.map(async (name) => (await this.daemon(providerDaemon(this.sandbox, name))).announcedPort),
    );
    names.forEach((name, index) => this.providerPorts.set(name, ports[index]!));
  }

  private async kubernetes(binaries: KubernetesBinaries): Promise<void> {
    await this.daemon(etcdDaemon(this.sandbox, binaries));
    writeServerCredentials(this.sandbox);
    await this.daemon(apiServerDaemon(this.sandbox, binaries));
    writeClientCredentials(this.sandbox);
    const controllers: Promise<unknown>[] = [];
    if (binaries.controllerManager) {
      controllers.push(this.daemon(controllerManagerDaemon(this.sandbox, binaries.controllerManager)));
    }
    if (binaries.scheduler) controllers.push(this.daemon(schedulerDaemon(this.sandbox, binaries.scheduler)));
    await allToTheEnd(controllers);
  }

  /**
   * MiniStack and moto forget everything when they end; etcd and the gateway keep files. A start of all of them begins
   * with empty folders, so that the whole sandbox has one memory; one that ended alone restarts with what it knew.
   */
  private forgetUnlessRunning(): void {
    const { paths } = this.sandbox;
    this.clusterKept = anyRunning(paths.pids);
    if (this.clusterKept) return;
    for (const folder of [paths.etcd, paths.kubernetes, paths.gateway, paths.ministack, paths.temporary]) {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder, { mode: 0o700 });
    }
  }
}

/** Like Promise.all, but fails only after all have ended: what is still starting must not escape the clean-up. */
async function allToTheEnd<T>(tasks: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
