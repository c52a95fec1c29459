/** What a client must know of a cluster. */
export interface KubeconfigFacts {
  clusterName: string;
  endpoint: string;
  certificateAuthorityData: string;
  region: string;
}

/** Kubeconfig as JSON, which is YAML too. It holds no credential: the AWS CLI makes a token for each call. */
export function renderKubeconfig(facts: KubeconfigFacts): string {
  const { clusterName, endpoint, certificateAuthorityData, region } = facts;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": clusterName,
    clusters: [
      {
        name: clusterName,
        cluster: { server: endpoint, "certificate-authority-data": certificateAuthorityData },
      },
    ],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
    users: [
      {
        name: clusterName,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", clusterName, "--region", region, "--output", "json"],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
