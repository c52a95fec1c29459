import * as fs from "node:fs";
import * as path from "node:path";

import { z } from "zod";

import { Compatibility } from "../components/contracts/contract-compatibility";
import { contractFromJsonSchema } from "../components/contracts/contract-from-schema";
import { contractSchema, datasetName } from "../components/contracts/contract-schema";
import type { DataContract } from "../components/contracts/data-contract";

/** Folder of the contracts: `<data set>/<version>.json`, each a data contract or a JSON Schema. */
export const contractsFolder = path.join(__dirname, "..", "contracts");

/** One data set of the platform, as it stands in the configuration. */
export interface DatasetConfig {
  /** Name of the data set: its folder under `contracts/`, and the first folder of its objects in every zone. */
  dataset: string;
  /** Version of the contract that deliveries are checked against. */
  version: string;
  /** How a version of the contract may differ from the one before. @default backward */
  compatibility: Compatibility;
  /** Why nothing is promised; needed with the compatibility none. */
  compatibilityReason?: string;
  /** Largest file that is checked, in megabytes. @default 512 */
  maximumFileMegabytes: number;
  /** Days in which a record that is delivered again counts as a duplicate. @default only whole files are recognised */
  recordDeduplicationDays?: number;
  /** Whether the data set is also an Iceberg table with time travel. @default true */
  table: boolean;
  /** Whether Glue checks the table as well, every night. @default false */
  glueDataQuality: boolean;
}

/** A data set with its contracts. */
export interface DatasetDefinition extends DatasetConfig {
  /** The contract that deliveries are checked against. */
  contract: DataContract;
  /** All versions up to that one, oldest first. */
  releasedContracts: DataContract[];
}

const configSchema = z.strictObject({
  dataset: datasetName,
  version: z.string().regex(/^\d+$/, 'must be the number of a contract file, in quotes: "1" for 1.json'),
  compatibility: z.enum(Compatibility).default(Compatibility.Backward),
  compatibilityReason: z.string().min(1).optional(),
  maximumFileMegabytes: z.int().min(1).max(4608).default(512),
  recordDeduplicationDays: z.int().min(1).max(365).optional(),
  table: z.boolean().default(true),
  glueDataQuality: z.boolean().default(false),
}) satisfies z.ZodType<DatasetConfig>;

/**
 * Schema of a data set: what the configuration says of it, with its contracts read from a folder.
 * @param folder folder of the contracts
 */
export function datasetSchema(folder: string): z.ZodType<DatasetDefinition, z.input<typeof configSchema>> {
  return configSchema
    .refine(
      ({ compatibility, compatibilityReason }) =>
        (compatibility === Compatibility.None) === (compatibilityReason !== undefined),
      {
        error: "goes with the compatibility none, and only with it",
        path: ["compatibilityReason"],
        abort: true,
      },
    )
    .refine(({ table, glueDataQuality }) => table || !glueDataQuality, {
      error: "Glue checks the table of the data set; set table to true as well, or leave this false",
      path: ["glueDataQuality"],
      // What follows needs the contracts.
      abort: true,
    })
    .transform((config, context) => {
      const fault = (message: string): void => {
        context.issues.push({ code: "custom", input: config, path: ["version"], message });
      };
      const releasedContracts = readContracts(folder, config, fault);
      const contract = releasedContracts.at(-1);
      if (contract === undefined) return z.NEVER;
      if (config.recordDeduplicationDays !== undefined && contract.primaryKey === undefined) {
        fault(`recordDeduplicationDays needs a primaryKey, and the contract has none`);
      }
      return { ...config, contract, releasedContracts };
    });
}

/** The versions of a contract up to the configured one; none when one of them has a fault, which is then told. */
function readContracts(
  folder: string,
  { dataset, version }: DatasetConfig,
  fault: (message: string) => void,
): DataContract[] {
  const known = versionsIn(path.join(folder, dataset));
  if (!known.includes(version)) {
    const there = known.length === 0 ? "there is none" : `there are ${known.join(", ")}`;
    fault(`contracts/${dataset}/${version}.json is not there; of the versions of "${dataset}" ${there}`);
    return [];
  }
  const wanted = known.slice(0, known.indexOf(version) + 1);
  const contracts = wanted.map((name) => {
    const file = path.join(folder, dataset, `${name}.json`);
    return readContract(fs.readFileSync(file, "utf8"), dataset, name, fault);
  });
  const complete = contracts.filter((contract) => contract !== undefined);
  return complete.length === contracts.length ? complete : [];
}

function versionsIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
    .sort((left, right) => Number(left) - Number(right));
}

function readContract(
  text: string,
  dataset: string,
  version: string,
  fault: (message: string) => void,
): DataContract | undefined {
  const place = `contracts/${dataset}/${version}.json`;
  try {
    const document = JSON.parse(text) as Record<string, unknown>;
    const contract =
      "$schema" in document
        ? contractFromJsonSchema(document, { dataset, version })
        : contractSchema.parse(document);
    if (contract.dataset === dataset && contract.version === version) return contract;
    fault(`${place} says it is version ${contract.version} of "${contract.dataset}"`);
  } catch (error) {
    fault(`${place}: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`);
  }
  return undefined;
}
