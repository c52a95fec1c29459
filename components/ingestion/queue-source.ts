import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ArgumentChecker } from "../shared/validation";
import { checkSource, createDeadLetterQueue, SourceArgs } from "./source-args";
import {
  createQueueMapping,
  createRecordWriter,
  createSourceQueue,
  queueReaderStatement,
} from "./source-parts";

/** Arguments of {@link QueueSource}. */
export interface QueueSourceArgs extends SourceArgs {
  /**
   * ARN of a queue that exists already. Its redrive policy stays the caller's: it should lead to a dead-letter queue, and
   * its visibility timeout should be at least 360 seconds.
   * @default a queue is created
   */
  existingQueueArn?: pulumi.Input<string>;
  /** Times that a message of the created queue may fail before it goes to the dead-letter queue, 1 to 1000. @default 5 */
  maximumReceives?: pulumi.Input<number>;
  /** Messages in one object at most, 1 to 10000; at most 10 for a FIFO queue. @default 1000, for a FIFO queue 10 */
  batchSize?: pulumi.Input<number>;
  /** Seconds that messages are collected, 0 to 300; more gives fewer and larger objects. @default 20, for a FIFO queue 0 */
  batchingWindowSeconds?: pulumi.Input<number>;
  /** Calls of the writer that may run at once, 2 to 1000. @default no limit */
  maximumConcurrency?: pulumi.Input<number>;
  /** Whether each record gets the fields `source_origin` and `source_time`; the contract must then name them. @default false */
  addMetadata?: pulumi.Input<boolean>;
}

/**
 * Brings the messages of an SQS queue into the raw zone: each message is a JSON object, an array of them, or
 * `{"records": […]}`. What is none of these goes to the dead-letter queue with a reason.
 */
export class QueueSource extends pulumi.ComponentResource {
  /** ARN of the queue that producers write to. */
  public readonly queueArn: pulumi.Output<string>;
  /** URL of that queue; empty for a queue that existed already. */
  public readonly queueUrl: pulumi.Output<string>;
  /** ARN of the queue of refused records. */
  public readonly deadLetterQueueArn: pulumi.Output<string>;
  /** URL of that queue. */
  public readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** Function that processes refused records again when it is called with `{"replay": {}}`. */
  public readonly replayFunctionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: QueueSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:QueueSource", name, args, opts);
    const deadLetterQueue = createDeadLetterQueue(`${name}-refused`, args, this);
    const queue = createQueue(name, deadLetterQueue, args, this);
    const queueArn = pulumi.output(args.existingQueueArn ?? (queue as aws.sqs.Queue).arn);
    const { addMetadata } = args;
    const writer = createRecordWriter(
      name,
      { deadLetterQueue, statements: [queueReaderStatement(queueArn)], addMetadata },
      args,
      this,
    );
    const fifo = isFifo(args);
    createQueueMapping(
      name,
      queueArn,
      {
        batchSize: args.batchSize ?? (fifo ? 10 : 1000),
        batchingWindowSeconds: args.batchingWindowSeconds ?? (fifo ? 0 : 20),
        maximumConcurrency: args.maximumConcurrency,
      },
      writer,
      args,
      this,
    );
    this.queueArn = queueArn;
    this.queueUrl = queue?.url ?? pulumi.output("");
    this.deadLetterQueueArn = deadLetterQueue.arn;
    this.deadLetterQueueUrl = deadLetterQueue.url;
    this.replayFunctionName = writer.function.name;
    this.registerOutputs({
      queueArn: this.queueArn,
      queueUrl: this.queueUrl,
      deadLetterQueueArn: this.deadLetterQueueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      replayFunctionName: this.replayFunctionName,
    });
  }
}

function checkArguments(args: QueueSourceArgs): void {
  const batchSize = typeof args.batchSize === "number" ? args.batchSize : 0;
  const checker = checkSource(new ArgumentChecker(), args)
    .notBoth(args.existingQueueArn, "existingQueueArn", args.maximumReceives, "maximumReceives")
    .range(args.maximumReceives, "maximumReceives", 1, 1000)
    .range(args.batchSize, "batchSize", 1, isFifo(args) ? 10 : 10_000)
    .range(args.batchingWindowSeconds, "batchingWindowSeconds", 0, isFifo(args) ? 0 : 300)
    .range(args.maximumConcurrency, "maximumConcurrency", 2, 1000);
  checker.require(
    batchSize <= 10 || args.batchingWindowSeconds !== 0,
    "batchingWindowSeconds",
    `0 was given with a batchSize of ${batchSize}; Lambda allows more than 10 messages only when they are collected for at least 1 second`,
  );
  checker.done("QueueSource");
}

function isFifo({ existingQueueArn }: QueueSourceArgs): boolean {
  return typeof existingQueueArn === "string" && existingQueueArn.endsWith(".fifo");
}

function createQueue(
  name: string,
  deadLetterQueue: aws.sqs.Queue,
  args: QueueSourceArgs,
  parent: pulumi.Resource,
): aws.sqs.Queue | undefined {
  if (args.existingQueueArn !== undefined) return undefined;
  return createSourceQueue(name, deadLetterQueue, args.maximumReceives ?? 5, args, parent);
}
