import * as path from "node:path";
import type { Sandbox } from "../sandbox";
import type { Daemon } from "./daemon";
import { SOURCE_ROOT } from "./environment";
import { requireOk } from "./http-health";

/** The services that MiniStack lacks, SageMaker above all. */
export function motoDaemon(sandbox: Sandbox, python: string): Daemon {
  return {
    name: "moto",
    title: "moto",
    command: python,
    args: [
      path.join(SOURCE_ROOT, "local", "emulators", "moto_launcher.py"),
      "-H",
      "127.0.0.1",
      "-p",
      String(sandbox.ports.moto),
    ],
    cwd: sandbox.paths.temporary,
    settings: { MOTO_ACCOUNT_ID: sandbox.accountId, PYTHONUNBUFFERED: "1" },
    ports: [sandbox.ports.moto],
    checkHealth: (signal) => requireOk(`${sandbox.motoUrl}/moto-api/data.json`, signal),
  };
}
