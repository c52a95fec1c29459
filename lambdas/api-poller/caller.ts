import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  decorrelatedJitterGenerator,
  DelegateBackoff,
  handleWhen,
  IExponentialBackoffOptions,
  IRetryBackoffContext,
  retry,
  RetryPolicy,
  timeout,
  TimeoutPolicy,
  TimeoutStrategy,
  TaskCancelledError,
} from "cockatiel";

import { TransientFault } from "./faults";

/** How requests are tried. */
export interface CallLimits {
  timeoutMilliseconds: number;
  retries: number;
  /** Failed requests in a row that open the circuit. */
  breakerFailures: number;
  breakerPauseMilliseconds: number;
}

/** Time as the caller sees it; tests have their own. */
export interface Pace {
  /** Milliseconds to wait instead of the ones that are due. */
  wait(milliseconds: number): number;
  /** Whether a wait and another request still fit into the call. */
  hasTimeFor(milliseconds: number): boolean;
}

/** Longest pause between two tries; what asks for more ends the call. */
export const maximumWaitMilliseconds = 30_000;

/** The service did not answer well for so long that it is left alone. */
export class CircuitOpen extends Error {}

type JitterState = [number, number];
const jitter: IExponentialBackoffOptions<JitterState> = {
  generator: decorrelatedJitterGenerator,
  initialDelay: 500,
  maxDelay: maximumWaitMilliseconds,
  exponent: 2,
};

/**
 * Makes requests: each within its time, again after a pause with jitter when it failed, and none at all while the
 * circuit is open. After the pause of the circuit one request goes through, and what becomes of it closes the circuit
 * or opens it again.
 */
export class Caller {
  private readonly retrying: RetryPolicy;
  private readonly breaker: CircuitBreakerPolicy;
  private readonly timing: TimeoutPolicy;
  private lastFault: TransientFault | undefined;

  /** @param circuit - what {@link circuit} gave in an earlier call */
  constructor(limits: CallLimits, pace: Pace, circuit?: string) {
    const isTransient = (error: Error): boolean =>
      error instanceof TransientFault &&
      pace.hasTimeFor(limits.timeoutMilliseconds + (error.retryAfterMilliseconds ?? 0));
    this.retrying = retry(handleWhen(isTransient), {
      maxAttempts: limits.retries,
      backoff: new DelegateBackoff<IRetryBackoffContext<unknown>, JitterState>(({ result }, state) => {
        const [delay, next] = decorrelatedJitterGenerator(state, jitter);
        const fault = "error" in result ? (result.error as TransientFault) : undefined;
        return { delay: pace.wait(Math.max(delay, fault?.retryAfterMilliseconds ?? 0)), state: next };
      }),
    });
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof TransientFault && error.isOutage),
      {
        halfOpenAfter: limits.breakerPauseMilliseconds,
        breaker: new ConsecutiveBreaker(limits.breakerFailures),
        ...(circuit === undefined ? {} : { initialState: JSON.parse(circuit) as unknown }),
      },
    );
    this.timing = timeout(limits.timeoutMilliseconds, TimeoutStrategy.Aggressive);
  }

  /**
   * Makes a request.
   * @throws CircuitOpen when no request was let through, else what the last one threw
   */
  async call<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.lastFault = undefined;
    try {
      return await this.retrying.execute(() => this.breaker.execute(() => this.timed(attempt)));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw this.lastFault ?? new CircuitOpen("The circuit is open; the service is left alone.");
    }
  }

  private async timed<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.timing.execute(({ signal }) => attempt(signal));
    } catch (error) {
      const fault =
        error instanceof TaskCancelledError ? new TransientFault("The request took too long.", true) : error;
      if (fault instanceof TransientFault) this.lastFault = fault;
      throw fault;
    }
  }

  /** Whether requests are refused for now. */
  get isOpen(): boolean {
    return this.breaker.state === CircuitState.Open;
  }

  /** The state of the circuit, for the next call. */
  get circuit(): string {
    return JSON.stringify(this.breaker.toJSON());
  }
}
