import * as fs from "node:fs";
import { withEngine } from "../engine/session";
import { stopEmulators } from "../emulators";
import { Sandbox } from "../sandbox";
import { type CommandOptions, confirm, existingSandbox, nameOf } from "./options";
import { say, sayTotal } from "./report";

/** Ends every daemon of the sandbox, and nothing else. */
export async function downCommand(options: CommandOptions): Promise<void> {
  const started = Date.now();
  const sandbox = Sandbox.find({ name: nameOf(options) });
  const stopped = sandbox ? await withEngine(sandbox, say, () => stopEmulators(sandbox)) : [];
  if (stopped.length === 0) return say(`The sandbox "${nameOf(options)}" was not running.`);
  sayTotal(`Ended ${stopped.join(", ")}`, started);
}

/** Ends the sandbox and deletes its folder with everything that was in it. */
export async function resetCommand(options: CommandOptions): Promise<void> {
  const sandbox = existingSandbox(options);
  await confirm(
    `The sandbox "${sandbox.name}" and its folder ${sandbox.paths.root} will be deleted.`,
    options,
  );
  await downCommand(options);
  fs.rmSync(sandbox.paths.root, { recursive: true, force: true });
  say(`Deleted ${sandbox.paths.root}`);
}
