import { createHash } from "node:crypto";
import { Readable } from "node:stream";

import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";

import { FakeAws } from "../fake-aws";

type Input = Record<string, unknown>;
type Item = Record<string, Record<string, string>>;

/** The services that the validator talks to, in memory; conditions are held. */
export class FakeServices {
  readonly objects = new Map<string, Buffer>();
  readonly metadata = new Map<string, Record<string, string>>();
  readonly items = new Map<string, Item>();
  readonly events: Record<string, unknown>[] = [];
  /** Bodies of the messages in the dead-letter queue by their receipt. */
  readonly messages = new Map<string, string>();
  readonly aws: FakeAws;

  /** @param overrides - answers instead of those of the services */
  constructor(overrides: ConstructorParameters<typeof FakeAws>[0] = {}) {
    this.aws = new FakeAws({ ...this.s3(), ...this.dynamoDb(), ...this.others(), ...overrides }).replace(
      S3Client,
      DynamoDBClient,
      EventBridgeClient,
      SQSClient,
    );
  }

  text(name: string): string {
    return this.objects.get(name)?.toString("utf8") ?? "";
  }

  json<T>(name: string): T {
    return JSON.parse(this.text(name)) as T;
  }

  /** Names of the objects of a bucket, without the bucket. */
  keys(bucket: string): string[] {
    return [...this.objects.keys()]
      .filter((name) => name.startsWith(`${bucket}/`))
      .map((name) => name.slice(bucket.length + 1))
      .sort();
  }

  private s3(): Record<string, (input: Input) => unknown> {
    const { objects, metadata } = this;
    const nameOf = ({ Bucket, Key }: Input): string => `${Bucket as string}/${Key as string}`;
    const etagOf = (bytes: Buffer): string => `"${createHash("md5").update(bytes).digest("hex")}"`;
    const failure = (name: string): Error => Object.assign(new Error(name), { name });
    return {
      GetObjectCommand: (input) => {
        const bytes = objects.get(nameOf(input));
        if (bytes === undefined) throw failure("NoSuchKey");
        const body = Readable.from([bytes], { objectMode: false });
        return {
          Body: Object.assign(body, { transformToString: async () => bytes.toString("utf8") }),
          ETag: etagOf(bytes),
        };
      },
      PutObjectCommand: async (input) => {
        const bytes = await bytesOf(input.Body as Readable | string);
        const old = objects.get(nameOf(input));
        const taken = input.IfNoneMatch === "*" && old !== undefined;
        const changed = input.IfMatch !== undefined && (old === undefined || etagOf(old) !== input.IfMatch);
        if (taken || changed) throw failure("PreconditionFailed");
        objects.set(nameOf(input), bytes);
        metadata.set(nameOf(input), (input.Metadata ?? {}) as Record<string, string>);
        return {};
      },
      CopyObjectCommand: (input) => {
        const [source = ""] = (input.CopySource as string).split("?");
        objects.set(nameOf(input), objects.get(decodeURIComponent(source)) ?? Buffer.alloc(0));
        return {};
      },
      ListObjectsV2Command: ({ Bucket, Prefix }) => ({
        Contents: this.keys(Bucket as string)
          .filter((key) => key.startsWith(Prefix as string))
          .map((key) => ({ Key: key, Size: objects.get(`${Bucket as string}/${key}`)?.length })),
      }),
    };
  }

  private dynamoDb(): Record<string, (input: Input) => unknown> {
    const { items } = this;
    const idOf = ({ TableName, Item, Key }: Input): string =>
      `${TableName as string}/${((Item ?? Key) as Item).id?.S ?? ""}`;
    return {
      PutItemCommand: (input) => {
        const old = items.get(idOf(input));
        const values = input.ExpressionAttributeValues as Item | undefined;
        const mine = old?.delivery !== undefined && old.delivery.S === values?.[":delivery"]?.S;
        if (old !== undefined && !mine) {
          throw new ConditionalCheckFailedException({ message: "taken", $metadata: {}, Item: old as never });
        }
        items.set(idOf(input), input.Item as Item);
        return {};
      },
      UpdateItemCommand: (input) => {
        const values = input.ExpressionAttributeValues as Item;
        items.set(idOf(input), {
          ...items.get(idOf(input)),
          status: values[":status"] ?? {},
          data: values[":response_data"] ?? {},
          expiration: values[":expiry"] ?? {},
        });
        return {};
      },
      DeleteItemCommand: (input) => {
        items.delete(idOf(input));
        return {};
      },
    };
  }

  private others(): Record<string, (input: Input) => unknown> {
    return {
      PutEventsCommand: ({ Entries }) => {
        for (const { Detail } of Entries as { Detail: string }[]) {
          this.events.push(JSON.parse(Detail) as Record<string, unknown>);
        }
        return { FailedEntryCount: 0 };
      },
      ReceiveMessageCommand: ({ MaxNumberOfMessages }) => ({
        Messages: [...this.messages]
          .slice(0, MaxNumberOfMessages as number)
          .map(([id, Body]) => ({ MessageId: id, ReceiptHandle: id, Body })),
      }),
      DeleteMessageCommand: ({ ReceiptHandle }) => {
        this.messages.delete(ReceiptHandle as string);
        return {};
      },
    };
  }
}

async function bytesOf(body: Readable | string): Promise<Buffer> {
  if (typeof body === "string") return Buffer.from(body);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece as Buffer));
  return Buffer.concat(pieces);
}
