import { z } from "zod";

import { NatGatewayStrategy } from "../components/foundation/network";
import { modelSchema, ModelConfig } from "./model-config";
import { datasetSchema } from "./dataset-config";
import { DataContract } from "../components/contracts/data-contract";

/** Environments that the platform knows; `local` is the sandbox. */
export enum Environment {
  Local = "local",
  Dev = "dev",
  Staging = "staging",
  Prod = "prod",
}

/** Network of the platform: an existing VPC, or the plan of a new one. */
export interface NetworkConfig {
  /** Existing VPC; then `privateSubnetIds` is needed too. @default a new VPC */
  vpcId?: string;
  /** Private subnets of the existing VPC. */
  privateSubnetIds?: string[];
  /** Address block of a new VPC. @default 10.0.0.0/16 */
  cidrBlock: string;
  /** Availability zones that a new VPC spans, 2 to 4. @default 2 */
  availabilityZoneCount: number;
  /** NAT gateways of a new VPC. @default Single */
  natGateways: NatGatewayStrategy;
}

/** Encryption key: an existing one, or how a new one behaves. */
export interface EncryptionConfig {
  /** ARN of an existing KMS key. @default a new key */
  keyArn?: string;
  /** Days between the deletion of a new key and its end, 7 to 30. @default 30 */
  deletionWindowDays: number;
}

/** Kubernetes cluster: an existing one, or the plan of a new one. */
export interface ClusterConfig {
  /** Name of an existing EKS cluster. @default a new cluster */
  name?: string;
  /** Kubernetes version of a new cluster, for example `1.33`. */
  version: string;
  /** Address blocks that may reach the public API endpoint; none makes the endpoint private. @default none */
  publicAccessCidrs: string[];
}

/** Experiment tracking: an existing MLflow server, a new one, or none. */
export interface ExperimentsConfig {
  /** ARN of an existing SageMaker MLflow tracking server. @default a new server */
  trackingServerArn?: string;
  /** Whether there is experiment tracking at all. @default true */
  enabled: boolean;
}

/** Everything that differs between environments: the value of `mlops:platform` in `Pulumi.<environment>.yaml`. */
export interface PlatformConfig {
  /** Environment that the stack is. */
  environment: Environment;
  /** AWS account that the stack belongs to; credentials of another account are refused. */
  accountId: string;
  /** AWS region of every resource, for example `eu-central-1`. */
  region: string;
  /** Team that owns the platform; a tag on every resource. */
  owner: string;
  /** Cost centre; a tag on every resource. */
  costCenter: string;
  /** First of the two keys that let a destroy delete data; the second is `forceDestroyData`. @default false */
  allowDataLoss: boolean;
  /** Second key: buckets and registries are emptied when they are destroyed. @default false */
  forceDestroyData: boolean;
  /** Days that logs are kept. @default 90 */
  logRetentionDays: number;
  /** Days that a released model cannot be deleted from the registry, by anyone. @default 365 */
  registryLockDays: number;
  /** ARN of the policy that bounds every role. @default none */
  permissionsBoundaryArn?: string;
  /** E-mail addresses that get the alarms. @default none */
  alertEmails: string[];
  network: NetworkConfig;
  encryption: EncryptionConfig;
  cluster: ClusterConfig;
  experiments: ExperimentsConfig;
  /** Data sets that come in, each with its contract. */
  datasets: DataContract[];
  /** Models of the platform. */
  models: ModelConfig[];
}

const cidrBlock = z.cidrv4("must be an IPv4 address block such as 10.0.0.0/16");

const networkSchema = z
  .strictObject({
    vpcId: z.string().startsWith("vpc-").optional(),
    privateSubnetIds: z.array(z.string().startsWith("subnet-")).min(2).optional(),
    cidrBlock: cidrBlock.default("10.0.0.0/16"),
    availabilityZoneCount: z.int().min(2).max(4).default(2),
    natGateways: z.enum(NatGatewayStrategy).default(NatGatewayStrategy.Single),
  })
  .refine(({ vpcId, privateSubnetIds }) => (vpcId === undefined) === (privateSubnetIds === undefined), {
    error: "vpcId and privateSubnetIds describe an existing network together; give both or neither",
    path: ["vpcId"],
  });

const encryptionSchema = z.strictObject({
  keyArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/, "must be the ARN of a KMS key")
    .optional(),
  deletionWindowDays: z.int().min(7).max(30).default(30),
});

const clusterSchema = z.strictObject({
  name: z.string().min(1).optional(),
  version: z.string().regex(/^1\.\d+$/, 'must be a Kubernetes version such as "1.33", in quotes'),
  publicAccessCidrs: z.array(cidrBlock).default([]),
});

const experimentsSchema = z.strictObject({
  trackingServerArn: z.string().startsWith("arn:").optional(),
  enabled: z.boolean().default(true),
});

/** Retention times that CloudWatch Logs accepts: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The zod schema of the whole environment. Cross-field rules are in `crossFieldRules`. */
export const platformSchema = z
  .strictObject({
    environment: z.enum(Environment),
    accountId: z.string().regex(/^\d{12}$/, "must be the 12 digits of an AWS account, in quotes"),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as eu-central-1"),
    owner: z.string().min(1),
    costCenter: z.string().min(1),
    allowDataLoss: z.boolean().default(false),
    forceDestroyData: z.boolean().default(false),
    logRetentionDays: z
      .int()
      .refine((days) => logRetentionDays.includes(days), {
        error: `must be one of ${logRetentionDays.join(", ")}`,
      })
      .default(90),
    registryLockDays: z.int().min(1).max(3650).default(365),
    permissionsBoundaryArn: z.string().startsWith("arn:").optional(),
    alertEmails: z.array(z.email()).default([]),
    network: networkSchema.prefault({}),
    encryption: encryptionSchema.prefault({}),
    cluster: clusterSchema,
    experiments: experimentsSchema.prefault({}),
    datasets: z.array(datasetSchema).min(1),
    models: z.array(modelSchema).min(1),
  })
  .check(crossFieldRules) satisfies z.ZodType<PlatformConfig>;

type RuleContext = z.core.ParsePayload<PlatformConfig>;

/** Rules that no single field can check. */
function crossFieldRules(context: RuleContext): void {
  const { value } = context;
  const fault = (path: PropertyKey[], message: string): void => {
    context.issues.push({ code: "custom", input: value, path, message });
  };
  if (value.forceDestroyData && !value.allowDataLoss) {
    fault(
      ["forceDestroyData"],
      "deleting data takes two keys; set allowDataLoss to true as well, or leave this false",
    );
  }
  if (value.environment === Environment.Prod && value.allowDataLoss) {
    fault(["allowDataLoss"], "must be false in prod");
  }
  if (value.environment === Environment.Prod && value.encryption.deletionWindowDays < 30) {
    fault(
      ["encryption", "deletionWindowDays"],
      `must be 30 in prod, ${value.encryption.deletionWindowDays} was given`,
    );
  }
  noRepeatedNames(
    value.datasets.map(({ dataset }) => dataset),
    "datasets",
    "dataset",
    fault,
  );
  noRepeatedNames(
    value.models.map(({ name }) => name),
    "models",
    "name",
    fault,
  );
  value.models.forEach((model, index) => {
    const columns = value.datasets
      .find(({ dataset }) => dataset === model.dataset)
      ?.columns.map(({ name }) => name);
    if (columns === undefined) {
      const known = value.datasets.map(({ dataset }) => dataset).join(", ");
      fault(["models", index, "dataset"], `"${model.dataset}" is not among the datasets: ${known}`);
    }
    if (value.environment === Environment.Prod && !model.serving.image.includes("@sha256:")) {
      fault(["models", index, "serving", "image"], "must be pinned by digest (@sha256:…) in prod");
    }
  });
}

function noRepeatedNames(
  names: string[],
  list: string,
  field: string,
  fault: (path: PropertyKey[], message: string) => void,
): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      fault([list, index, field], `"${name}" is used twice; names must be unique`);
  });
}

/**
 * Checks the value of `mlops:platform` and fills in the defaults.
 * @param raw the value as it stands in the YAML file
 * @throws Error that lists every fault with its path
 */
export function parsePlatformConfig(raw: unknown): PlatformConfig {
  const result = platformSchema.safeParse(raw);
  if (!result.success) {
    throw new Error(
      `The configuration mlops:platform has faults; nothing was created.\n${z.prettifyError(result.error)}`,
    );
  }
  return result.data;
}
