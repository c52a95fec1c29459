import { z } from "zod";

import { AnomalyAction, ColumnContract, ColumnType, DataContract } from "./data-contract";

/** Folders that the library keeps beside those of the data sets in the zones; a data set of that name would mix with them. */
export const reservedDatasetNames = [
  "contracts",
  "dead-letters",
  "dead-letters-replayed",
  "jobs",
  "lineage",
  "manifests",
  "profiles",
  "reports",
  "table-commits",
  "tables",
];

const numericTypes = [ColumnType.Integer, ColumnType.Number];
/** Deliveries that a stored profile holds at most; a longer history could never be reached. */
const profileDeliveries = 20;

/** What a data set may be called: the rest of S3 keys, tags and names of resources must fit beside it. */
export const datasetNamePattern = /^[a-z][a-z0-9-]{0,30}$/;

/** Schema of a data set's name. */
export const datasetName = z
  .string()
  .regex(datasetNamePattern, "must be lower-case letters, digits and hyphens, at most 31")
  .refine((name) => !reservedDatasetNames.includes(name), {
    error: `is kept for the library itself, as are ${reservedDatasetNames.join(", ")}`,
  });

const share = z.number().min(0).max(1);

const columnSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .refine((name) => !name.startsWith("$") && name !== "file_row_number", {
        error:
          "must not begin with $ and not be file_row_number; the validator keeps such columns for itself",
      }),
    type: z.enum(ColumnType),
    nullable: z.boolean().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    allowed: z.array(z.string()).min(1).optional(),
    maximumNullShare: share.optional(),
    references: z.strictObject({ dataset: datasetName, column: z.string().min(1) }).optional(),
    personal: z.boolean().optional(),
  })
  .check((context) => {
    for (const { path, message } of columnFaults(context.value)) {
      context.issues.push({ code: "custom", input: context.value, path, message });
    }
  }) satisfies z.ZodType<ColumnContract>;

interface Fault {
  path: PropertyKey[];
  message: string;
}

function columnFaults({
  type,
  nullable,
  minimum,
  maximum,
  allowed,
  maximumNullShare,
}: ColumnContract): Fault[] {
  const faults: Fault[] = [];
  const numeric = numericTypes.includes(type);
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    faults.push({ path: ["minimum"], message: "minimum is larger than maximum" });
  }
  if (!numeric && (minimum !== undefined || maximum !== undefined)) {
    faults.push({ path: ["type"], message: "minimum and maximum go with the types integer and number only" });
  }
  if (maximumNullShare !== undefined && nullable !== true) {
    faults.push({ path: ["maximumNullShare"], message: "maximumNullShare goes with nullable columns only" });
  }
  allowed?.forEach((value, index) => {
    if (allowed.indexOf(value) !== index) {
      faults.push({ path: ["allowed", index], message: `"${value}" is named twice` });
    } else if (numeric && (value.trim() === "" || !Number.isFinite(Number(value)))) {
      faults.push({ path: ["allowed", index], message: `"${value}" is no ${type}` });
    }
  });
  return faults;
}

function contractFaults({ columns, primaryKey }: DataContract): Fault[] {
  const faults: Fault[] = [];
  const names = columns.map(({ name }) => name);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      faults.push({ path: ["columns", index, "name"], message: `"${name}" is used twice` });
    }
  });
  primaryKey?.forEach((name, index) => {
    const column = columns.find((candidate) => candidate.name === name);
    const message =
      column === undefined
        ? `"${name}" is not a column of the data set`
        : column.nullable === true
          ? `"${name}" is nullable; a missing value identifies no row`
          : primaryKey.indexOf(name) !== index
            ? `"${name}" is named twice`
            : undefined;
    if (message !== undefined) faults.push({ path: ["primaryKey", index], message });
  });
  return faults;
}

/** Schema of a data set's contract, for configuration files, components and functions alike. */
export const contractSchema = z
  .strictObject({
    dataset: datasetName,
    version: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
        "must be letters, digits, dots, hyphens and underscores, at most 32, because it becomes part of object keys",
      ),
    columns: z.array(columnSchema).min(1),
    primaryKey: z.array(z.string()).min(1).optional(),
    maximumBadRowShare: share.optional(),
    futureToleranceSeconds: z.number().min(0).optional(),
    anomalies: z
      .strictObject({
        action: z.enum(AnomalyAction).optional(),
        minimumHistory: z.number().int().min(1).max(profileDeliveries).optional(),
        volumeFactor: z.number().gt(1).optional(),
        nullShareIncrease: share.optional(),
        distributionThreshold: z.number().positive().optional(),
      })
      .optional(),
  })
  .check((context) => {
    for (const { path, message } of contractFaults(context.value)) {
      context.issues.push({ code: "custom", input: context.value, path, message });
    }
  }) satisfies z.ZodType<DataContract>;
