import { createHash } from "node:crypto";

import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

import {
  lineageDetailType,
  LineageEvent,
  lineageEventSource,
} from "../../components/contracts/lineage-event";

/** A UUID that is the same for the same words, so that a repeated event belongs to the same run. */
export function runIdOf(...words: string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(words)).digest("hex");
  // Version 8 of RFC 9562: the content is the application's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Puts a lineage event on the default bus, where the lineage store takes it.
 * @throws Error when the bus did not take it
 */
export async function emitLineage(client: EventBridgeClient, event: LineageEvent): Promise<void> {
  const { FailedEntryCount = 0, Entries = [] } = await client.send(
    new PutEventsCommand({
      Entries: [{ Source: lineageEventSource, DetailType: lineageDetailType, Detail: JSON.stringify(event) }],
    }),
  );
  if (FailedEntryCount > 0) {
    throw new Error(
      `The event bus refused a lineage event: ${Entries[0]?.ErrorMessage ?? "no reason given"}`,
    );
  }
}
