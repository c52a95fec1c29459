/** One sandbox: a name, its folders and its ports. Nothing here starts a process. */
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { anyRunning } from "./emulators/pid-file";
import { withPortsOfOthers } from "./port-claims";
import { SandboxError } from "./sandbox-error";
import {
  type SandboxPorts,
  areFree,
  choosePorts,
  portBaseSchema,
  portsFrom,
  portsSchema,
  resolvePortBase,
} from "./sandbox-ports";

export { SandboxError } from "./sandbox-error";
export type { SandboxPorts } from "./sandbox-ports";

/** The account that every emulator reports, so that the ARNs of all of them agree. */
export const SANDBOX_ACCOUNT_ID = "123456789012";
export const SANDBOX_REGION = "us-east-1";
export const DEFAULT_SANDBOX_NAME = "local";

const NAME_PATTERN = /^[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?$/;

const sandboxFile = z.strictObject({
  name: z.string(),
  portBase: portBaseSchema,
  ports: portsSchema,
});

export interface SandboxOptions {
  /** Lower-case letters, digits and hyphens, at most 30. @default "local" */
  name?: string;
  /** First of the consecutive ports that the sandbox uses. @default MLOPS_PORT_BASE, else free ports chosen once */
  portBase?: number;
  /** The folder of the repository: `.local/` is created in it. @default the folder above this file */
  projectRoot?: string;
}

/** Where everything of one sandbox lies. All paths are absolute. */
export interface SandboxPaths {
  /** `.local/<name>` */
  root: string;
  logs: string;
  pids: string;
  /** Scratch space of the daemons (their TMPDIR). */
  temporary: string;
  /** Data of MiniStack. */
  ministack: string;
  /** Job roots and state of the gateway. */
  gateway: string;
  /** Data of etcd. */
  etcd: string;
  /** Certificates, tokens and keys of the API server. */
  kubernetes: string;
  kubeconfig: string;
  /** Certificate authority of the API server, PEM. */
  kubernetesCaFile: string;
  /** JSON lines of what the AWS provider created and deleted. */
  awsJournal: string;
  kubernetesJournal: string;
  /** File backend of the Pulumi engine. */
  engineState: string;
  /** Work directory of the Automation API program. */
  engineProject: string;
  /** PULUMI_HOME, so that the user's own Pulumi settings are neither read nor changed. */
  pulumiHome: string;
}

/** Those of the paths that are folders; the others are files that appear when something writes them. */
const FOLDERS = [
  "logs",
  "pids",
  "temporary",
  "ministack",
  "gateway",
  "etcd",
  "kubernetes",
  "engineState",
  "engineProject",
  "pulumiHome",
] as const satisfies (keyof SandboxPaths)[];

export class Sandbox {
  readonly region = SANDBOX_REGION;
  readonly accountId = SANDBOX_ACCOUNT_ID;
  readonly paths: SandboxPaths;

  private constructor(
    readonly name: string,
    readonly projectRoot: string,
    readonly ports: SandboxPorts,
    /** The base the user asked for; undefined when the ports were chosen among the free ones. */
    readonly portBase: number | undefined,
  ) {
    this.paths = pathsOf(path.join(projectRoot, ".local", name));
  }

  /**
   * Opens the sandbox of that name; creates its folders and chooses its ports on the first call.
   *
   * @throws SandboxError when the name or port base is not allowed, or the sandbox runs on other ports.
   */
  static async open(options: SandboxOptions = {}): Promise<Sandbox> {
    const { name, projectRoot } = resolveOptions(options);
    const portBase = resolvePortBase(options.portBase);
    const stored = readStored(projectRoot, name);
    if (!stored) return Sandbox.withNewPorts(name, projectRoot, portBase);

    const known = new Sandbox(name, projectRoot, stored.ports, stored.portBase);
    const running = anyRunning(known.paths.pids);
    if (portBase !== undefined && portBase !== stored.portBase) {
      if (running) throw runsElsewhere(name, portBase);
      return Sandbox.withNewPorts(name, projectRoot, portBase);
    }
    // Ports that nobody asked for may be exchanged when somebody else has taken one while the sandbox was down.
    if (!running && stored.portBase === undefined && !(await areFree(stored.ports))) {
      return Sandbox.withNewPorts(name, projectRoot, undefined);
    }
    return known.createFolders();
  }

  /** The sandbox of that name if it was opened before; nothing is created. */
  static find(options: SandboxOptions = {}): Sandbox | undefined {
    const { name, projectRoot } = resolveOptions(options);
    const stored = readStored(projectRoot, name);
    return stored && new Sandbox(name, projectRoot, stored.ports, stored.portBase);
  }

  /** Names of the sandboxes that were opened before, sorted. */
  static names(projectRoot = defaultProjectRoot()): string[] {
    const home = path.join(projectRoot, ".local");
    if (!fs.existsSync(home)) return [];
    return fs
      .readdirSync(home)
      .filter((name) => NAME_PATTERN.test(name) && fs.existsSync(path.join(home, name, "sandbox.json")))
      .sort();
  }

  /** Two sandboxes that are opened at the same moment, even of two checkouts, choose one after the other. */
  private static async withNewPorts(name: string, projectRoot: string, portBase?: number): Promise<Sandbox> {
    return withPortsOfOthers(sandboxFilePath(projectRoot, name), async (reserved) => {
      const ports = portBase === undefined ? await choosePorts(reserved) : portsFrom(portBase);
      const sandbox = new Sandbox(name, projectRoot, ports, portBase).createFolders();
      const file = sandboxFilePath(projectRoot, name);
      fs.writeFileSync(`${file}.new`, `${JSON.stringify({ name, portBase, ports }, undefined, 2)}\n`);
      fs.renameSync(`${file}.new`, file);
      return sandbox;
    });
  }

  /** The one endpoint that clients use as AWS_ENDPOINT_URL. */
  get gatewayUrl(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  get ministackUrl(): string {
    return `http://127.0.0.1:${this.ports.ministack}`;
  }

  get motoUrl(): string {
    return `http://127.0.0.1:${this.ports.moto}`;
  }

  get kubernetesUrl(): string {
    return `https://127.0.0.1:${this.ports.kubernetes}`;
  }

  /** What an AWS SDK needs to talk to this sandbox and to nothing else. */
  awsEnvironment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.gatewayUrl,
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: path.join(this.paths.root, "no-aws-config"),
      AWS_SHARED_CREDENTIALS_FILE: path.join(this.paths.root, "no-aws-credentials"),
    };
  }

  private createFolders(): this {
    for (const folder of FOLDERS) fs.mkdirSync(this.paths[folder], { recursive: true, mode: 0o700 });
    return this;
  }
}

function pathsOf(root: string): SandboxPaths {
  const at = (...parts: string[]) => path.join(root, ...parts);
  return {
    root,
    logs: at("logs"),
    pids: at("pids"),
    temporary: at("tmp"),
    ministack: at("ministack"),
    gateway: at("gateway"),
    etcd: at("etcd"),
    kubernetes: at("kubernetes"),
    kubeconfig: at("kubeconfig.yaml"),
    kubernetesCaFile: at("kubernetes", "apiserver.crt"),
    awsJournal: at("journal-aws.jsonl"),
    kubernetesJournal: at("journal-kubernetes.jsonl"),
    engineState: at("engine", "state"),
    engineProject: at("engine", "project"),
    pulumiHome: at("engine", "pulumi-home"),
  };
}

function defaultProjectRoot(): string {
  return path.resolve(__dirname, "..");
}

function resolveOptions(options: SandboxOptions): { name: string; projectRoot: string } {
  const name = options.name ?? DEFAULT_SANDBOX_NAME;
  if (!NAME_PATTERN.test(name)) {
    throw new SandboxError(
      `The sandbox name "${name}" is not allowed: use 1 to 30 lower-case letters, digits and hyphens, ` +
        `starting with a letter and not ending with a hyphen.`,
    );
  }
  return { name, projectRoot: path.resolve(options.projectRoot ?? defaultProjectRoot()) };
}

function sandboxFilePath(projectRoot: string, name: string): string {
  return path.join(projectRoot, ".local", name, "sandbox.json");
}

function readStored(
  projectRoot: string,
  name: string,
): { portBase?: number; ports: SandboxPorts } | undefined {
  const file = sandboxFilePath(projectRoot, name);
  if (!fs.existsSync(file)) return undefined;
  try {
    return sandboxFile.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (error) {
    throw new SandboxError(
      `${file} cannot be read (${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}). ` +
        `Delete that file; the sandbox then chooses new ports.`,
    );
  }
}

function runsElsewhere(name: string, portBase: number): SandboxError {
  return new SandboxError(
    `Sandbox "${name}" still runs on other ports than port base ${portBase}. ` +
      `End it first (npm run local -- down), or leave the port base out.`,
  );
}
