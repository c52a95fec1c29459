/**
 * A record that could not become a row of the lake: the body of a message in the dead-letter queue of its source. The
 * payload is kept byte for byte, so that it can be replayed once the cause is gone.
 */
export interface DeadLetter {
  /** Data set of the source. */
  dataset: string;
  /** One sentence: what is wrong. */
  reason: string;
  /** The record as it came, in base64; empty where {@link payloadUri} says where it lies. */
  payload: string;
  /** `s3://…` of the record's bytes, where they are too large for a message. */
  payloadUri?: string;
  /** Id of the record at its origin, for example `shardId-0:4957…` or an SQS message id. */
  origin: string;
  /** ISO 8601. */
  failedAt: string;
}

/** Asks a function of a source to process what waits in its dead-letter queue again. */
export interface ReplayRequest {
  replay: {
    /** Largest number of messages in this call. @default 100 */
    maximumMessages?: number;
  };
}

/** What a replay did. Messages that failed again stay in the queue. */
export interface ReplayReport {
  replayed: number;
  failedAgain: number;
}
