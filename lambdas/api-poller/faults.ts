/** A fault that may be gone at the next try. */
export class TransientFault extends Error {
  /**
   * @param isOutage - whether it counts against the circuit; a rate limit shows that the service lives
   * @param retryAfterMilliseconds - how long the service asks to be left alone
   * @param response - a body that came and could not be used
   */
  constructor(
    message: string,
    readonly isOutage: boolean,
    readonly retryAfterMilliseconds?: number,
    readonly response?: Buffer,
  ) {
    super(message);
  }
}

/** The service asks to be left alone for longer than a call can wait. */
export class RateLimited extends Error {
  constructor(
    message: string,
    readonly retryAfterMilliseconds: number,
  ) {
    super(message);
  }
}

/** A fault that stays until a person changes something. */
export class PermanentFault extends Error {}

/** The credentials were refused. */
export class Unauthorized extends PermanentFault {}
