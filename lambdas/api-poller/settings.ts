import { z } from "zod";

import {
  apiAddressFault,
  ApiAuthenticationKind,
  ApiMethod,
  ApiPagination,
  ApiRequest,
} from "../../components/contracts/api-polling";
import { jsonVariable } from "../shared/environment";

const address = z.string().superRefine((value, context) => {
  const fault = apiAddressFault(value);
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

const apiSchema = z.object({
  url: address,
  method: z.enum(ApiMethod).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  query: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  graphqlQuery: z.string().min(1).optional(),
  graphqlVariables: z.string().optional(),
  recordsPath: z.string(),
  paging: z
    .object({
      kind: z.enum(ApiPagination),
      parameter: z.string().min(1).optional(),
      sizeParameter: z.string().min(1).optional(),
      pageSize: z.number().int().min(1).optional(),
      firstPage: z.number().int().min(0).optional(),
      cursorPath: z.string().min(1).optional(),
      hasMorePath: z.string().min(1).optional(),
    })
    .optional(),
  increment: z
    .object({
      field: z.string().min(1),
      parameter: z.string().min(1),
      initial: z.string(),
      overlap: z.number().min(0).optional(),
    })
    .optional(),
  authentication: z
    .object({
      kind: z.enum(ApiAuthenticationKind),
      header: z.string().min(1).optional(),
      tokenUrl: address.optional(),
      scope: z.string().optional(),
    })
    .optional(),
}) satisfies z.ZodType<ApiRequest>;

/** Environment variables of the API poller. */
export const settingsSchema = z.object({
  /** {@link ApiRequest} as JSON. */
  API: jsonVariable(apiSchema),
  /** Data set; the first folder of its objects in the raw zone. */
  DATASET: z.string().min(1),
  /** Name of the source; the second folder, and the key of its state. */
  SOURCE: z.string().min(1),
  RAW_BUCKET: z.string().min(1),
  /** Table of cursors and of the states of circuit breakers. */
  STATE_TABLE: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.string().min(1),
  /** Secret with the credentials that the authentication needs. */
  SECRET_ARN: z.string().min(1).optional(),
  /** Pages that one call reads at most. */
  MAXIMUM_PAGES: z.coerce.number().int().min(1),
  /** Largest response, unpacked, in bytes. */
  MAXIMUM_RESPONSE_BYTES: z.coerce.number().int().min(1),
  /** Seconds that one request may take. */
  TIMEOUT_SECONDS: z.coerce.number().positive(),
  /** How often a failed request is tried again. */
  RETRIES: z.coerce.number().int().min(0),
  /** Failed requests in a row that open the circuit. */
  BREAKER_FAILURES: z.coerce.number().int().min(1),
  /** Seconds that an open circuit lets no request through. */
  BREAKER_PAUSE_SECONDS: z.coerce.number().min(0),
});

export type Settings = z.infer<typeof settingsSchema>;
