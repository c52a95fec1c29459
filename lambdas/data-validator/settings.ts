import { z } from "zod";

import { contractSchema } from "../../components/contracts/contract-schema";
import { jsonVariable } from "../shared/environment";
import { defaultLimits } from "./limits";
import { Compression } from "./validate-file";

const positive = z.coerce.number().int().positive();

/** Environment variables of the data validator. */
export const settingsSchema = z
  .object({
    /** `DataContract` as JSON. */
    CONTRACT: jsonVariable(contractSchema).optional(),
    /** Key of the contract in the curated bucket; for contracts that are too large for a variable. */
    CONTRACT_KEY: z.string().min(1).optional(),
    /** SHA-256 of the contract under CONTRACT_KEY, in hex; another content is refused. */
    CONTRACT_SHA256: z.string().optional(),
    RAW_BUCKET: z.string().min(1),
    CURATED_BUCKET: z.string().min(1),
    QUARANTINE_BUCKET: z.string().min(1),
    /** Table of Powertools' idempotency records. */
    IDEMPOTENCY_TABLE: z.string().min(1),
    /** Largest file that is checked, in bytes. */
    MAXIMUM_FILE_BYTES: positive,
    /** Largest file once decompressed, in bytes. */
    MAXIMUM_DECODED_BYTES: positive.default(defaultLimits.decodedBytes),
    /** Longest row in bytes. */
    MAXIMUM_LINE_BYTES: positive.default(defaultLimits.lineBytes),
    /** Largest data set that columns may refer to, in bytes of its curated files. */
    MAXIMUM_REFERENCE_BYTES: positive.default(256 * 1024 * 1024),
    /** Queue of the events that failed; what a replay reads. */
    DEAD_LETTER_QUEUE_URL: z.string().min(1).optional(),
    /** Table of who brought which record. Without it a record is looked for in its own file alone. */
    RECORD_CLAIMS_TABLE: z.string().min(1).optional(),
    /** Days for which a record is remembered. */
    RECORD_CLAIM_DAYS: positive.default(30),
    /** Memory of the query engine in MiB; the function needs some 300 more. */
    MEMORY_LIMIT_MEGABYTES: positive.default(defaultLimits.memoryMegabytes),
    /** Threads of the query engine. */
    ENGINE_THREADS: positive.default(defaultLimits.threads),
    /** Compression of curated files. */
    COMPRESSION: z.enum(Compression).default(Compression.Snappy),
  })
  .refine(({ CONTRACT, CONTRACT_KEY }) => CONTRACT !== undefined || CONTRACT_KEY !== undefined, {
    path: ["CONTRACT"],
    message: "CONTRACT or CONTRACT_KEY must be set",
  });

export type Settings = z.infer<typeof settingsSchema>;
