import { Readable } from "node:stream";

import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";

import type { DeadLetter } from "../../../components/contracts/dead-letter";
import { FakeAws } from "../fake-aws";

/** The raw bucket and the dead-letter queue, in memory. */
export class FakeLake {
  /** Objects by key. */
  readonly objects = new Map<string, string>();
  /** Bodies of waiting messages by id. */
  readonly waiting = new Map<string, string>();
  /** Messages that are held by a reader. */
  readonly held = new Set<string>();
  /** Decides which calls fail. */
  fails: (command: string) => boolean = () => false;
  readonly aws: FakeAws;
  private nextId = 1;

  constructor() {
    const answer = (name: string, result: (input: never) => unknown) => ({
      [name]: (input: unknown) => {
        if (this.fails(name)) throw new Error(`${name} failed`);
        return result(input as never);
      },
    });
    this.aws = new FakeAws({
      ...answer("PutObjectCommand", ({ Key, Body }: { Key: string; Body: string | Buffer }) => {
        this.objects.set(Key, Body.toString());
        return {};
      }),
      ...answer("GetObjectCommand", ({ Key }: { Key: string }) => ({
        Body: Readable.from([Buffer.from(this.objects.get(Key) ?? "")]),
      })),
      ...answer(
        "SendMessageBatchCommand",
        ({ Entries }: { Entries: { Id: string; MessageBody: string }[] }) => {
          for (const { MessageBody } of Entries) this.put(MessageBody);
          return { Successful: Entries };
        },
      ),
      ...answer("ReceiveMessageCommand", ({ MaxNumberOfMessages }: { MaxNumberOfMessages: number }) => {
        const free = [...this.waiting.keys()].filter((id) => !this.held.has(id));
        const Messages = free.slice(0, MaxNumberOfMessages).map((id) => {
          this.held.add(id);
          return {
            MessageId: id,
            ReceiptHandle: id,
            Body: this.waiting.get(id),
            Attributes: { SentTimestamp: "1700000000000" },
          };
        });
        return { Messages };
      }),
      ...answer("DeleteMessageCommand", ({ ReceiptHandle }: { ReceiptHandle: string }) => {
        this.waiting.delete(ReceiptHandle);
        return {};
      }),
      ...answer("ChangeMessageVisibilityCommand", ({ ReceiptHandle }: { ReceiptHandle: string }) => {
        this.held.delete(ReceiptHandle);
        return {};
      }),
    }).replace(S3Client, SQSClient);
  }

  /** Puts a message into the queue. */
  put(body: string): void {
    this.waiting.set(`message-${this.nextId++}`, body);
  }

  /** The dead letters that wait. */
  letters(): DeadLetter[] {
    return [...this.waiting.values()].map((body) => JSON.parse(body) as DeadLetter);
  }

  /** The lines of all objects below the data set. */
  lines(): string[] {
    return [...this.objects]
      .filter(([key]) => key.startsWith("flights/"))
      .flatMap(([, text]) => text.split("\n").slice(0, -1));
  }
}
