import { z } from "zod";

import { ColumnType } from "../contracts/data-contract";

const contractSchema = z.object({
  dataset: z.string().regex(/^[^/]+$/, "must be a name without a slash"),
  version: z.string().min(1),
  columns: z.array(z.object({ name: z.string().min(1), type: z.enum(ColumnType) })).min(1),
  primaryKey: z.array(z.string()).optional(),
  maximumBadRowShare: z.number().min(0).max(1).optional(),
});

/** Why a text is no data contract in JSON; undefined when it is one. */
export function contractFault(text: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return `"${text.slice(0, 40)}" was given; a data contract in JSON is needed`;
  }
  const parsed = contractSchema.safeParse(json);
  if (!parsed.success) {
    return parsed.error.issues
      .map(({ path, message }) => `${path.join(".") || "contract"}: ${message}`)
      .join(", ");
  }
  const names = parsed.data.columns.map(({ name }) => name);
  const unknown = parsed.data.primaryKey?.find((name) => !names.includes(name));
  return unknown === undefined ? undefined : `primaryKey names "${unknown}", which is no column`;
}
