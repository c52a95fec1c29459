import { z } from "zod";

import { ColumnType, DataContract } from "../../components/contracts/data-contract";
import { jsonVariable } from "../shared/environment";

const contractSchema = z.object({
  dataset: z.string().min(1),
  version: z.string().min(1),
  columns: z
    .array(
      z.object({
        name: z.string().min(1),
        type: z.enum(ColumnType),
        nullable: z.boolean().optional(),
        minimum: z.number().optional(),
        maximum: z.number().optional(),
        allowed: z.array(z.string()).min(1).optional(),
      }),
    )
    .min(1),
  primaryKey: z.array(z.string()).min(1).optional(),
  maximumBadRowShare: z.number().min(0).max(1).optional(),
}) satisfies z.ZodType<DataContract>;

/** Environment variables of the data validator. */
export const settingsSchema = z.object({
  /** {@link DataContract} as JSON. */
  CONTRACT: jsonVariable(contractSchema),
  RAW_BUCKET: z.string().min(1),
  CURATED_BUCKET: z.string().min(1),
  QUARANTINE_BUCKET: z.string().min(1),
  /** Table of Powertools' idempotency records. */
  IDEMPOTENCY_TABLE: z.string().min(1),
  /** Largest file that is checked, in bytes. */
  MAXIMUM_FILE_BYTES: z.coerce.number().int().positive(),
});

export type Settings = z.infer<typeof settingsSchema>;
