import { DeadLetterClients, DeadRecord, sendDeadLetters } from "../shared/dead-letters";
import { decodePayload } from "./decode";
import type { Delivery } from "./deliveries";
import { DecodedDelivery, groupByHour, rawObjectOf, writeRawObject } from "./raw-objects";
import type { Settings } from "./settings";

/** What became of a batch. The counts are of the messages that are done: a message that failed is counted when it comes again. */
export interface BatchOutcome {
  recordsIn: number;
  recordsWritten: number;
  recordsDeadLettered: number;
  /** Why a message must be delivered again; every other message is done. */
  faults: Map<Delivery, Error>;
}

/** What a batch is written with. */
export interface WriteContext extends DeadLetterClients {
  settings: Settings;
  /** Time of the dead letters. */
  now: Date;
}

/**
 * Brings messages into the raw zone, and what cannot become a row into the dead-letter queue. When it returns, all of
 * that has happened for every message without a fault. The object comes first because it can be written twice without
 * a trace, and a dead letter cannot.
 */
export async function writeBatch(deliveries: Delivery[], context: WriteContext): Promise<BatchOutcome> {
  const outcome: BatchOutcome = {
    recordsIn: 0,
    recordsWritten: 0,
    recordsDeadLettered: 0,
    faults: new Map(),
  };
  const decoded = deliveries.map((delivery) => ({ delivery, decoded: decodePayload(delivery.payload) }));
  for (const group of groupByHour(decoded)) {
    const fault = await writeGroup(group, context);
    for (const { delivery, decoded } of group) {
      if (fault !== undefined) outcome.faults.set(delivery, fault);
      else count(outcome, decoded.records.length, decoded.refused.length);
    }
  }
  return outcome;
}

/** Writes the object and the dead letters of one group; returns why that failed. */
async function writeGroup(group: DecodedDelivery[], context: WriteContext): Promise<Error | undefined> {
  try {
    const object = rawObjectOf(group, context.settings);
    if (object !== undefined) await writeRawObject(context.s3, context.settings.RAW_BUCKET, object);
    await sendDeadLetters(refusedOf(group), context, context.settings, context.now);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function refusedOf(group: DecodedDelivery[]): DeadRecord[] {
  return group.flatMap(({ delivery, decoded }) =>
    decoded.refused.map((refused) => ({ ...refused, origin: delivery.origin })),
  );
}

function count(outcome: BatchOutcome, written: number, deadLettered: number): void {
  outcome.recordsIn += written + deadLettered;
  outcome.recordsWritten += written;
  outcome.recordsDeadLettered += deadLettered;
}
