import type { ResourceHandler } from "../../framework/types";

/**
 * A type that no emulator serves: it lives in Pulumi's state only, and the summary says why. One that is `taggable` gets the
 * provider's default tags, as an applied one does.
 */
export function recorded(
  type: string,
  recordedBecause: string,
  recordedOutputs?: ResourceHandler["recordedOutputs"],
  taggable = false,
): ResourceHandler {
  const neverCalled = (): never => {
    throw new Error(`${type} is recorded in state only (${recordedBecause}); it is never sent to AWS`);
  };
  return {
    type,
    recordedBecause,
    recordedOutputs,
    taggable,
    create: neverCalled,
    read: neverCalled,
    delete: neverCalled,
  };
}
