import { decorrelatedJitterGenerator, ExponentialBackoff, handleType, retry } from "cockatiel";

import type { LineageEvent } from "../../components/contracts/lineage-event";

/** An answer of the endpoint, or its silence, that may be another one in a moment. */
class EndpointUnavailable extends Error {}

/** Where events go on to. */
export interface ForwardTarget {
  url: string;
  /** Sent as a bearer token; never part of a message. */
  apiKey?: string;
}

const requestTimeoutMilliseconds = 10_000;
const longestAnswerInMessages = 300;

/**
 * Sends events on, with retries that are not in step with those of others.
 * @param initialDelay - milliseconds before the first retry
 */
export function createForwarder(
  target: ForwardTarget,
  initialDelay = 200,
): (event: LineageEvent) => Promise<void> {
  const policy = retry(handleType(EndpointUnavailable), {
    maxAttempts: 4,
    backoff: new ExponentialBackoff({
      initialDelay,
      maxDelay: 20 * initialDelay,
      generator: decorrelatedJitterGenerator,
    }),
  });
  return (event) => policy.execute(() => post(target, event));
}

/** @throws Error with the endpoint's answer when it did not take the event */
async function post({ url, apiKey }: ForwardTarget, event: LineageEvent): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(requestTimeoutMilliseconds),
      // A redirect would carry the API key to a host that nobody named.
      redirect: "error",
    });
  } catch (error) {
    throw new EndpointUnavailable(`The lineage endpoint ${url} did not answer: ${(error as Error).message}`);
  }
  if (response.ok) return;
  const answer = (await response.text().catch(() => "")).slice(0, longestAnswerInMessages);
  const message = `The lineage endpoint ${url} answered ${response.status}: ${answer}`;
  if (response.status === 429 || response.status >= 500) throw new EndpointUnavailable(message);
  throw new Error(message);
}
