/** A fault of a file as a whole, in a sentence for the sender of the file. */
export class FileFault extends Error {}

/** Several faults of a file at once. */
export class FileFaults extends FileFault {
  constructor(readonly faults: readonly string[]) {
    super(faults.join(" "));
  }
}

/** Sentences of an error that is a fault of the file. @throws the error itself when it is none */
export function faultsOf(error: unknown): string[] {
  if (error instanceof FileFaults) return [...error.faults];
  if (error instanceof FileFault) return [error.message];
  throw error;
}
