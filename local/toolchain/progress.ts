/** Receives one line about what is happening; called from time to time during long steps. */
export type Progress = (message: string) => void;

export const noProgress: Progress = () => undefined;

/** 3.2 s, 48 s, 2 min 5 s */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const HEARTBEAT_MILLISECONDS = 10_000;

/** Runs a long step: says when it starts, every ten seconds that it still runs, and how long it took. */
export async function timed<T>(title: string, progress: Progress, step: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const elapsed = () => formatDuration(Date.now() - start);
  progress(`${title} …`);
  const heartbeat = setInterval(() => progress(`${title} … ${elapsed()}`), HEARTBEAT_MILLISECONDS);
  try {
    const result = await step();
    progress(`${title}: done in ${elapsed()}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}
