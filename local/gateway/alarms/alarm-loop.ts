import {
  CloudWatchClient,
  CompositeAlarm,
  MetricAlarm,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

import type { EventPublisher } from "../events";
import { log, reasonOf } from "../log";
import {
  alarmEvent,
  AlarmMoment,
  AnyAlarm,
  lambdaActionPayload,
  lambdaActions,
  momentOf,
} from "./alarm-event";
import { readAlarm } from "./alarm-metric";
import { AlarmState, evaluateAlarm } from "./evaluate";
import { MetricRequest, readDatapoints } from "./metric-source";
import { stateReason, stateReasonData } from "./reason";

/** What the loop needs from outside. */
export interface AlarmServices {
  cloudWatch: CloudWatchClient;
  lambda: LambdaClient;
  events: EventPublisher;
  accountId: string;
  region: string;
}

/** The alarms at the last look, for the gateway's status page. */
export interface AlarmOverview {
  evaluated: { name: string; state: string; reason: string }[];
  notEvaluated: { name: string; reason: string }[];
}

interface Listing {
  metric: MetricAlarm[];
  composite: CompositeAlarm[];
}

/**
 * Evaluates every alarm again and again. Whoever changes a state – the loop, a caller's SetAlarmState, a composite
 * alarm's rule – the loop sees the difference to its last look and announces it once.
 */
export class AlarmLoop {
  private readonly known = new Map<string, AlarmMoment>();
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  private seen: AlarmOverview = { evaluated: [], notEvaluated: [] };

  constructor(
    private readonly services: AlarmServices,
    private readonly intervalMilliseconds: number,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.tick()
        .catch((error: unknown) => log("alarms", `evaluation failed: ${reasonOf(error)}`))
        .finally(() => {
          if (!this.closed) this.start();
        });
    }, this.intervalMilliseconds);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  overview(): AlarmOverview {
    return this.seen;
  }

  /** Looks at every alarm once. */
  async tick(): Promise<void> {
    const listing = await this.list();
    await this.announceChanges(listing);
    const now = Date.now() / 1000;
    const changed = await this.evaluate(listing.metric, now);
    if (changed) await this.announceChanges(await this.list());
  }

  private async list(): Promise<Listing> {
    const listing: Listing = { metric: [], composite: [] };
    const pages = paginateDescribeAlarms(
      { client: this.services.cloudWatch },
      { AlarmTypes: ["MetricAlarm", "CompositeAlarm"], MaxRecords: 100 },
    );
    for await (const page of pages) {
      listing.metric.push(...(page.MetricAlarms ?? []));
      listing.composite.push(...(page.CompositeAlarms ?? []));
    }
    return listing;
  }

  /** Sets the states that the metrics give; whether any changed. */
  private async evaluate(alarms: MetricAlarm[], now: number): Promise<boolean> {
    const overview: AlarmOverview = { evaluated: [], notEvaluated: [] };
    const requests: (MetricRequest & { alarm: MetricAlarm })[] = [];
    for (const alarm of alarms) {
      const read = readAlarm(alarm);
      if (read.supported) requests.push({ alarm, metric: read.metric, definition: read.definition });
      else overview.notEvaluated.push({ name: alarm.AlarmName ?? "", reason: read.reason });
    }
    const series = await readDatapoints(this.services.cloudWatch, requests, now);
    let changed = false;
    for (const [index, { alarm, metric, definition }] of requests.entries()) {
      const evaluation = evaluateAlarm(definition, series[index] ?? [], now);
      const state = evaluation.state ?? (alarm.StateValue as AlarmState);
      const reason = stateReason(definition, evaluation, state);
      overview.evaluated.push({ name: alarm.AlarmName ?? "", state, reason });
      if (state === alarm.StateValue) continue;
      changed = true;
      await this.services.cloudWatch.send(
        new SetAlarmStateCommand({
          AlarmName: alarm.AlarmName,
          StateValue: state,
          StateReason: reason,
          StateReasonData: stateReasonData(definition, evaluation, metric, now),
        }),
      );
    }
    this.seen = overview;
    return changed;
  }

  private async announceChanges(listing: Listing): Promise<void> {
    const now = Date.now() / 1000;
    const alarms: AnyAlarm[] = [...listing.metric, ...listing.composite];
    for (const alarm of alarms) {
      const arn = alarm.AlarmArn ?? "";
      const present = momentOf(alarm, now);
      const previous = this.known.get(arn);
      this.known.set(arn, present);
      if (previous && previous.value !== present.value) await this.announce(alarm, previous, present);
    }
    const left = new Set(alarms.map((alarm) => alarm.AlarmArn));
    for (const arn of this.known.keys()) if (!left.has(arn)) this.known.delete(arn);
  }

  private async announce(alarm: AnyAlarm, previous: AlarmMoment, present: AlarmMoment): Promise<void> {
    log("alarms", `${alarm.AlarmName}: ${previous.value} -> ${present.value}: ${present.reason}`);
    await this.services.events.publish(alarmEvent(alarm, previous, present));
    const payload = Buffer.from(JSON.stringify(lambdaActionPayload(alarm, previous, present, this.services)));
    for (const functionArn of lambdaActions(alarm)) {
      const call = new InvokeCommand({
        FunctionName: functionArn,
        InvocationType: "Event",
        Payload: payload,
      });
      await this.services.lambda
        .send(call)
        .catch((error: unknown) =>
          log("alarms", `${alarm.AlarmName} could not call ${functionArn}: ${reasonOf(error)}`),
        );
    }
  }
}
