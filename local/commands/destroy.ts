import { emptyRegistry } from "../engine/empty-registry";
import { destroy } from "../engine/operations";
import { openLocalStack, requireRunning, startSandbox, withEngine } from "../engine/session";
import { Sandbox } from "../sandbox";
import { type CommandOptions, confirm, nameOf } from "./options";
import { runSteps, say, sayTotal } from "./report";
import { describeCounts } from "./up";

/** Deletes everything of the local stack; the emulators go on running. */
export async function destroyCommand(options: CommandOptions): Promise<void> {
  const sandbox = Sandbox.find({ name: nameOf(options) });
  requireRunning(sandbox, nameOf(options));
  await confirm(`Everything that is deployed in the sandbox "${sandbox.name}" will be deleted.`, options);
  const started = Date.now();
  await withEngine(sandbox, say, () =>
    runSteps([
      {
        title: "Destroy the local environment",
        run: async (progress) => {
          const { stack } = await openLocalStack(await startSandbox(sandbox, {}, progress), { progress });
          const versions = await emptyRegistry(sandbox, stack);
          if (versions > 0) progress(`${versions} registered model versions deleted`);
          return describeCounts((await destroy({ stack, progress, sandbox })).counts);
        },
      },
    ]),
  );
  sayTotal("Destroyed", started);
}
