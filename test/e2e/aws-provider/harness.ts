import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import * as automation from "@pulumi/pulumi/automation";

const repository = path.resolve(__dirname, "../../..");
const project = "provider-test";

/** What the engine did to the resources of one run: URN → operation (`create`, `update`, `replace`, `delete`, `same`…). */
export type Operations = Map<string, string>;

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** A provider process as the sandbox starts it. */
export class ProviderProcess {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  static async start(environment: Record<string, string>): Promise<ProviderProcess> {
    const main = path.join(repository, "local/provider/aws/main.ts");
    const child = spawn(process.execPath, ["--import", "tsx", main], {
      cwd: repository,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const port = await new Promise<number>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once("line", (line) => resolve(Number(line)));
      child.once("exit", (code) =>
        reject(new Error(`the provider ended with code ${code} before it was ready`)),
      );
    });
    return new ProviderProcess(port, child);
  }

  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    return ended;
  }
}

/** One stack of the real engine with an inline program. */
export class EngineStack {
  private constructor(
    private readonly name: string,
    private readonly options: automation.LocalWorkspaceOptions,
  ) {}

  static create(name: string, folder: string, pulumiCommand: automation.PulumiCommand, providerPort: number) {
    const backend = path.join(folder, "state");
    fs.mkdirSync(backend, { recursive: true });
    return new EngineStack(name, {
      pulumiCommand,
      workDir: folder,
      pulumiHome: path.join(folder, "home"),
      projectSettings: { name: project, runtime: "nodejs", backend: { url: `file://${backend}` } },
      envVars: {
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${providerPort}`,
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    });
  }

  async up(program: automation.PulumiFn): Promise<Operations> {
    return this.observe(program, (stack, onEvent) => stack.up({ onEvent, color: "never" }));
  }

  async preview(program: automation.PulumiFn): Promise<Operations> {
    return this.observe(program, (stack, onEvent) => stack.preview({ onEvent, color: "never" }));
  }

  async refresh(): Promise<Operations> {
    return this.observe(
      async () => undefined,
      (stack, onEvent) => stack.refresh({ onEvent, color: "never" }),
    );
  }

  async destroy(): Promise<Operations> {
    return this.observe(
      async () => undefined,
      (stack, onEvent) => stack.destroy({ onEvent, color: "never" }),
    );
  }

  /** Resources of the state as the backend keeps them, secrets encrypted. */
  async resources(): Promise<StateResource[]> {
    const file = path.join(this.options.workDir!, "state", ".pulumi", "stacks", project, `${this.name}.json`);
    const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as {
      checkpoint: { latest?: { resources?: StateResource[] } };
    };
    return (checkpoint.latest?.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
  }

  private select(program: automation.PulumiFn): Promise<automation.Stack> {
    return automation.LocalWorkspace.createOrSelectStack(
      { stackName: this.name, projectName: project, program },
      this.options,
    );
  }

  private async observe(
    program: automation.PulumiFn,
    run: (stack: automation.Stack, onEvent: (event: automation.EngineEvent) => void) => Promise<unknown>,
  ): Promise<Operations> {
    const operations: Operations = new Map();
    const noteStep = (event: automation.EngineEvent): void => {
      const step = event.resOutputsEvent ?? event.resourcePreEvent;
      if (!step || step.metadata.type.startsWith("pulumi:")) return;
      const { urn, op } = step.metadata;
      // The steps of one replacement count as the replacement.
      if (operations.get(urn) === "replace" || op === "refresh") return;
      operations.set(urn, /replace/.test(op) ? "replace" : op);
    };
    await run(await this.select(program), noteStep);
    return operations;
  }
}

/** Names of the resources that the operation touched, sorted. */
export function touched(operations: Operations, ...kinds: string[]): string[] {
  return [...operations]
    .filter(([, operation]) => kinds.includes(operation))
    .map(([urn]) => urn.split("::").slice(2).join(" ").replace(/^.*\$/, ""))
    .sort();
}
