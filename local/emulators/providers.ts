/** The sandbox's Pulumi providers. They outlive the engine, so a killed `up` does not cut their calls short. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Sandbox } from "../sandbox";
import type { Daemon } from "./daemon";
import { SOURCE_ROOT, nodeProgram } from "./environment";
import { requireListener } from "./free-port";

export const providerNames = ["aws", "kubernetes", "awsx"] as const;
export type ProviderName = (typeof providerNames)[number];

export function providerDaemon(sandbox: Sandbox, name: ProviderName): Daemon {
  return {
    name: providerDaemonName(name),
    title: `the ${name} provider`,
    ...nodeProgram(`local/provider/${name}/main.ts`),
    settings: settingsOf(sandbox, name),
    ports: [],
    announcesPort: true,
    checkHealth: async (signal, port) => requireListener(port, signal),
    revision: newestSource(path.join(SOURCE_ROOT, "local", "provider")),
  };
}

export function providerDaemonName(name: ProviderName): string {
  return `provider-${name}`;
}

function settingsOf(sandbox: Sandbox, name: ProviderName): Record<string, string> {
  switch (name) {
    case "aws":
      return { ...sandbox.awsEnvironment(), SANDBOX_JOURNAL: sandbox.paths.awsJournal };
    case "kubernetes":
      return { KUBECONFIG: sandbox.paths.kubeconfig, SANDBOX_JOURNAL: sandbox.paths.kubernetesJournal };
    case "awsx":
      return {};
  }
}

/** Providers keep nothing in memory, so one that is older than its sources is simply started again. */
function newestSource(folder: string): string {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  const times = files.map((file) => fs.statSync(path.join(file.parentPath, file.name)).mtimeMs);
  return String(Math.max(0, ...times));
}
