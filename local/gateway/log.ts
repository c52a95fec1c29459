/** One line in the gateway's own log: time, part, sentence. */
export function log(part: string, sentence: string): void {
  process.stdout.write(`${new Date().toISOString()} [${part}] ${sentence}\n`);
}

/** The sentence of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
