/** How long, and how often, a resource is looked at until it is ready. */
export interface Patience {
  /** @default 120 */
  seconds?: number;
  /** @default 200 */
  intervalMilliseconds?: number;
}

/**
 * Looks until `done` accepts what it sees, and returns that.
 * @throws an error that names the subject when the time is up.
 */
export async function waitUntil<T>(
  subject: string,
  look: () => Promise<T>,
  done: (seen: T) => boolean,
  { seconds = 120, intervalMilliseconds = 200 }: Patience = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const now = await look();
    if (done(now)) return now;
    if (Date.now() > end) throw new Error(`${subject} is not ready after ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, intervalMilliseconds));
  }
}
