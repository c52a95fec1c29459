import { Readable } from "node:stream";

/** A request to AWS as a client sends it: the name of its command and its input. */
export interface SentCommand {
  name: string;
  input: Record<string, unknown>;
}

type Answer = (input: Record<string, unknown>) => unknown;

/** Answers the commands of every client of the SDK at the boundary where they leave the process. */
export class FakeAws {
  readonly sent: SentCommand[] = [];

  /** @param answers - by name of the command; a command without an answer fails the test */
  constructor(private readonly answers: Record<string, Answer>) {}

  /** Stands in for `send` of the given client classes. */
  replace(...clients: { prototype: object }[]): this {
    const { sent, answers } = this;
    for (const client of clients) {
      jest
        .spyOn(client.prototype as { send(command: unknown): Promise<unknown> }, "send")
        .mockImplementation(async (command: unknown) => {
          const { constructor, input } = command as {
            constructor: { name: string };
            input: SentCommand["input"];
          };
          sent.push({ name: constructor.name, input });
          const answer = answers[constructor.name];
          if (answer === undefined) throw new Error(`The test does not answer ${constructor.name}.`);
          return answer(input);
        });
    }
    return this;
  }

  /** Inputs of every command of a name, in order. */
  inputsOf(name: string): SentCommand["input"][] {
    return this.sent.filter((command) => command.name === name).map(({ input }) => input);
  }
}

/** The objects of all buckets. */
export class FakeS3 {
  readonly objects = new Map<string, string>();

  /** Answers for {@link FakeAws}. */
  answers(): Record<string, Answer> {
    return {
      GetObjectCommand: ({ Bucket, Key }) => {
        const text = this.objects.get(`${Bucket as string}/${Key as string}`);
        if (text === undefined)
          throw Object.assign(new Error("The specified key does not exist."), { name: "NoSuchKey" });
        const body = Readable.from([Buffer.from(text)], { objectMode: false });
        return { Body: Object.assign(body, { transformToString: async () => text }) };
      },
      PutObjectCommand: async ({ Bucket, Key, Body }) => {
        this.objects.set(`${Bucket as string}/${Key as string}`, await bodyText(Body as Readable | string));
        return {};
      },
      CopyObjectCommand: ({ Bucket, Key, CopySource }) => {
        const [source = ""] = (CopySource as string).split("?");
        this.objects.set(
          `${Bucket as string}/${Key as string}`,
          this.objects.get(decodeURIComponent(source)) ?? "",
        );
        return {};
      },
      ListObjectsV2Command: ({ Bucket, Prefix }) => ({
        Contents: [...this.objects.keys()]
          .filter((name) => name.startsWith(`${Bucket as string}/${Prefix as string}`))
          .map((name) => ({ Key: name.slice(name.indexOf("/") + 1) })),
      }),
    };
  }
}

async function bodyText(body: Readable | string): Promise<string> {
  if (typeof body === "string") return body;
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece as Buffer));
  return Buffer.concat(pieces).toString("utf8");
}

/** What Lambda hands to a handler besides the event. */
export const lambdaContext = {
  functionName: "test",
  awsRequestId: "request-1",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:test",
  memoryLimitInMB: "128",
  functionVersion: "1",
  getRemainingTimeInMillis: () => 30_000,
} as never;

/** Sets a function's environment and loads its handler, which reads it at once. */
export function loadHandler<T>(folder: string, environment: Record<string, string>): T {
  Object.assign(process.env, {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    POWERTOOLS_DEV: "true",
    ...environment,
  });
  return (jest.requireActual(`../../lambdas/${folder}/handler`) as { handler: T }).handler;
}
