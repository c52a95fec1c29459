import { createInterface } from "node:readline/promises";
import { DEFAULT_SANDBOX_NAME, Sandbox, SandboxError } from "../sandbox";

/** Options of every command. */
export interface CommandOptions {
  name?: string;
  portBase?: number;
  controllers?: boolean;
  yes?: boolean;
}

export function nameOf({ name }: CommandOptions): string {
  return name ?? DEFAULT_SANDBOX_NAME;
}

/** @throws SandboxError when there is no such sandbox. */
export function existingSandbox(options: CommandOptions): Sandbox {
  const sandbox = Sandbox.find({ name: nameOf(options) });
  if (sandbox) return sandbox;
  const known = Sandbox.names();
  throw new SandboxError(
    `There is no sandbox "${nameOf(options)}"` +
      (known.length > 0 ? `; there are: ${known.join(", ")}.` : ". Make it with: npm run local -- up"),
  );
}

/** Asks before something is deleted. @throws SandboxError when the answer is no, or nobody can be asked. */
export async function confirm(question: string, { yes }: CommandOptions): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new SandboxError(`${question} Nobody can be asked here: repeat the command with --yes.`);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await prompt.question(`${question} Type "yes" to go on: `);
    if (answer.trim().toLowerCase() !== "yes") throw new SandboxError("Nothing was done.");
  } finally {
    prompt.close();
  }
}
