import { createServer, IncomingMessage, Server, ServerResponse } from "node:http";
import { AddressInfo } from "node:net";

import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";

import type { ApiRequest } from "../../../components/contracts/api-polling";
import type { DeadLetter } from "../../../components/contracts/dead-letter";
import { Credentials } from "../../../lambdas/api-poller/credentials";
import { noCounts, poll, PollCounts, PollOutcome, PollTools } from "../../../lambdas/api-poller/poll";
import { RawZone } from "../../../lambdas/api-poller/raw-zone";
import { replay, Replayed } from "../../../lambdas/api-poller/replay";
import type { Settings } from "../../../lambdas/api-poller/settings";
import { Position, StateTable } from "../../../lambdas/api-poller/state-table";
import { FakeAws } from "../fake-aws";

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A real HTTP server on this machine whose answers a test chooses. */
export class FakeApi {
  readonly requests: { url: URL; headers: IncomingMessage["headers"]; body: string }[] = [];
  answer: Answer = (_, response) => json(response, []);
  private server: Server | undefined;

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const body = Buffer.concat(pieces).toString("utf8");
        const url = new URL(request.url ?? "/", "http://127.0.0.1");
        this.requests.push({ url, headers: request.headers, body });
        this.answer(request, response, body);
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

export function json(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

type Item = Record<string, { S?: string; N?: string }>;

/** AWS as the poller sees it: a raw zone, a table and a dead-letter queue in memory. */
export class FakeCloud {
  readonly objects = new Map<string, string>();
  readonly letters: string[] = [];
  /** Positions in the order in which they were saved. */
  readonly positions: Position[] = [];
  item: Item = {};
  secret = "";
  secretReads = 0;
  /** Throws where the process shall die, by the name of the command. */
  before: (command: string) => void = () => undefined;
  private readonly received = new Set<number>();

  install(): void {
    const guarded = (name: string, answer: (input: never) => unknown) => (input: never) => {
      this.before(name);
      return answer(input);
    };
    const answers: Record<string, (input: never) => unknown> = {
      PutObjectCommand: (input: { Key: string; Body: string | Buffer; IfNoneMatch?: string }) => {
        if (input.IfNoneMatch === "*" && this.objects.has(input.Key)) {
          throw Object.assign(new Error("exists"), { name: "PreconditionFailed" });
        }
        this.objects.set(input.Key, input.Body.toString());
        return {};
      },
      GetObjectCommand: ({ Key }: { Key: string }) => ({ Body: [Buffer.from(this.objects.get(Key) ?? "")] }),
      GetItemCommand: () => ({ Item: this.item.id === undefined ? undefined : { ...this.item } }),
      UpdateItemCommand: (input: UpdateInput) => this.update(input),
      SendMessageBatchCommand: ({ Entries }: { Entries: { MessageBody: string }[] }) => {
        this.letters.push(...Entries.map(({ MessageBody }) => MessageBody));
        return {};
      },
      ReceiveMessageCommand: ({ MaxNumberOfMessages }: { MaxNumberOfMessages: number }) => {
        const indices = [...this.letters.keys()]
          .filter((index) => this.letters[index] !== "" && !this.received.has(index))
          .slice(0, MaxNumberOfMessages);
        for (const index of indices) this.received.add(index);
        return {
          Messages: indices.map((index) => ({ Body: this.letters[index], ReceiptHandle: `${index}` })),
        };
      },
      DeleteMessageCommand: ({ ReceiptHandle }: { ReceiptHandle: string }) => {
        this.letters[Number(ReceiptHandle)] = "";
        return {};
      },
      ChangeMessageVisibilityCommand: ({ ReceiptHandle }: { ReceiptHandle: string }) => {
        this.received.delete(Number(ReceiptHandle));
        return {};
      },
      GetSecretValueCommand: () => {
        this.secretReads++;
        return { SecretString: this.secret };
      },
    };
    new FakeAws(
      Object.fromEntries(
        Object.entries(answers).map(([name, answer]) => [name, guarded(name, answer)]),
      ) as never,
    ).replace(S3Client, SQSClient, DynamoDBClient, SecretsManagerClient);
  }

  private update({ ConditionExpression, ExpressionAttributeValues: values }: UpdateInput): object {
    const { ":version": expected, ":next": next, ":position": position } = values;
    if (ConditionExpression !== undefined && this.item.version?.N !== expected?.N) {
      throw new ConditionalCheckFailedException({ message: "refused", $metadata: {} });
    }
    if (position?.S !== undefined) this.positions.push(JSON.parse(position.S) as Position);
    const names: Item = Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => ![":version", ":next"].includes(name))
        .map(([name, value]) => [name.slice(1), value]),
    );
    this.item = {
      ...this.item,
      ...names,
      id: { S: "source" },
      ...(next === undefined ? {} : { version: next }),
    };
    return {};
  }

  /** Every record of the raw zone. */
  records(): unknown[] {
    return [...this.objects]
      .filter(([key]) => key.endsWith(".jsonl"))
      .flatMap(([, body]) => body.trimEnd().split("\n"))
      .map((line) => JSON.parse(line) as unknown);
  }

  deadLetters(): DeadLetter[] {
    return this.letters.filter((letter) => letter !== "").map((letter) => JSON.parse(letter) as DeadLetter);
  }

  payloads(): string[] {
    return this.deadLetters().map(({ payload }) => Buffer.from(payload, "base64").toString("utf8"));
  }
}

interface UpdateInput {
  ConditionExpression?: string;
  ExpressionAttributeValues: Item;
}

/** Time of a test: no wait is longer than a moment, and the day is always the same. */
export interface TestTime {
  now: Date;
  /** Milliseconds of each wait that was due. */
  waits: number[];
  remaining: number;
}

export const startOfTime = (): TestTime => ({
  now: new Date("2026-03-01T12:00:00Z"),
  waits: [],
  remaining: 900_000,
});

export const settingsOf = (api: ApiRequest, changes: Partial<Settings> = {}): Settings => ({
  API: api,
  DATASET: "orders",
  SOURCE: "shop",
  RAW_BUCKET: "raw",
  STATE_TABLE: "state",
  DEAD_LETTER_QUEUE_URL: "https://queue.test/letters",
  MAXIMUM_PAGES: 1000,
  MAXIMUM_RESPONSE_BYTES: 1_000_000,
  TIMEOUT_SECONDS: 5,
  RETRIES: 3,
  BREAKER_FAILURES: 5,
  BREAKER_PAUSE_SECONDS: 60,
  ...changes,
});

/** One call of the poller. */
export async function pollOnce(
  settings: Settings,
  time: TestTime,
): Promise<PollCounts & { outcome: PollOutcome }> {
  const counts = noCounts();
  return pollInto(counts, settings, time);
}

/** One call of the poller whose counts are seen also when it fails. */
export async function pollInto(
  counts: PollCounts,
  settings: Settings,
  time: TestTime,
): Promise<PollCounts & { outcome: PollOutcome }> {
  const tools: PollTools = {
    settings,
    state: new StateTable(new DynamoDBClient({}), settings.STATE_TABLE, settings.SOURCE),
    rawZone: new RawZone(new S3Client({}), new SQSClient({}), settings),
    credentials: new Credentials(
      new SecretsManagerClient({}),
      settings.SECRET_ARN,
      settings.API.authentication,
    ),
    pace: {
      wait: (milliseconds) => {
        time.waits.push(milliseconds);
        return 0;
      },
      hasTimeFor: (milliseconds) => time.remaining > milliseconds,
    },
    now: () => time.now,
  };
  const outcome = await poll(tools, counts);
  return { outcome, ...counts };
}

/** One replay. */
export function replayOnce(settings: Settings, maximumMessages = 100): Promise<Replayed> {
  const s3 = new S3Client({});
  const sqs = new SQSClient({});
  return replay(maximumMessages, {
    s3,
    sqs,
    rawZone: new RawZone(s3, sqs, settings),
    queueUrl: settings.DEAD_LETTER_QUEUE_URL,
    recordsPath: settings.API.recordsPath,
    hasTime: () => true,
  });
}
