import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  InputLogEvent,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";

import { log, reasonOf } from "../log";

const flushMilliseconds = 1000;
const largestBatch = 1000;
/** CloudWatch Logs refuses longer events. */
const longestMessage = 250_000;

function exists(error: unknown): boolean {
  return error instanceof Error && error.name === "ResourceAlreadyExistsException";
}

/** Sends the lines of one job to its CloudWatch Logs stream, once a second. */
export class LogShipper {
  private waiting: InputLogEvent[] = [];
  private readonly timer: NodeJS.Timeout;
  private ready?: Promise<void>;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly group: string,
    private readonly stream: string,
  ) {
    this.timer = setInterval(() => void this.flush(), flushMilliseconds);
  }

  add(line: string): void {
    if (line === "") return;
    this.waiting.push({ timestamp: Date.now(), message: line.slice(0, longestMessage) });
  }

  /** Sends what is waiting and stops. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private flush(): Promise<void> {
    this.sending = this.sending
      .then(() => this.send())
      .catch((error: unknown) => {
        log("logs", `${this.group}/${this.stream}: lines were not sent: ${reasonOf(error)}`);
      });
    return this.sending;
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      this.ready ??= this.prepare();
      await this.ready;
      const logEvents = this.waiting.splice(0, largestBatch);
      await this.client.send(
        new PutLogEventsCommand({ logGroupName: this.group, logStreamName: this.stream, logEvents }),
      );
    }
  }

  private async prepare(): Promise<void> {
    const group = new CreateLogGroupCommand({ logGroupName: this.group });
    const stream = new CreateLogStreamCommand({ logGroupName: this.group, logStreamName: this.stream });
    await this.client
      .send(group)
      .catch((error: unknown) => (exists(error) ? undefined : Promise.reject(error)));
    await this.client
      .send(stream)
      .catch((error: unknown) => (exists(error) ? undefined : Promise.reject(error)));
  }
}
