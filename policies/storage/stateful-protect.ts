import { flagAt } from "../shared/read";
import { dynamoTable, ecrRepository, eksCluster, kmsKey, s3, sagemaker } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { perEnvironment } from "../shared/settings";

/** Switches that let a resource be deleted together with what it holds. */
const forceSwitches = ["forceDestroy", "forceDelete"];

export const statefulProtect = resourcePolicy({
  id: "stateful-protect",
  description: "Resources that hold data or models are protected from deletion in production.",
  severity: "high",
  pillar: "reliability",
  sources: [],
  url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
  remediationSteps:
    "Set the resource option protect, and remove forceDestroy or forceDelete. To delete on purpose, unprotect that one resource first with `pulumi state unprotect`. Tables whose items expire are not asked to be protected.",
  config: {
    required: perEnvironment(
      { type: "boolean", description: "Whether protection is required" },
      { local: false, dev: false, staging: false, prod: true },
    ),
  },
  types: [...s3.buckets, kmsKey, dynamoTable, ecrRepository, sagemaker.featureGroup, eksCluster],
  check: ({ type, props, isProtected, settings, report, part }) => {
    if (!settings.here<boolean>("required")) return;
    // A table whose items expire by themselves is a memory of recent events, such as idempotency keys.
    if (type === dynamoTable && flagAt(props, "ttl", "enabled") === true) return;
    const where = settings.environment;
    if (!isProtected) {
      report({
        found: "can be deleted by any update",
        required: `in ${where} what holds data must be protected`,
        wayOut: "set the resource option protect to true",
      });
    }
    for (const name of forceSwitches) {
      part(name, () => {
        if (flagAt(props, name) !== true) return;
        report({
          found: `has ${name} on`,
          required: `in ${where} a deletion must stop when there is still data`,
          wayOut: `remove ${name}`,
        });
      });
    }
  },
});
