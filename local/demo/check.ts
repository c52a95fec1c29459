import { SandboxError } from "../sandbox";

/** Ends the demo when a claim does not hold; the claim says what was seen and what was wanted. */
export function expectThat(holds: boolean, claim: string): void {
  if (!holds) throw new SandboxError(`The demo expected that ${claim}.`);
}

const pollMilliseconds = 500;

/**
 * Asks again and again until an answer is there.
 * @param what what is waited for, as it stands in the message when it does not come
 * @param seconds time after which the demo gives up
 * @throws SandboxError when the time is over
 */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) {
      throw new SandboxError(
        `The demo waited ${seconds} s for ${what}, and it did not come; "npm run local -- logs" shows why.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}
