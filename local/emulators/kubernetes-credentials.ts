/** Tokens, keys and kubeconfigs of the API server. All lie in the sandbox's folder, readable by its owner only. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import type { Sandbox } from "../sandbox";

const controllerNames = ["kube-controller-manager", "kube-scheduler"] as const;
export type ControllerName = (typeof controllerNames)[number];

const SECRET = { mode: 0o600 };

export interface CredentialFiles {
  /** token,user,uid,"groups" lines. */
  tokens: string;
  serviceAccountKey: string;
  serviceAccountPublicKey: string;
  /** Kubeconfig of the webhook that checks tokens of IAM identities. */
  webhook: string;
  /** Kubeconfigs of the controllers. */
  controllers: Record<ControllerName, string>;
}

export function credentialFiles(sandbox: Sandbox): CredentialFiles {
  const at = (name: string) => path.join(sandbox.paths.kubernetes, name);
  return {
    tokens: at("tokens.csv"),
    serviceAccountKey: at("service-account.key"),
    serviceAccountPublicKey: at("service-account.pub"),
    webhook: at("webhook.yaml"),
    controllers: {
      "kube-controller-manager": at("kube-controller-manager.yaml"),
      "kube-scheduler": at("kube-scheduler.yaml"),
    },
  };
}

/** What the API server reads when it starts. Tokens and keys of an earlier start are kept, so that they stay valid. */
export function writeServerCredentials(sandbox: Sandbox): void {
  const files = credentialFiles(sandbox);
  if (!fs.existsSync(files.serviceAccountKey)) writeServiceAccountKeys(files);
  if (!fs.existsSync(files.tokens)) writeTokens(files.tokens);
  fs.writeFileSync(files.webhook, stringify(webhookConfig(sandbox)), SECRET);
}

/** What clients need; the API server's certificate exists only after its first start. */
export function writeClientCredentials(sandbox: Sandbox): void {
  const files = credentialFiles(sandbox);
  fs.writeFileSync(sandbox.paths.kubeconfig, kubeconfig(sandbox, "admin"), SECRET);
  for (const name of controllerNames) {
    fs.writeFileSync(files.controllers[name], kubeconfig(sandbox, `system:${name}`), SECRET);
  }
}

function writeServiceAccountKeys(files: CredentialFiles): void {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  fs.writeFileSync(files.serviceAccountPublicKey, publicKey, SECRET);
  fs.writeFileSync(files.serviceAccountKey, privateKey, SECRET);
}

function writeTokens(file: string): void {
  const users = [
    ["admin", "system:masters"],
    ...controllerNames.map((name) => [`system:${name}`, "system:authenticated"]),
  ];
  const lines = users.map(
    ([user, group]) => `${randomBytes(24).toString("hex")},${user},${user},"${group}"\n`,
  );
  fs.writeFileSync(file, lines.join(""), SECRET);
}

function tokenOf(sandbox: Sandbox, user: string): string {
  const lines = fs.readFileSync(credentialFiles(sandbox).tokens, "utf8").trim().split("\n");
  const token = lines.map((line) => line.split(",")).find(([, name]) => name === user)?.[0];
  if (!token) throw new Error(`${credentialFiles(sandbox).tokens} has no token of ${user}.`);
  return token;
}

function kubeconfig(sandbox: Sandbox, user: string): string {
  const certificate = fs.readFileSync(sandbox.paths.kubernetesCaFile).toString("base64");
  return stringify(
    config(
      { server: sandbox.kubernetesUrl, "certificate-authority-data": certificate },
      { token: tokenOf(sandbox, user) },
    ),
  );
}

/** The gateway answers for EKS: it knows which IAM identity signed a token and which access entry it has. */
function webhookConfig(sandbox: Sandbox): object {
  return config({ server: `${sandbox.gatewayUrl}/_gateway/eks-auth` }, {});
}

function config(cluster: Record<string, string>, user: Record<string, string>): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "sandbox", cluster }],
    users: [{ name: "sandbox", user }],
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "sandbox" } }],
    "current-context": "sandbox",
  };
}
