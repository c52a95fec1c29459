/** Which ports the sandboxes of this user hold, over all checkouts, also while they are down. */
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheRoot } from "./toolchain/cache";
import { withFileLock } from "./toolchain/file-lock";

/**
 * Runs `choose` with the ports of all other sandboxes of the user, while no other process chooses, and remembers the
 * sandbox afterwards.
 * @param sandboxFile - `sandbox.json` of the sandbox whose ports are chosen; `choose` writes it
 */
export async function withPortsOfOthers<T>(
  sandboxFile: string,
  choose: (reserved: number[]) => Promise<T>,
): Promise<T> {
  const register = path.join(cacheRoot(), "sandboxes.json");
  return withFileLock(`${register}.lock`, async () => {
    const others = read(register).filter((file) => file !== sandboxFile && fs.existsSync(file));
    const chosen = await choose(others.flatMap(portsIn));
    fs.writeFileSync(register, JSON.stringify([...others, sandboxFile], undefined, 2));
    return chosen;
  });
}

/** Files of the known sandboxes. The register only prevents clashes: one that cannot be read is begun anew. */
function read(register: string): string[] {
  try {
    return JSON.parse(fs.readFileSync(register, "utf8")) as string[];
  } catch {
    return [];
  }
}

function portsIn(sandboxFile: string): number[] {
  try {
    const { ports } = JSON.parse(fs.readFileSync(sandboxFile, "utf8")) as { ports: Record<string, number> };
    return Object.values(ports);
  } catch {
    return [];
  }
}
