/** A short-lived AWS provider that answers as another environment's account would. */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { daemonEnvironment, nodeProgram } from "../emulators/environment";
import { type Sandbox, SandboxError } from "../sandbox";

const startMilliseconds = 60_000;

export interface PreviewAccount {
  accountId: string;
  region: string;
}

/**
 * Runs `action` with PULUMI_DEBUG_PROVIDERS in which the AWS provider is one of that account and region. The
 * provider ends with the action.
 */
export async function withPreviewProvider<T>(
  sandbox: Sandbox,
  debugProviders: string,
  account: PreviewAccount,
  action: (debugProviders: string) => Promise<T>,
): Promise<T> {
  const provider = start(sandbox, account);
  try {
    const port = await announcedPort(provider, sandbox);
    const others = debugProviders.split(",").filter((entry) => !entry.startsWith("aws:"));
    return await action([`aws:${port}`, ...others].join(","));
  } finally {
    provider.kill("SIGTERM");
  }
}

function start(sandbox: Sandbox, { accountId, region }: PreviewAccount): ChildProcess {
  const { command, args, cwd } = nodeProgram("local/provider/aws/main.ts");
  const log = fs.openSync(logFile(sandbox), "w", 0o600);
  const environment = daemonEnvironment(sandbox, {
    SANDBOX_PREVIEW_ACCOUNT: accountId,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // MiniStack takes an access key of twelve digits for the account it belongs to.
    AWS_ACCESS_KEY_ID: accountId,
  });
  const provider = spawn(command, args, { cwd, env: environment, stdio: ["ignore", "pipe", log] });
  fs.closeSync(log);
  return provider;
}

function announcedPort(provider: ChildProcess, sandbox: Sandbox): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      // Otherwise it would keep the failed command alive.
      clearTimeout(timer);
      reject(new SandboxError(`The AWS provider of the preview ${what}. Its log is ${logFile(sandbox)}.`));
    };
    const timer = setTimeout(
      () => fail(`did not start within ${startMilliseconds / 1000} s`),
      startMilliseconds,
    );
    provider.once("error", (error) => fail(`cannot be started: ${error.message}`));
    provider.once("exit", (code) => fail(`ended with exit status ${code} while it was starting`));
    createInterface({ input: provider.stdout! }).once("line", (line) => {
      clearTimeout(timer);
      resolve(Number(line));
    });
  });
}

function logFile(sandbox: Sandbox): string {
  return path.join(sandbox.paths.logs, "provider-aws-preview.log");
}
