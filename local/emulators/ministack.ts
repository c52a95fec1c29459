import * as path from "node:path";
import { nativePlatform } from "../../lambdas/native-modules";
import type { Sandbox } from "../sandbox";
import type { Daemon } from "./daemon";
import { SOURCE_ROOT } from "./environment";
import { requireOk } from "./http-health";

/** Bundles with compiled code carry that of Lambda's machines; elsewhere they find that of this one where npm put it. */
const bundlesFitHere = `${process.platform}-${process.arch}` === nativePlatform;

/** Most of AWS. Its Lambdas get the gateway as their endpoint, so that they see the same AWS as everybody else. */
export function ministackDaemon(sandbox: Sandbox, python: string): Daemon {
  const data = (name: string) => path.join(sandbox.paths.ministack, name);
  return {
    name: "ministack",
    title: "MiniStack",
    command: python,
    args: [path.join(SOURCE_ROOT, "local", "emulators", "ministack_launcher.py")],
    cwd: sandbox.paths.ministack,
    settings: {
      GATEWAY_PORT: String(sandbox.ports.ministack),
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      MINISTACK_ACCOUNT_ID: sandbox.accountId,
      MINISTACK_REGION: sandbox.region,
      STATE_DIR: data("state"),
      S3_DATA_DIR: data("s3"),
      LAMBDA_EXECUTOR: "local",
      // Lambdas act as their roles: without this they all are root, and no access entry of a cluster would fit them.
      AUTH: "true",
      // These listen on ports that two sandboxes would share, and on every address of the machine.
      SFTP_ENABLED: "0",
      IOT_MTLS_ENABLED: "0",
      // With a Docker daemon at hand it would start databases and clusters in containers of its own.
      DOCKER_HOST: `unix://${data("no-docker.sock")}`,
      PYTHONUNBUFFERED: "1",
      ...(bundlesFitHere ? {} : { NODE_PATH: path.join(SOURCE_ROOT, "node_modules") }),
    },
    ports: [sandbox.ports.ministack],
    checkHealth: (signal) => requireOk(`${sandbox.ministackUrl}/_ministack/health`, signal),
  };
}
