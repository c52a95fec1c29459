import { ArgumentChecker } from "../shared/validation";

/** The arguments that can be checked when they are plain values. */
interface CheckedArguments {
  modelName: string;
  sourceUri: unknown;
  instanceType?: unknown;
  instanceCount?: number;
  volumeSizeGigabytes?: number;
  maximumRuntimeSeconds?: number;
  subnetIds?: unknown;
  securityGroupIds?: unknown;
  hyperparameters?: Record<string, unknown>;
  gate?: { threshold?: number; maximumRegression?: number };
}

/** Hyperparameters by which SageMaker's training toolkit finds the script. */
const reservedHyperparameters = ["sagemaker_program", "sagemaker_submit_directory"];

/**
 * Checks the plain values among the arguments.
 * @throws pulumi.InputPropertiesError naming every wrong argument
 */
export function checkTrainingPipeline(args: CheckedArguments): void {
  const checker = new ArgumentChecker()
    .require(
      /^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/.test(args.modelName),
      "modelName",
      `"${args.modelName}" was given; lower-case letters, digits and hyphens are allowed, at most 30`,
    )
    .range(args.instanceCount, "instanceCount", 1, 100)
    .range(args.volumeSizeGigabytes, "volumeSizeGigabytes", 1, 16_384)
    .range(args.maximumRuntimeSeconds, "maximumRuntimeSeconds", 60, 432_000)
    .require(
      (args.subnetIds === undefined) === (args.securityGroupIds === undefined),
      "securityGroupIds",
      "subnetIds and securityGroupIds go together; give both or neither",
    );
  if (typeof args.sourceUri === "string") {
    checker.require(
      /^s3:\/\/[^/]+\/.*[^/]$/.test(args.sourceUri),
      "sourceUri",
      `"${args.sourceUri}" was given; s3://bucket/prefix without a slash at the end is needed`,
    );
  }
  if (typeof args.instanceType === "string") {
    checker.require(
      args.instanceType.startsWith("ml."),
      "instanceType",
      `"${args.instanceType}" was given; SageMaker's types begin with "ml."`,
    );
  }
  const { maximumRegression, threshold } = args.gate ?? {};
  checker
    .require(
      maximumRegression === undefined || maximumRegression >= 0,
      "gate.maximumRegression",
      `${maximumRegression} was given; 0 or more is allowed`,
    )
    .require(
      threshold === undefined || Number.isFinite(threshold),
      "gate.threshold",
      `${threshold} was given; a number is needed`,
    );
  for (const reserved of reservedHyperparameters) {
    checker.require(
      args.hyperparameters?.[reserved] === undefined,
      `hyperparameters.${reserved}`,
      "the pipeline sets this hyperparameter itself; leave it out",
    );
  }
  checker.done("TrainingPipeline");
}
