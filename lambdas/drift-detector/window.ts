/** A span of time: records from `start` on, and before `end`. */
export interface Window {
  start: Date;
  end: Date;
}

const hour = 3_600_000;
/** A month of hourly partitions; a longer window is a mistake in a request. */
const longestHours = 24 * 31;

/** What an invocation may ask for; without it the window ends now. */
export interface WindowRequest {
  /** ISO 8601 in UTC. */
  windowStart?: string;
  /** ISO 8601 in UTC. */
  windowEnd?: string;
}

/**
 * The window that a run looks at.
 * @throws Error when the requested window is empty or too long
 */
export function windowOf(request: WindowRequest, windowHours: number, now: Date): Window {
  const end = request.windowEnd === undefined ? now : new Date(request.windowEnd);
  const start =
    request.windowStart === undefined
      ? new Date(end.getTime() - windowHours * hour)
      : new Date(request.windowStart);
  if (!(start < end)) {
    throw new Error(`The window from ${request.windowStart} to ${request.windowEnd ?? "now"} is empty.`);
  }
  if (end.getTime() - start.getTime() > longestHours * hour) {
    throw new Error(`The window from ${start.toISOString()} to ${end.toISOString()} is longer than 31 days.`);
  }
  return { start, end };
}

/** Prefixes of the hourly partitions that can hold records of a window. */
export function partitionPrefixes(model: string, { start, end }: Window): string[] {
  const first = Math.floor(start.getTime() / hour);
  const last = Math.floor(end.getTime() / hour);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const [year, month, day, hourOfDay] = new Date((first + i) * hour).toISOString().split(/[-T:]/);
    return `${model}/year=${year}/month=${month}/day=${day}/hour=${hourOfDay}/`;
  });
}
