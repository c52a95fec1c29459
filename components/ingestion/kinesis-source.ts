import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { dataProtection } from "../shared/data-protection";
import { ArgumentChecker } from "../shared/validation";
import type { KinesisSourceArgs } from "./kinesis-args";
import { createReplayer, createTable, deadLetterPrefix, lakePrefix } from "./kinesis-parts";
import { createDeliveryStream } from "./kinesis-delivery";
import { streamableColumnsFault } from "./kinesis-columns";
import { checkSource, sourceTags } from "./source-args";
import { createSourceAlarm } from "./source-parts";

export type { KinesisSourceArgs } from "./kinesis-args";

/**
 * Brings the records of a Kinesis stream into the raw zone as Parquet, in folders by the hour of arrival.
 *
 * Every column of the files is text, so that a value of the wrong type reaches the `DataValidator`, which says what is
 * wrong with it: with typed columns Firehose would refuse the whole record without a word about the column. Firehose
 * drops fields that the contract does not name. What is no JSON object goes to `dead-letters/<dataset>/<source>/` in the
 * raw bucket with Firehose's reason, and the replay function puts it back on the stream.
 */
export class KinesisSource extends pulumi.ComponentResource {
  /** ARN of the stream that producers write to. */
  public readonly streamArn: pulumi.Output<string>;
  /** Name of that stream. */
  public readonly streamName: pulumi.Output<string>;
  /** Name of the delivery stream. */
  public readonly deliveryStreamName: pulumi.Output<string>;
  /** Name of the Glue table with the columns. */
  public readonly tableName: pulumi.Output<string>;
  /** Where records lie that are no JSON objects. */
  public readonly deadLetterUri: pulumi.Output<string>;
  /** Function that puts such records back on the stream when it is called with `{"replay": {}}`. */
  public readonly replayFunctionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: KinesisSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:KinesisSource", name, args, opts);
    this.streamArn = createStream(name, args, this);
    this.streamName = this.streamArn.apply((arn) => arn.slice(arn.indexOf("/") + 1));
    const table = createTable(name, args, this);
    const delivery = createDeliveryStream(
      name,
      {
        streamArn: this.streamArn,
        table,
        prefix: lakePrefix(name, args),
        errorPrefix: deadLetterPrefix(name, args),
      },
      args,
      this,
    );
    createAlarms(name, delivery, this.streamName, args, this);
    const replayer = createReplayer(name, this.streamArn, args, this);
    this.deliveryStreamName = delivery.name;
    this.tableName = table.name;
    this.deadLetterUri = pulumi.interpolate`s3://${args.rawBucketName}/${deadLetterPrefix(name, args)}`;
    this.replayFunctionName = replayer.function.name;
    this.registerOutputs({
      streamArn: this.streamArn,
      streamName: this.streamName,
      deliveryStreamName: this.deliveryStreamName,
      tableName: this.tableName,
      deadLetterUri: this.deadLetterUri,
      replayFunctionName: this.replayFunctionName,
    });
  }
}

function checkArguments(args: KinesisSourceArgs): void {
  const fault = typeof args.contract === "string" ? streamableColumnsFault(args.contract) : undefined;
  checkSource(new ArgumentChecker(), args)
    .require(fault === undefined, "contract", fault ?? "")
    .notBoth(args.existingStreamArn, "existingStreamArn", args.retentionHours, "retentionHours")
    .range(args.retentionHours, "retentionHours", 24, 8760)
    .range(args.bufferingSeconds, "bufferingSeconds", 0, 900)
    .range(args.bufferingMegabytes, "bufferingMegabytes", 64, 128)
    .range(args.maximumDelayMinutes, "maximumDelayMinutes", 15, 1440)
    .done("KinesisSource");
}

function createStream(name: string, args: KinesisSourceArgs, parent: pulumi.Resource): pulumi.Output<string> {
  if (args.existingStreamArn !== undefined) return pulumi.output(args.existingStreamArn);
  const stream = new aws.kinesis.Stream(
    name,
    {
      streamModeDetails: { streamMode: "ON_DEMAND" },
      retentionPeriod: args.retentionHours ?? 168,
      encryptionType: "KMS",
      kmsKeyId: args.kmsKeyArn ?? "alias/aws/kinesis",
      tags: sourceTags(args),
    },
    { parent, ...dataProtection(args.forceDestroy) },
  );
  return stream.arn;
}

function createAlarms(
  name: string,
  delivery: aws.kinesis.FirehoseDeliveryStream,
  streamName: pulumi.Output<string>,
  args: KinesisSourceArgs,
  parent: pulumi.Resource,
): void {
  const minutes = args.maximumDelayMinutes ?? 30;
  const ofDelivery = { namespace: "AWS/Firehose", dimensions: { DeliveryStreamName: delivery.name } };
  createSourceAlarm(
    `${name}-delay`,
    {
      ...ofDelivery,
      description: pulumi.interpolate`A record of the data set ${args.dataset} waits for more than ${minutes} minutes to be written to the lake; the log group of the delivery stream says why.`,
      metricName: "DeliveryToS3.DataFreshness",
      statistic: "Maximum",
      threshold: minutes * 60,
    },
    args,
    parent,
  );
  createSourceAlarm(
    `${name}-refused`,
    {
      ...ofDelivery,
      description: pulumi.interpolate`Records of the data set ${args.dataset} are no JSON objects and lie in s3://${args.rawBucketName}/${deadLetterPrefix(name, args)}; once the cause is gone, replay them.`,
      metricName: "FailedConversion.Records",
      statistic: "Sum",
      threshold: 0,
    },
    args,
    parent,
  );
  createSourceAlarm(
    `${name}-behind`,
    {
      ...ofDelivery,
      description: pulumi.interpolate`The lake is more than ${minutes} minutes behind the stream of the data set ${args.dataset}.`,
      metricName: "KinesisMillisBehindLatest",
      statistic: "Maximum",
      threshold: minutes * 60_000,
    },
    args,
    parent,
  );
  createSourceAlarm(
    `${name}-throttled`,
    {
      description: pulumi.interpolate`The stream of the data set ${args.dataset} refuses records of its producers because they write too much at once.`,
      namespace: "AWS/Kinesis",
      metricName: "WriteProvisionedThroughputExceeded",
      dimensions: { StreamName: streamName },
      statistic: "Sum",
      threshold: 0,
    },
    args,
    parent,
  );
}
