import { managedResources, stateOf } from "../engine/deployment";
import { interruptedOperation } from "../engine/interruption";
import { localEnvironment } from "../engine/session";
import { selectStack } from "../engine/stack";
import { emulatorStatus } from "../emulators";
import type { Sandbox } from "../sandbox";
import { type CommandOptions, existingSandbox } from "./options";
import { say, table } from "./report";

/** Says what runs and what is deployed. */
export async function statusCommand(options: CommandOptions): Promise<void> {
  const sandbox = existingSandbox(options);
  const daemons = emulatorStatus(sandbox);
  const rows = daemons.map(({ name, running, pid, announcedPort }) => [
    name,
    running ? "running" : "-",
    running ? String(pid) : "",
    running ? String(announcedPort ?? portOf(sandbox, name) ?? "") : "",
  ]);
  for (const line of table([["daemon", "state", "pid", "port"], ...rows])) say(line);
  const interrupted = interruptedOperation(sandbox);
  if (interrupted) say(`The last ${interrupted.operation} was killed; the next up puts that in order.`);
  if (daemons.some(({ running }) => running)) say(await deployed(sandbox));
}

async function deployed(sandbox: Sandbox): Promise<string> {
  const stack = await selectStack(sandbox, localEnvironment, { debugProviders: "" });
  const { length } = managedResources(stateOf(await stack.exportStack()));
  return length === 0 ? "Nothing is deployed." : `${length} resources are deployed.`;
}

function portOf({ ports }: Sandbox, daemon: string): number | undefined {
  const byDaemon: Record<string, number> = {
    gateway: ports.gateway,
    ministack: ports.ministack,
    moto: ports.moto,
    "kube-apiserver": ports.kubernetes,
    etcd: ports.etcdClient,
    "kube-controller-manager": ports.controllerManager,
    "kube-scheduler": ports.scheduler,
  };
  return byDaemon[daemon];
}
