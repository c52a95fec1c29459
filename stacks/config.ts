import { z } from "zod";

import { NatGatewayStrategy } from "../components/foundation/network";
import { crossFieldFaults } from "./config-rules";
import { contractsFolder, datasetSchema } from "./dataset-config";
import { Environment } from "./environment";
import { featuresSchema } from "./features-config";
import { modelSchema } from "./model-config";
import type { PlatformConfig } from "./platform-config";
import { sourceSchema } from "./source-config";

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

const lineageSchema = z
  .strictObject({
    endpointUrl: z.url({ protocol: /^https$/, error: "must be an https address" }).optional(),
    endpointSecretArn: z.string().startsWith("arn:").optional(),
  })
  .refine(
    ({ endpointUrl, endpointSecretArn }) => endpointUrl !== undefined || endpointSecretArn === undefined,
    {
      error: "is the key of endpointUrl; give that too",
      path: ["endpointSecretArn"],
    },
  );

const experimentsSchema = z.strictObject({
  trackingServerArn: z.string().startsWith("arn:").optional(),
  enabled: z.boolean().default(true),
});

/** Retention times that CloudWatch Logs accepts: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * The zod schema of the whole environment. Cross-field rules are in `config-rules.ts`.
 * @param contracts folder of the data sets' contracts
 */
export const platformSchema = (contracts: string) =>
  z
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
      datasets: z.array(datasetSchema(contracts)).min(1),
      sources: z.array(sourceSchema).default([]),
      features: featuresSchema,
      lineage: lineageSchema.prefault({}),
      models: z.array(modelSchema).min(1),
    })
    .check((context) => {
      for (const { path, message } of crossFieldFaults(context.value)) {
        context.issues.push({ code: "custom", input: context.value, path, message });
      }
    }) satisfies z.ZodType<PlatformConfig>;

/**
 * Checks the value of `mlops:platform` and fills in the defaults.
 * @param raw the value as it stands in the YAML file
 * @param contracts folder of the data sets' contracts
 * @throws Error that lists every fault with its path
 */
export function parsePlatformConfig(raw: unknown, contracts = contractsFolder): PlatformConfig {
  const result = platformSchema(contracts).safeParse(raw);
  if (!result.success) {
    throw new Error(
      `The configuration mlops:platform has faults; nothing was created.\n${z.prettifyError(result.error)}`,
    );
  }
  return result.data;
}
