/** A command of its own that a test can kill: `start-emulators.ts <project root> <sandbox>`. */
import { startEmulators } from "../../local/emulators";
import { Sandbox } from "../../local/sandbox";

async function main(projectRoot: string, name: string): Promise<void> {
  await startEmulators(await Sandbox.open({ projectRoot, name }), { gateway: false, providers: [] });
}

void main(process.argv[2]!, process.argv[3]!);
