/** A process id alone can be recycled; together with its start it names one process for ever. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";

export interface ProcessIdentity {
  pid: number;
  /** Opaque: differs for every process that ever had this pid. */
  startedAt: string;
}

/** Who has that pid now; undefined when nobody has, or only a zombie that nobody has waited for yet. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === "linux" ? startOnLinux(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** Whether any process of that group runs. A zombie does not: where nobody waits for orphans it stays for ever. */
export function isGroupRunning(group: number): boolean {
  if (process.platform === "linux") {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .some((name) => statOnLinux(Number(name))?.group === group);
  }
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

function startOnLinux(pid: number): string | undefined {
  const stat = statOnLinux(pid);
  return stat && `${bootId()}:${stat.startTicks}`;
}

/** Undefined for a pid that nobody has, or only a zombie. */
function statOnLinux(pid: number): { group: number; startTicks: string } | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in brackets and may itself hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state = "", , group = "", startTicks = ""] = [fields[0], fields[1], fields[2], fields[19]];
    return ["Z", "X"].includes(state) ? undefined : { group: Number(group), startTicks };
  } catch {
    return undefined;
  }
}

/** Ticks count from boot, so the same number returns after a restart of the machine. */
function bootId(): string {
  return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function startFromPs(pid: number): string | undefined {
  try {
    const output = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
    }).trim();
    return output === "" || output.startsWith("Z") ? undefined : output.replace(/^\S+\s+/, "");
  } catch {
    return undefined;
  }
}
