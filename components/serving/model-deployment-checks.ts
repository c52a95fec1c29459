import type * as pulumi from "@pulumi/pulumi";

import { ArgumentChecker } from "../shared/validation";

/** What the checks read of the arguments of a model deployment. */
export interface CheckedModelDeployment {
  modelName: string;
  namespace?: string;
  existingNamespace?: pulumi.Input<string>;
  port?: number;
  scaling?: {
    minimumReplicas?: number;
    maximumReplicas?: number;
    targetCpuPercent?: number;
    scaleDownStabilizationSeconds?: number;
    minimumAvailable?: number;
  };
  environment?: Record<string, pulumi.Input<string>>;
}

const modelNamePattern = /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/;
const namespacePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The promoter sets the first two, this component the others. */
const reservedVariables = [
  "MODEL_VERSION",
  "MODEL_URI",
  "MODEL_NAME",
  "CAPTURE_BUCKET",
  "CAPTURE_PREFIX",
  "MODEL_DIRECTORY",
  "PORT",
];

/** @throws pulumi.InputPropertiesError naming every wrong argument. */
export function checkModelDeployment(args: CheckedModelDeployment): void {
  const checker = new ArgumentChecker()
    .require(
      modelNamePattern.test(args.modelName),
      "modelName",
      `"${args.modelName}" was given; allowed are lower-case letters, digits and hyphens, first a letter, at most 30 characters`,
    )
    .notBoth(args.existingNamespace, "existingNamespace", args.namespace, "namespace")
    .range(args.port, "port", 1024, 65535);
  if (args.namespace !== undefined) {
    checker.require(
      namespacePattern.test(args.namespace) && !args.namespace.startsWith("kube-"),
      "namespace",
      `"${args.namespace}" was given; allowed are lower-case letters, digits and hyphens, not starting with kube-`,
    );
  }
  for (const variable of Object.keys(args.environment ?? {})) {
    checker
      .require(
        /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable),
        `environment["${variable}"]`,
        "is no name of an environment variable; allowed are letters, digits and underscores",
      )
      .require(
        !reservedVariables.includes(variable),
        `environment["${variable}"]`,
        "is set by the platform; choose another name",
      );
  }
  checkScaling(args.scaling ?? {}, checker);
  checker.done("ModelDeployment");
}

function checkScaling(
  scaling: NonNullable<CheckedModelDeployment["scaling"]>,
  checker: ArgumentChecker,
): void {
  const minimum = scaling.minimumReplicas ?? 3;
  checker
    .range(scaling.minimumReplicas, "scaling.minimumReplicas", 2, 1000)
    .range(scaling.targetCpuPercent, "scaling.targetCpuPercent", 10, 95)
    .range(scaling.scaleDownStabilizationSeconds, "scaling.scaleDownStabilizationSeconds", 0, 3600)
    .require(
      scaling.maximumReplicas === undefined || scaling.maximumReplicas > minimum,
      "scaling.maximumReplicas",
      `${scaling.maximumReplicas} was given; allowed is more than minimumReplicas (${minimum}), or the autoscaler has nothing to do`,
    )
    .require(
      scaling.minimumAvailable === undefined ||
        (scaling.minimumAvailable >= 1 && scaling.minimumAvailable < minimum),
      "scaling.minimumAvailable",
      `${scaling.minimumAvailable} was given; allowed is 1 to ${minimum - 1}, fewer than minimumReplicas, or no node could be drained`,
    );
}
