/** What a Pulumi type token such as `kubernetes:apps/v1:Deployment` says about the API object. */
export interface ObjectType {
  /** "v1", "apps/v1", "rbac.authorization.k8s.io/v1" */
  apiVersion: string;
  kind: string;
}

const tokenPattern = /^kubernetes:(?:([a-z0-9.-]+)\/)?(v[a-z0-9]+):([A-Z][A-Za-z0-9]*)$/;

/** Groups of tokens that are programs inside the official provider, not kinds of the Kubernetes API. */
const clientSideGroups = ["helm.sh", "kustomize", "yaml"];

/**
 * Kind and API version of a type token.
 *
 * @throws Error for what this provider does not serve: lists, patches, Helm releases, YAML bundles.
 */
export function parseTypeToken(type: string): ObjectType {
  const [, group, version, kind] = tokenPattern.exec(type) ?? [];
  if (version === undefined || kind === undefined || (group && clientSideGroups.includes(group))) {
    throw new Error(
      `${type}: the sandbox's Kubernetes provider serves kinds of the Kubernetes API only; ` +
        `declare the objects themselves instead of a chart or a YAML bundle.`,
    );
  }
  if (kind.endsWith("List")) {
    throw new Error(`${type}: lists are not served; declare each object on its own.`);
  }
  if (kind.endsWith("Patch")) {
    throw new Error(
      `${type}: patches are not served; declare the whole object, of which only the given fields are applied.`,
    );
  }
  // The core group has a name in Pulumi's tokens and none in the API.
  return { apiVersion: group === undefined || group === "core" ? version : `${group}/${version}`, kind };
}
