import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import { stopEmulators } from "../../../local/emulators";
import { startDaemon } from "../../../local/emulators/daemon";
import { gatewayDaemon } from "../../../local/emulators/gateway";
import { ministackDaemon } from "../../../local/emulators/ministack";
import { motoDaemon } from "../../../local/emulators/moto";
import { type JournalEntry, readJournal } from "../../../local/provider/shared/journal";
import { Sandbox } from "../../../local/sandbox";
import { ensurePulumi, ensurePython, noProgress } from "../../../local/toolchain";
import { EngineStack, ProviderProcess } from "./harness";
import type { Endpoints } from "./service-case";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** Emulators behind their gateway, the provider's process and the real engine, in a folder of their own. */
export class Surroundings {
  private stacks = 0;

  private constructor(
    private readonly folder: string,
    private readonly sandbox: Sandbox,
    private readonly pulumiCommand: automation.PulumiCommand,
    readonly provider: ProviderProcess,
  ) {}

  static async start(): Promise<Surroundings> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "aws-provider-test-"));
    const sandbox = await Sandbox.open({ projectRoot: folder });
    // Stands for the certificate of an API server, which these tests do without.
    fs.writeFileSync(sandbox.paths.kubernetesCaFile, "certificate");
    const [pulumi, python] = await Promise.all([ensurePulumi(), ensurePython()]);
    await startDaemon(sandbox, ministackDaemon(sandbox, python), noProgress);
    await startDaemon(sandbox, motoDaemon(sandbox, python), noProgress);
    await startDaemon(sandbox, gatewayDaemon(sandbox, python), noProgress);
    const provider = await ProviderProcess.start({
      AWS_ENDPOINT_URL: sandbox.gatewayUrl,
      AWS_REGION: sandbox.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SANDBOX_JOURNAL: path.join(folder, "journal.jsonl"),
    });
    const root = path.dirname(path.dirname(pulumi));
    return new Surroundings(folder, sandbox, await automation.PulumiCommand.get({ root }), provider);
  }

  get endpoints(): Endpoints {
    const { region, gatewayUrl } = this.sandbox;
    return { aws: { region, endpoint: gatewayUrl, credentials } };
  }

  /** An empty stack of the real engine. */
  stack(): EngineStack {
    this.stacks += 1;
    const folder = path.join(this.folder, `stack-${this.stacks}`);
    fs.mkdirSync(folder);
    return EngineStack.create(`test-${this.stacks}`, folder, this.pulumiCommand, this.provider.port);
  }

  journal(): JournalEntry[] {
    return readJournal(path.join(this.folder, "journal.jsonl"));
  }

  /** Physical resources that were made and not removed. */
  standing(): string[] {
    const standing = new Set<string>();
    for (const { event, type, id } of this.journal()) {
      if (event === "created") standing.add(`${type} ${id}`);
      else standing.delete(`${type} ${id}`);
    }
    return [...standing];
  }

  async stop(): Promise<void> {
    await this.provider.stop();
    await stopEmulators(this.sandbox);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
