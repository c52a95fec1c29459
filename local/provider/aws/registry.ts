import type { FunctionHandler, ResourceHandler } from "./framework/types";
import { functions, resources } from "./services";

const handlers = new Map<string, ResourceHandler>();
for (const handler of resources) {
  for (const type of [handler.type, ...(handler.aliases ?? [])]) {
    if (handlers.has(type)) throw new Error(`two handlers serve ${type}; a type is served once`);
    handlers.set(type, handler);
  }
}

const functionHandlers = new Map(functions.map((handler) => [handler.token, handler]));

/** The handler of a Pulumi type token, undefined where the type has none. */
export function resourceHandler(type: string): ResourceHandler | undefined {
  return handlers.get(type);
}

/** The handler of a function token. */
export function functionHandler(token: string): FunctionHandler | undefined {
  return functionHandlers.get(token);
}

/** True when resources of the type are made in an emulator; all others live in Pulumi's state only. */
export function isApplied(type: string): boolean {
  const handler = handlers.get(type);
  return handler !== undefined && handler.recordedBecause === undefined;
}

/** Why a type is recorded in state only; undefined for an applied one. */
export function recordedReason(type: string): string | undefined {
  if (isApplied(type)) return undefined;
  return handlers.get(type)?.recordedBecause ?? "the sandbox's aws provider has no handler for the type";
}

/** Tokens of every type that is applied, sorted. */
export function appliedTypes(): string[] {
  return [...handlers.keys()].filter(isApplied).sort();
}
