import type { types } from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { subnetTypes } from "./subnet-layout";

/** Inputs that must be known when the program runs, because they decide which resources there are. */
const plainInputs = z.strictObject({
  availabilityZoneCidrMask: z.int().min(8).max(28).optional(),
  availabilityZoneNames: z.array(z.string().min(1)).min(1).optional(),
  cidrBlock: z.string().default("10.0.0.0/16"),
  natGateways: z
    .strictObject({
      strategy: z.enum(["None", "Single", "OnePerAz"]),
      elasticIpAllocationIds: z.array(z.custom<pulumi.Input<string>>()).optional(),
    })
    .optional(),
  numberOfAvailabilityZones: z.int().min(1).optional(),
  subnetSpecs: z
    .array(
      z.strictObject({
        type: z.enum(subnetTypes),
        name: z.string().optional(),
        cidrMask: z.int().min(16).max(28).optional(),
        size: z.int().min(16).optional(),
        cidrBlocks: z.array(z.string()).optional(),
        tags: z.custom<pulumi.Input<Record<string, pulumi.Input<string>> | undefined>>().optional(),
      }),
    )
    .optional(),
  subnetStrategy: z.enum(["Auto", "Exact"]).optional(),
  vpcEndpointSpecs: z.array(z.custom<types.input.ec2.VpcEndpointSpecArgs>()).default([]),
});

export type PlainInputs = z.infer<typeof plainInputs>;

/** Inputs that go to the VPC as they are. */
const passedOn = [
  "enableDnsHostnames",
  "enableDnsSupport",
  "enableNetworkAddressUsageMetrics",
  "instanceTenancy",
  "region",
  "tags",
] as const;

export interface PassedOn {
  enableDnsHostnames?: pulumi.Input<boolean>;
  enableDnsSupport?: pulumi.Input<boolean>;
  enableNetworkAddressUsageMetrics?: pulumi.Input<boolean>;
  instanceTenancy?: pulumi.Input<string>;
  region?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Splits and checks the inputs of `awsx.ec2.Vpc`.
 *
 * @throws pulumi.InputPropertiesError that names each input that is wrong or not served.
 */
export async function parseVpcInputs(inputs: pulumi.Inputs): Promise<PlainInputs & { passedOn: PassedOn }> {
  const plain: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (value === undefined) continue;
    if ((passedOn as readonly string[]).includes(name)) rest[name] = value;
    else plain[name] = await known(name, value);
  }
  const parsed = plainInputs.safeParse(plain);
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({
      propertyPath: pathOf(issue),
      reason: reasonOf(issue),
    }));
    throw new pulumi.InputPropertiesError({
      message: "awsx.ec2.Vpc: the sandbox does not serve these inputs",
      errors,
    });
  }
  requireCombination(parsed.data);
  return { ...parsed.data, passedOn: rest as PassedOn };
}

function requireCombination(inputs: PlainInputs): void {
  if (inputs.availabilityZoneNames && inputs.numberOfAvailabilityZones !== undefined) {
    throw new pulumi.InputPropertyError({
      propertyPath: "numberOfAvailabilityZones",
      reason: "was given together with availabilityZoneNames; give one of them",
    });
  }
  const explicit = inputs.subnetSpecs?.some((spec) => spec.cidrBlocks !== undefined);
  if (inputs.subnetStrategy === undefined && !explicit) {
    throw new pulumi.InputPropertyError({
      propertyPath: "subnetStrategy",
      reason: 'is missing, which means "Legacy"; the sandbox serves "Auto" and "Exact"',
    });
  }
}

async function known(name: string, value: unknown): Promise<unknown> {
  if (!pulumi.Output.isInstance(value)) return value;
  const output = value as pulumi.Output<unknown> & { isKnown: Promise<boolean>; promise(): Promise<unknown> };
  if (await output.isKnown) return output.promise();
  throw new pulumi.InputPropertyError({
    propertyPath: name,
    reason: "is not known yet, but decides which resources there are; give a plain value",
  });
}

function pathOf(issue: z.core.$ZodIssue): string {
  const path = issue.path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("");
  const inner = issue.code === "unrecognized_keys" ? `.${issue.keys.join(", ")}` : "";
  return `${path}${inner}`.replace(/^\./, "");
}

function reasonOf(issue: z.core.$ZodIssue): string {
  return issue.code === "unrecognized_keys" ? "is not served by the sandbox's awsx provider" : issue.message;
}
