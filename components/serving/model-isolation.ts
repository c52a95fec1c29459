import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { modelMetadata, ModelPlace, modelSelector } from "./model-place";

type IngressRule = types.input.networking.v1.NetworkPolicyIngressRule;
type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

/** Creates a namespace that admits only pods of the restricted Pod Security Standard. */
export function createNamespace(
  name: string,
  namespace: string,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return new Namespace(
    name,
    {
      metadata: {
        name: namespace,
        labels: {
          "app.kubernetes.io/part-of": "mlops",
          "app.kubernetes.io/managed-by": "pulumi",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "latest",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
    },
    { parent },
  ).metadata.name;
}

/** Who may call the model. */
export interface NetworkPolicySpec {
  port: number;
  clientCidrBlocks: string[];
  /** Whether everything else in the namespace may be cut off by default. */
  ownNamespace: boolean;
}

/** Creates the rules of the network: everything is refused but calls to the model, DNS, HTTPS and credentials. */
export function createNetworkPolicies(place: ModelPlace, spec: NetworkPolicySpec): void {
  if (spec.ownNamespace) {
    new NetworkPolicy(
      `${place.name}-default-deny`,
      {
        metadata: modelMetadata(place, "-default-deny"),
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: place.parent },
    );
  }
  new NetworkPolicy(
    place.name,
    {
      metadata: modelMetadata(place),
      spec: {
        podSelector: { matchLabels: modelSelector(place.modelName) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [modelCalls(spec)],
        egress: egressRules,
      },
    },
    { parent: place.parent },
  );
}

/** Calls from pods of the cluster, and from the given ranges outside. */
function modelCalls({ port, clientCidrBlocks }: NetworkPolicySpec): IngressRule {
  return {
    from: [{ namespaceSelector: {} }, ...clientCidrBlocks.map((cidr) => ({ ipBlock: { cidr } }))],
    ports: [{ protocol: "TCP", port }],
  };
}

const egressRules: EgressRule[] = [
  {
    // Without a destination: EKS Auto Mode runs DNS on the node and not as a pod that a selector could name.
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  },
  {
    // AWS services, but not the metadata service of the node.
    to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
    ports: [{ protocol: "TCP", port: 443 }],
  },
  {
    // The agent of EKS Pod Identity, which hands out the credentials of the pod's role.
    to: [{ ipBlock: { cidr: "169.254.170.23/32" } }],
    ports: [{ protocol: "TCP", port: 80 }],
  },
];
