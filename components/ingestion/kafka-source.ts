import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { dataProtection } from "../shared/data-protection";
import { physicalName } from "../shared/physical-name";
import { KafkaSourceArgs, KafkaStartingPosition } from "./kafka-args";
import { checkKafka } from "./kafka-checks";
import { kafkaConnection } from "./kafka-connection";
import { createDeadLetterQueue, sourceTags } from "./source-args";
import { createRecordWriter, pollerNetworkStatement } from "./source-parts";

export * from "./kafka-args";

/**
 * Brings the records of a Kafka topic into the raw zone, from MSK Serverless, another MSK cluster or a self-managed one.
 * A record is a JSON object, an array of them, or `{"records": […]}`; what is none of these goes to the dead-letter
 * queue with a reason. When the lake cannot be written, Lambda tries a batch again until its records leave the topic;
 * then it notes their offsets in the dead-letter queue, and such a note is for people: a replay leaves it there.
 */
export class KafkaSource extends pulumi.ComponentResource {
  /** ARN of the cluster; empty for a self-managed one. */
  public readonly clusterArn: pulumi.Output<string>;
  /** Consumer group that reads the topic. */
  public readonly consumerGroupId: pulumi.Output<string>;
  /** ARN of the queue of refused records. */
  public readonly deadLetterQueueArn: pulumi.Output<string>;
  /** URL of that queue. */
  public readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** Function that processes refused records again when it is called with `{"replay": {}}`. */
  public readonly replayFunctionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: KafkaSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkKafka(args);
    super("mlops:index:KafkaSource", name, args, opts);
    const deadLetterQueue = createDeadLetterQueue(`${name}-refused`, args, this);
    const clusterArn = args.bootstrapServers === undefined ? clusterOf(name, args, this) : undefined;
    const consumerGroupId = pulumi.output(args.consumerGroupId ?? physicalName(name, 200, "consumerGroupId"));
    const connection = kafkaConnection({ clusterArn, consumerGroupId }, args);
    const { addMetadata } = args;
    const statements = [pollerNetworkStatement, ...connection.statements];
    const writer = createRecordWriter(name, { deadLetterQueue, statements, addMetadata }, args, this);
    new aws.lambda.EventSourceMapping(
      name,
      {
        ...connection.mapping,
        functionName: writer.function.arn,
        topics: [args.topicName],
        startingPosition: args.startingPosition ?? KafkaStartingPosition.Oldest,
        batchSize: args.batchSize ?? 1000,
        maximumBatchingWindowInSeconds: args.batchingWindowSeconds ?? 20,
        destinationConfig: { onFailure: { destinationArn: deadLetterQueue.arn } },
        tags: sourceTags(args),
      },
      { parent: this, dependsOn: [writer.function] },
    );
    this.clusterArn = clusterArn ?? pulumi.output("");
    this.consumerGroupId = consumerGroupId;
    this.deadLetterQueueArn = deadLetterQueue.arn;
    this.deadLetterQueueUrl = deadLetterQueue.url;
    this.replayFunctionName = writer.function.name;
    this.registerOutputs({
      clusterArn: this.clusterArn,
      consumerGroupId: this.consumerGroupId,
      deadLetterQueueArn: this.deadLetterQueueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      replayFunctionName: this.replayFunctionName,
    });
  }
}

function clusterOf(name: string, args: KafkaSourceArgs, parent: pulumi.Resource): pulumi.Output<string> {
  if (args.existingClusterArn !== undefined) return pulumi.output(args.existingClusterArn);
  const cluster = new aws.msk.ServerlessCluster(
    name,
    {
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds: args.subnetIds ?? [], securityGroupIds: args.securityGroupIds }],
      tags: sourceTags(args),
    },
    { parent, ...dataProtection(args.forceDestroy) },
  );
  return cluster.arn;
}
