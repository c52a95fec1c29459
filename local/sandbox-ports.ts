/** The ports of a sandbox: consecutive from a base that the user gives, else free ones. */
import getPort, { portNumbers } from "get-port";
import { z } from "zod";
import { isFreePort } from "./emulators/free-port";
import { SandboxError } from "./sandbox-error";

/** In the order in which a fixed port base hands them out; add at the end only. */
const PORT_NAMES = [
  "gateway",
  "ministack",
  "moto",
  "kubernetes",
  "etcdClient",
  "etcdPeer",
  "controllerManager",
  "scheduler",
] as const;

export type SandboxPorts = Record<(typeof PORT_NAMES)[number], number>;

/** Below the range that systems hand to outgoing connections, so that a restart finds its ports free again. */
const AUTOMATIC_PORTS = { from: 24_500, to: 25_499 };

const port = z.number().int().min(1).max(65_535);

/** How the ports are kept in sandbox.json. */
export const portBaseSchema = port.optional();
export const portsSchema = z.strictObject(
  Object.fromEntries(PORT_NAMES.map((name) => [name, port])) as Record<keyof SandboxPorts, typeof port>,
);

/** The base that the user asked for, by option or MLOPS_PORT_BASE. */
export function resolvePortBase(option: number | undefined): number | undefined {
  const fromEnvironment = process.env["MLOPS_PORT_BASE"];
  const [source, value] =
    option !== undefined
      ? ["port base", option]
      : ["MLOPS_PORT_BASE", fromEnvironment && Number(fromEnvironment)];
  if (value === undefined || value === "") return undefined;
  const highest = 65_535 - PORT_NAMES.length + 1;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1024 || value > highest) {
    throw new SandboxError(
      `${source}: ${option ?? fromEnvironment} is not allowed; give a whole number from 1024 to ${highest} ` +
        `(${PORT_NAMES.length} consecutive ports are used).`,
    );
  }
  return value;
}

export function portsFrom(base: number): SandboxPorts {
  return Object.fromEntries(PORT_NAMES.map((name, index) => [name, base + index])) as SandboxPorts;
}

/** Free now, and none of those that belong to somebody who happens to be down. */
export async function choosePorts(reserved: number[]): Promise<SandboxPorts> {
  const taken = new Set(reserved);
  const chosen: Partial<SandboxPorts> = {};
  for (const portName of PORT_NAMES) {
    const free = await getPort({
      host: "127.0.0.1",
      port: portNumbers(AUTOMATIC_PORTS.from, AUTOMATIC_PORTS.to),
      exclude: taken,
    });
    taken.add(free);
    chosen[portName] = free;
  }
  return chosen as SandboxPorts;
}

/** Whether nobody listens on any of them. */
export async function areFree(ports: SandboxPorts): Promise<boolean> {
  const free = await Promise.all(Object.values(ports).map(isFreePort));
  return free.every((each) => each);
}
