import { z } from "zod";

import { ColumnType, DataContract } from "../components/contracts/data-contract";

const columnSchema = z
  .strictObject({
    name: z.string().min(1),
    type: z.enum(ColumnType),
    nullable: z.boolean().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    allowed: z.array(z.string()).min(1).optional(),
  })
  .refine(({ minimum, maximum }) => minimum === undefined || maximum === undefined || minimum <= maximum, {
    error: "minimum is larger than maximum",
    path: ["minimum"],
  })
  .refine(
    ({ type, minimum, maximum }) =>
      type === ColumnType.Integer ||
      type === ColumnType.Number ||
      (minimum === undefined && maximum === undefined),
    { error: "minimum and maximum go with the types integer and number only", path: ["type"] },
  );

/** Schema of a data set's contract. */
export const datasetSchema = z
  .strictObject({
    dataset: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and hyphens, at most 31"),
    version: z.string().min(1),
    columns: z.array(columnSchema).min(1),
    primaryKey: z.array(z.string()).min(1).optional(),
    maximumBadRowShare: z.number().min(0).max(1).optional(),
  })
  .check((context) => {
    const { columns, primaryKey } = context.value;
    const names = columns.map(({ name }) => name);
    const fault = (path: PropertyKey[], message: string): void => {
      context.issues.push({ code: "custom", input: context.value, path, message });
    };
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index) fault(["columns", index, "name"], `"${name}" is used twice`);
    });
    primaryKey?.forEach((name, index) => {
      if (!names.includes(name)) fault(["primaryKey", index], `"${name}" is not a column of the data set`);
    });
  }) satisfies z.ZodType<DataContract>;
