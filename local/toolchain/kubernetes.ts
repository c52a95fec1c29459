/** kube-apiserver, etcd and, for tests that need them, the controllers: from KUBEBUILDER_ASSETS, else built. */
import * as path from "node:path";
import { SandboxError } from "../sandbox-error";
import { ensureEntry, findEntry } from "./cache";
import { isExecutable } from "./find-program";
import { type GoProgram, buildGoProgram } from "./go";
import { type Progress, noProgress } from "./progress";
import { kubernetesStagingModules, versions } from "./versions";

export interface KubernetesBinaries {
  apiServer: string;
  etcd: string;
  /** Present when controllers were asked for. */
  controllerManager?: string;
  /** Present when controllers were asked for. */
  scheduler?: string;
}

export interface KubernetesOptions {
  /** Also controller-manager and scheduler. @default false */
  controllers?: boolean;
}

export type KubernetesProgram = "kube-apiserver" | "etcd" | "kube-controller-manager" | "kube-scheduler";

const ALTERNATIVE =
  "set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd (setup-envtest downloads one)";

const programs: Record<KubernetesProgram, GoProgram> = {
  etcd: {
    name: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    module: { path: "go.etcd.io/etcd/server/v3", version: `v${versions.etcd}` },
    bytesNeeded: 1.5e9,
    alternative: ALTERNATIVE,
  },
  "kube-apiserver": kubernetesProgram("kube-apiserver"),
  "kube-controller-manager": kubernetesProgram("kube-controller-manager"),
  "kube-scheduler": kubernetesProgram("kube-scheduler"),
};

/**
 * Paths of the binaries; what is missing is built one after the other (each build uses all cores).
 *
 * @throws SandboxError when KUBEBUILDER_ASSETS lacks one, or a build fails.
 */
export async function ensureKubernetes(
  progress: Progress = noProgress,
  options: KubernetesOptions = {},
): Promise<KubernetesBinaries> {
  const etcd = await ensureProgram("etcd", progress);
  const apiServer = await ensureProgram("kube-apiserver", progress);
  if (!options.controllers) return { etcd, apiServer };
  const controllerManager = await ensureProgram("kube-controller-manager", progress);
  return { etcd, apiServer, controllerManager, scheduler: await ensureProgram("kube-scheduler", progress) };
}

/** Where the program is now: in KUBEBUILDER_ASSETS or in the cache; undefined when it would be built. */
export function findKubernetesProgram(name: KubernetesProgram): string | undefined {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const given = assets && path.resolve(assets, name);
  if (given && isExecutable(given)) return given;
  // envtest's folders hold no controllers: those come from the cache beside them.
  if (given && isServer(name)) {
    throw new SandboxError(
      `KUBEBUILDER_ASSETS is ${assets}, which holds no executable ${name}. ` +
        `Point it to a folder with kube-apiserver and etcd, or unset it and both are built.`,
    );
  }
  const folder = findEntry(name, programs[name].module.version);
  return folder && path.join(folder, name);
}

function isServer(name: KubernetesProgram): boolean {
  return name === "kube-apiserver" || name === "etcd";
}

async function ensureProgram(name: KubernetesProgram, progress: Progress): Promise<string> {
  const program = programs[name];
  const { version } = program.module;
  return (
    findKubernetesProgram(name) ??
    path.join(
      await ensureEntry(
        {
          tool: name,
          version,
          title: `Building ${name} ${version} (${isServer(name) ? "minutes" : "a minute"} on the first run)`,
          bytesNeeded: 3e8,
          build: (folder) => buildGoProgram(program, folder, progress),
        },
        progress,
      ),
      name,
    )
  );
}

function kubernetesProgram(name: KubernetesProgram): GoProgram {
  return {
    name,
    package: `k8s.io/kubernetes/cmd/${name}`,
    module: { path: "k8s.io/kubernetes", version: `v${versions.kubernetes}` },
    replace: Object.fromEntries(
      kubernetesStagingModules.map((module) => [`k8s.io/${module}`, `v${versions.kubernetesStaging}`]),
    ),
    linkSymbols: { "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}` },
    bytesNeeded: 4e9,
    alternative: ALTERNATIVE,
  };
}
