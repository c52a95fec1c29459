import type { FunctionHandler, Properties, ResourceHandler } from "./framework/types";
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

/** True when the type is served: its resources are made in an emulator, all others live in Pulumi's state only. */
export function isApplied(type: string): boolean {
  const handler = handlers.get(type);
  return handler !== undefined && handler.recordedBecause === undefined;
}

/**
 * Why a resource is recorded in state only; undefined for an applied one. Some types are applied or recorded by what
 * their inputs ask for.
 */
export function recordedReason(type: string, properties: Properties = {}): string | undefined {
  const handler = handlers.get(type);
  if (!handler) return "the sandbox's aws provider has no handler for the type";
  return handler.recordedBecause ?? handler.recordedWhen?.(properties);
}

/** Tokens of every type that is applied, sorted. */
export function appliedTypes(): string[] {
  return [...handlers.keys()].filter(isApplied).sort();
}
