import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

import { log, reasonOf } from "./log";

/** One event of an AWS service on the default bus. */
export interface ServiceEvent {
  /** `aws.sagemaker` or `aws.cloudwatch`. */
  source: string;
  detailType: string;
  /** ARNs that the event is about. */
  resources: string[];
  detail: Record<string, unknown>;
}

/** Puts events that AWS services would send on the default bus. */
export interface EventPublisher {
  publish(event: ServiceEvent): Promise<void>;
}

/**
 * Publishes through MiniStack's PutEvents. MiniStack has to accept sources of AWS services; a refusal is logged
 * and kept for the status, because a lost event must be seen.
 */
export class BusPublisher implements EventPublisher {
  /** Events that the bus refused, newest last. */
  readonly refused: string[] = [];

  constructor(private readonly client: EventBridgeClient) {}

  async publish(event: ServiceEvent): Promise<void> {
    try {
      const answer = await this.client.send(
        new PutEventsCommand({
          Entries: [
            {
              Source: event.source,
              DetailType: event.detailType,
              Resources: event.resources,
              Detail: JSON.stringify(event.detail),
            },
          ],
        }),
      );
      const failure = answer.Entries?.find((entry) => entry.ErrorCode !== undefined);
      if (failure) throw new Error(`${failure.ErrorCode}: ${failure.ErrorMessage}`);
    } catch (error) {
      const sentence = `"${event.detailType}" of ${event.resources.join(", ")} was not sent: ${reasonOf(error)}`;
      log("events", sentence);
      this.refused.push(sentence);
    }
  }
}
