import { parseTypeToken } from "../../../../local/provider/kubernetes/type-token";

test.each([
  ["kubernetes:core/v1:Namespace", "v1", "Namespace"],
  ["kubernetes:apps/v1:Deployment", "apps/v1", "Deployment"],
  ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "autoscaling/v2", "HorizontalPodAutoscaler"],
  ["kubernetes:rbac.authorization.k8s.io/v1:Role", "rbac.authorization.k8s.io/v1", "Role"],
  ["kubernetes:example.com/v1alpha1:Thing", "example.com/v1alpha1", "Thing"],
])("%s is %s %s", (token, apiVersion, kind) => {
  expect(parseTypeToken(token)).toEqual({ apiVersion, kind });
});

test.each([
  ["kubernetes:core/v1:ConfigMapList", /lists are not served/],
  ["kubernetes:apps/v1:DeploymentPatch", /patches are not served/],
  ["kubernetes:helm.sh/v3:Release", /instead of a chart/],
  ["kubernetes:yaml:ConfigFile", /YAML bundle/],
  ["kubernetes:yaml/v2:ConfigGroup", /YAML bundle/],
])("%s is refused", (token, message) => {
  expect(() => parseTypeToken(token)).toThrow(message);
});
