import { SandboxError } from "../sandbox";
import { runDoctor } from "../toolchain";
import { say, table } from "./report";

/** Says what the sandbox needs and has. @throws SandboxError when the user has to do something first. */
export async function doctorCommand(): Promise<void> {
  const findings = await runDoctor();
  const rows = findings.map(({ name, status, found }) => [name, status, found]);
  for (const line of table([["", "status", "found"], ...rows])) say(line);
  for (const { name, fix } of findings) if (fix) say(`${name}: ${fix}`);
  const missing = findings.filter(({ status }) => status === "missing").map(({ name }) => name);
  if (missing.length > 0)
    throw new SandboxError(`Missing: ${missing.join(", ")}. The lines above say what to do.`);
  say("Ready.");
}
