import type { BufferedResponse } from "./errors";
import type { Call } from "./routing";

/** Sends the call on to its emulator, with its own or a changed body. */
export type Forward = (body?: Buffer) => Promise<BufferedResponse>;

/** A part of the gateway that answers calls itself or changes them on their way. */
export interface Interceptor {
  /** Whether this call is looked at; others stream through untouched. */
  handles(call: Call): boolean;
  /** The answer to the call. Errors of class `AwsError` reach the caller in its protocol. */
  handle(call: Call, body: Buffer, forward: Forward): Promise<BufferedResponse>;
}

/** The JSON document of a body; an empty body is an empty document. */
export function parseJson(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
}

/** The answer with a new JSON body and everything else as it was. */
export function withJson(answer: BufferedResponse, body: unknown): BufferedResponse {
  return { ...answer, body: Buffer.from(JSON.stringify(body)) };
}
