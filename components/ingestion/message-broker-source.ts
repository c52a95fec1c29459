import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ArgumentChecker } from "../shared/validation";
import { createBroker } from "./message-broker";
import type { MessageBrokerSourceArgs } from "./message-broker-args";
import { checkSource, createDeadLetterQueue, sourceTags } from "./source-args";
import { createRecordWriter, pollerNetworkStatement } from "./source-parts";

export type { MessageBrokerSourceArgs } from "./message-broker-args";

/**
 * Brings the messages of a RabbitMQ queue on Amazon MQ into the raw zone: each is a JSON object, an array of them, or
 * `{"records": […]}`. What is none of these goes to the dead-letter queue with a reason; when the lake cannot be written,
 * the messages stay in RabbitMQ.
 */
export class MessageBrokerSource extends pulumi.ComponentResource {
  /** ARN of the broker. */
  public readonly brokerArn: pulumi.Output<string>;
  /** ARN of the secret with the user that reads the queue. */
  public readonly credentialsSecretArn: pulumi.Output<string>;
  /** ARN of the queue of refused messages. */
  public readonly deadLetterQueueArn: pulumi.Output<string>;
  /** URL of that queue. */
  public readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** Function that processes refused messages again when it is called with `{"replay": {}}`. */
  public readonly replayFunctionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: MessageBrokerSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:MessageBrokerSource", name, withSecretPassword(args), opts);
    const deadLetterQueue = createDeadLetterQueue(`${name}-refused`, args, this);
    const created = args.existingBrokerArn === undefined ? createBroker(name, args, this) : undefined;
    this.brokerArn = created?.broker.arn ?? pulumi.output(args.existingBrokerArn ?? "");
    this.credentialsSecretArn = created?.secret.arn ?? pulumi.output(args.credentialsSecretArn ?? "");
    const writer = createRecordWriter(
      name,
      {
        deadLetterQueue,
        addMetadata: args.addMetadata,
        statements: [
          pollerNetworkStatement,
          { sid: "FindBroker", actions: ["mq:DescribeBroker"], resources: [this.brokerArn] },
          {
            sid: "ReadCredentials",
            actions: ["secretsmanager:GetSecretValue"],
            resources: [this.credentialsSecretArn],
          },
        ],
      },
      args,
      this,
    );
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: this.brokerArn,
        functionName: writer.function.arn,
        queues: args.queueName,
        sourceAccessConfigurations: [
          { type: "BASIC_AUTH", uri: this.credentialsSecretArn },
          { type: "VIRTUAL_HOST", uri: args.virtualHost ?? "/" },
        ],
        batchSize: args.batchSize ?? 1000,
        maximumBatchingWindowInSeconds: args.batchingWindowSeconds ?? 20,
        tags: sourceTags(args),
      },
      { parent: this, dependsOn: [writer.function, ...(created === undefined ? [] : [created.version])] },
    );
    this.deadLetterQueueArn = deadLetterQueue.arn;
    this.deadLetterQueueUrl = deadLetterQueue.url;
    this.replayFunctionName = writer.function.name;
    this.registerOutputs({
      brokerArn: this.brokerArn,
      credentialsSecretArn: this.credentialsSecretArn,
      deadLetterQueueArn: this.deadLetterQueueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      replayFunctionName: this.replayFunctionName,
    });
  }
}

/** The inputs of a component lie in the state as they are. */
function withSecretPassword(args: MessageBrokerSourceArgs): MessageBrokerSourceArgs {
  return args.password === undefined ? args : { ...args, password: pulumi.secret(args.password) };
}

function checkArguments(args: MessageBrokerSourceArgs): void {
  const checker = checkSource(new ArgumentChecker(), args)
    .range(args.batchSize, "batchSize", 1, 10_000)
    .range(args.batchingWindowSeconds, "batchingWindowSeconds", 0, 300);
  const { subnetIds, securityGroupIds, password } = args;
  const ofCreated = { subnetIds, securityGroupIds, password };
  if (args.existingBrokerArn === undefined) {
    checker.require(
      args.credentialsSecretArn === undefined,
      "credentialsSecretArn",
      "it was given without existingBrokerArn; a created broker has a secret of its own",
    );
    for (const [path, value] of Object.entries(ofCreated)) {
      checker.require(
        value !== undefined,
        path,
        `nothing was given; a created broker needs ${path}, or give existingBrokerArn`,
      );
    }
    checkPassword(checker, password);
  } else {
    checker.require(
      args.credentialsSecretArn !== undefined,
      "credentialsSecretArn",
      "nothing was given; an existing broker needs the secret with its username and password",
    );
    for (const [path, value] of Object.entries(ofCreated)) {
      checker.require(
        value === undefined,
        path,
        `${path} was given with existingBrokerArn; it is for a created broker`,
      );
    }
  }
  checker.done("MessageBrokerSource");
}

/** The rules of Amazon MQ; the sentence does not show the password. */
function checkPassword(checker: ArgumentChecker, password: unknown): void {
  if (typeof password !== "string") return;
  checker.require(
    /^[^,:=]{12,250}$/.test(password) && new Set(password).size >= 4,
    "password",
    "12 to 250 characters are allowed, at least 4 of them different, without comma, colon and equals sign",
  );
}
