import * as pulumi from "@pulumi/pulumi";

/** Where the objects of one model belong. */
export interface ModelPlace {
  /** Logical name of the component. */
  name: string;
  /** Name of the model and of its Kubernetes objects. */
  modelName: string;
  namespace: pulumi.Output<string>;
  parent: pulumi.Resource;
}

/** Kubernetes' recommended labels, without the version: the promoter moves that. */
export function modelLabels(modelName: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": modelName,
    "app.kubernetes.io/component": "model-server",
    "app.kubernetes.io/part-of": "mlops",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** The labels that select a model's pods; they can never change. */
export function modelSelector(modelName: string): Record<string, string> {
  return { "app.kubernetes.io/name": modelName, "app.kubernetes.io/component": "model-server" };
}

/**
 * Metadata of an object of the model. The name is fixed: the Service's name is the model's address, and the
 * promoter's rights name the Deployment. The namespace keeps models apart.
 */
export function modelMetadata(
  place: ModelPlace,
  suffix = "",
): { name: string; namespace: pulumi.Output<string>; labels: Record<string, string> } {
  return {
    name: `${place.modelName}${suffix}`,
    namespace: place.namespace,
    labels: modelLabels(place.modelName),
  };
}
