import * as fs from "node:fs";
import { emulatorStatus } from "../emulators";
import { SandboxError } from "../sandbox";
import { type CommandOptions, existingSandbox } from "./options";
import { say } from "./report";

/** Prints the end of one daemon's log, or of all. @throws SandboxError when there is no such daemon. */
export async function logsCommand(
  daemon: string | undefined,
  options: CommandOptions & { lines: number },
): Promise<void> {
  const all = emulatorStatus(existingSandbox(options));
  const chosen = daemon === undefined ? all : all.filter(({ name }) => name === daemon);
  if (chosen.length === 0) {
    throw new SandboxError(
      `There is no daemon "${daemon}"; there are: ${all.map(({ name }) => name).join(", ")}.`,
    );
  }
  for (const { name, logFile } of chosen) {
    if (!fs.existsSync(logFile)) continue;
    if (chosen.length > 1) say(`==> ${name} (${logFile})`);
    const text = fs.readFileSync(logFile, "utf8").trimEnd();
    if (text !== "") say(text.split("\n").slice(-options.lines).join("\n"));
  }
}
