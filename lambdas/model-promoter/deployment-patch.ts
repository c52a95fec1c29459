import type { ModelPointer } from "../../components/contracts/model-pointer";

/** Manager of the fields that say which version runs. */
export const fieldManager = "mlops-promoter";
/** Container of the model server in the Deployment. */
const containerName = "model-server";

/** A Deployment. */
export interface DeploymentName {
  namespace: string;
  name: string;
}

/** Path of a Deployment in the Kubernetes API. */
export function deploymentPath({ namespace, name }: DeploymentName): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
}

/**
 * The fields of a Deployment that belong to the promoter. A changed pod template makes Kubernetes roll the new
 * version out under the Deployment's own strategy, probes and disruption budget.
 */
export function deploymentPatch(
  { namespace, name }: DeploymentName,
  { version, modelDataUrl }: ModelPointer,
): Record<string, unknown> {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name },
    spec: {
      template: {
        metadata: { annotations: { "mlops.dev/model-version": String(version) } },
        spec: {
          containers: [
            {
              name: containerName,
              env: [
                { name: "MODEL_VERSION", value: String(version) },
                { name: "MODEL_URI", value: modelDataUrl },
              ],
            },
          ],
        },
      },
    },
  };
}
