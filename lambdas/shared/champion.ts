import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { z } from "zod";

import type { ModelPointer } from "../../components/contracts/model-pointer";

/** Value of the champion parameter before the first promotion. */
export const noChampion = "none";

const pointerSchema = z.object({
  model: z.string(),
  version: z.int().positive(),
  modelPackageArn: z.string(),
  modelDataUrl: z.string(),
  baselineUri: z.string(),
  metrics: z.record(z.string(), z.number()),
  promotedAt: z.string(),
  decidedAt: z.string().optional(),
  previousVersion: z.int().positive().optional(),
}) satisfies z.ZodType<ModelPointer>;

/**
 * Parses the value of a champion parameter.
 * @returns undefined before the first promotion
 * @throws Error that names the parameter and what is wrong with its value
 */
export function parsePointer(value: string, parameter: string): ModelPointer | undefined {
  if (value === noChampion) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    throw new Error(
      `The parameter ${parameter} holds neither "${noChampion}" nor a pointer in JSON: ${value.slice(0, 80)}`,
    );
  }
  const parsed = pointerSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The pointer in the parameter ${parameter} is wrong: ${faults.join("; ")}`);
}

/** Reads the champion of a model; undefined before the first promotion. */
export async function readChampion(ssm: SSMClient, parameter: string): Promise<ModelPointer | undefined> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
  return parsePointer(Parameter?.Value ?? noChampion, parameter);
}
