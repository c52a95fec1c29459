import type { Sandbox } from "../sandbox";
import type { Daemon } from "./daemon";
import { nodeProgram } from "./environment";
import { requireOk } from "./http-health";

/** The one endpoint in front of MiniStack and moto. It also runs SageMaker jobs. */
export function gatewayDaemon(sandbox: Sandbox, python: string): Daemon {
  return {
    name: "gateway",
    title: "the gateway",
    ...nodeProgram("local/gateway/main.ts"),
    settings: {
      GATEWAY_PORT: String(sandbox.ports.gateway),
      MINISTACK_URL: sandbox.ministackUrl,
      MOTO_URL: sandbox.motoUrl,
      SANDBOX_ROOT: sandbox.paths.gateway,
      PYTHON: python,
      KUBERNETES_URL: sandbox.kubernetesUrl,
      KUBERNETES_CA_FILE: sandbox.paths.kubernetesCaFile,
      ACCOUNT_ID: sandbox.accountId,
    },
    ports: [sandbox.ports.gateway],
    checkHealth: (signal) => requireOk(`${sandbox.gatewayUrl}/_gateway/health`, signal),
  };
}
