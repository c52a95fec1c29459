/** A real Kubernetes API server on the loopback address, without nodes. */
import * as path from "node:path";
import type { Sandbox } from "../sandbox";
import type { KubernetesBinaries } from "../toolchain/kubernetes";
import type { Daemon } from "./daemon";
import { requireOk } from "./http-health";
import { type ControllerName, credentialFiles } from "./kubernetes-credentials";
import { requireOkOverTls } from "./tls-health";

export function etcdDaemon(sandbox: Sandbox, binaries: KubernetesBinaries): Daemon {
  const client = `http://127.0.0.1:${sandbox.ports.etcdClient}`;
  const peer = `http://127.0.0.1:${sandbox.ports.etcdPeer}`;
  return {
    name: "etcd",
    title: "etcd",
    command: binaries.etcd,
    args: [
      `--data-dir=${path.join(sandbox.paths.etcd, "data")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // Its data is lost with the sandbox anyway, and waiting for the disk on each write is most of its time.
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
    cwd: sandbox.paths.etcd,
    settings: {},
    ports: [sandbox.ports.etcdClient, sandbox.ports.etcdPeer],
    checkHealth: (signal) => requireOk(`${client}/health`, signal),
  };
}

export function apiServerDaemon(sandbox: Sandbox, binaries: KubernetesBinaries): Daemon {
  const files = credentialFiles(sandbox);
  return {
    name: "kube-apiserver",
    title: "kube-apiserver",
    command: binaries.apiServer,
    args: [
      `--etcd-servers=http://127.0.0.1:${sandbox.ports.etcdClient}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${sandbox.ports.kubernetes}`,
      // It makes its own certificate here.
      `--cert-dir=${sandbox.paths.kubernetes}`,
      // The address of the service "kubernetes" may not be a loopback one, so nothing may publish ours there.
      "--endpoint-reconciler-type=none",
      "--service-cluster-ip-range=10.96.0.0/16",
      "--authorization-mode=RBAC",
      `--token-auth-file=${files.tokens}`,
      `--authentication-token-webhook-config-file=${files.webhook}`,
      "--authentication-token-webhook-version=v1",
      // A refused identity is remembered that long; its EKS access entry may be created meanwhile.
      "--authentication-token-webhook-cache-ttl=2s",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-signing-key-file=${files.serviceAccountKey}`,
      `--service-account-key-file=${files.serviceAccountPublicKey}`,
      "--profiling=false",
    ],
    cwd: sandbox.paths.kubernetes,
    settings: {},
    ports: [sandbox.ports.kubernetes],
    checkHealth: (signal) =>
      requireOkOverTls(`${sandbox.kubernetesUrl}/readyz`, sandbox.paths.kubernetesCaFile, signal),
  };
}

export function controllerManagerDaemon(sandbox: Sandbox, binary: string): Daemon {
  const files = credentialFiles(sandbox);
  return controllerDaemon(sandbox, "kube-controller-manager", binary, sandbox.ports.controllerManager, [
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    `--root-ca-file=${sandbox.paths.kubernetesCaFile}`,
    "--use-service-account-credentials",
    // An autoscaler should act while somebody watches.
    "--horizontal-pod-autoscaler-sync-period=5s",
  ]);
}

export function schedulerDaemon(sandbox: Sandbox, binary: string): Daemon {
  return controllerDaemon(sandbox, "kube-scheduler", binary, sandbox.ports.scheduler, []);
}

function controllerDaemon(
  sandbox: Sandbox,
  name: ControllerName,
  binary: string,
  port: number,
  extra: string[],
): Daemon {
  const kubeconfig = credentialFiles(sandbox).controllers[name];
  const certificates = path.join(sandbox.paths.kubernetes, name);
  return {
    name,
    title: name,
    command: binary,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--authentication-skip-lookup",
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${certificates}`,
      "--leader-elect=false",
      "--profiling=false",
      ...extra,
    ],
    cwd: sandbox.paths.kubernetes,
    settings: {},
    ports: [port],
    checkHealth: (signal) =>
      requireOkOverTls(`https://127.0.0.1:${port}/healthz`, path.join(certificates, `${name}.crt`), signal),
  };
}
