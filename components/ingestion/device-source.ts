import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { arnPrefix } from "../shared/arn";
import { physicalName } from "../shared/physical-name";
import { createServiceRole, policyDocument } from "../shared/service-role";
import { ArgumentChecker } from "../shared/validation";
import { checkSource, createDeadLetterQueue, SourceArgs, sourceCommon, sourceTags } from "./source-args";
import {
  createQueueMapping,
  createRecordWriter,
  createSourceQueue,
  queueReaderStatement,
} from "./source-parts";

/** Arguments of {@link DeviceSource}. */
export interface DeviceSourceArgs extends SourceArgs {
  /** Filter of the MQTT topics that devices publish to, for example `stations/+/weather`. */
  topicFilter: pulumi.Input<string>;
  /** What the rule takes from a message, as in the SQL of IoT Core. @default * */
  selection?: pulumi.Input<string>;
  /**
   * Whether the rule adds the fields `device_topic` and `device_time` (milliseconds); the contract must then name them.
   * @default false
   */
  addDeviceFields?: pulumi.Input<boolean>;
  /** Whether to make a policy for certificates of devices: a thing may connect as itself and publish to the topics. @default false */
  createDevicePolicy?: boolean;
  /** Seconds that messages are collected, 1 to 300; more gives fewer and larger objects. @default 20 */
  batchingWindowSeconds?: pulumi.Input<number>;
}

/**
 * Brings what devices publish to IoT Core into the raw zone: a topic rule, a queue that holds the messages while
 * something is down, and the record writer. A message that the rule cannot read or pass on goes to the dead-letter queue
 * with its payload.
 */
export class DeviceSource extends pulumi.ComponentResource {
  /** Name of the topic rule. */
  public readonly ruleName: pulumi.Output<string>;
  /** ARN of the topic rule. */
  public readonly ruleArn: pulumi.Output<string>;
  /** Name of the policy for certificates of devices; empty when none was made. */
  public readonly devicePolicyName: pulumi.Output<string>;
  /** ARN of the queue of refused messages. */
  public readonly deadLetterQueueArn: pulumi.Output<string>;
  /** URL of that queue. */
  public readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** Function that processes refused messages again when it is called with `{"replay": {}}`. */
  public readonly replayFunctionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: DeviceSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:DeviceSource", name, args, opts);
    const deadLetterQueue = createDeadLetterQueue(`${name}-refused`, args, this);
    const queue = createSourceQueue(name, deadLetterQueue, 5, args, this);
    const statements = [queueReaderStatement(queue.arn)];
    const writer = createRecordWriter(name, { deadLetterQueue, statements }, args, this);
    const batchingWindowSeconds = args.batchingWindowSeconds ?? 20;
    createQueueMapping(name, queue.arn, { batchSize: 1000, batchingWindowSeconds }, writer, args, this);
    const rule = createRule(name, queue, deadLetterQueue, args, this);
    const policy = args.createDevicePolicy === true ? createDevicePolicy(name, args, this) : undefined;
    this.ruleName = rule.name;
    this.ruleArn = rule.arn;
    this.devicePolicyName = policy?.name ?? pulumi.output("");
    this.deadLetterQueueArn = deadLetterQueue.arn;
    this.deadLetterQueueUrl = deadLetterQueue.url;
    this.replayFunctionName = writer.function.name;
    this.registerOutputs({
      ruleName: this.ruleName,
      ruleArn: this.ruleArn,
      devicePolicyName: this.devicePolicyName,
      deadLetterQueueArn: this.deadLetterQueueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      replayFunctionName: this.replayFunctionName,
    });
  }
}

/** Levels of a topic; `+` stands for one level, and `#` for all that follow. Quotes would end the SQL's text. */
const topicFilterPattern = /^(?!\$)(?:[^+#'/\s]+|\+)(?:\/(?:[^+#'/\s]+|\+))*(?:\/#)?$/;

function checkArguments(args: DeviceSourceArgs): void {
  const { topicFilter } = args;
  checkSource(new ArgumentChecker(), args)
    .require(
      typeof topicFilter !== "string" || topicFilterPattern.test(topicFilter),
      "topicFilter",
      `"${String(topicFilter)}" was given; levels between slashes are needed, such as stations/+/weather, with + for one level and # only at the end`,
    )
    .range(args.batchingWindowSeconds, "batchingWindowSeconds", 1, 300)
    .done("DeviceSource");
}

function createRule(
  name: string,
  queue: aws.sqs.Queue,
  deadLetterQueue: aws.sqs.Queue,
  args: DeviceSourceArgs,
  parent: pulumi.Resource,
): aws.iot.TopicRule {
  const { role, policy } = createServiceRole(
    `${name}-rule`,
    {
      service: "iot.amazonaws.com",
      statements: [
        { sid: "PassOn", actions: ["sqs:SendMessage"], resources: [queue.arn, deadLetterQueue.arn] },
        ...(args.kmsKeyArn === undefined
          ? []
          : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.kmsKeyArn] }]),
      ],
    },
    sourceCommon(args),
    parent,
  );
  const fields = pulumi
    .output(args.addDeviceFields ?? false)
    .apply((added) => (added ? ", topic() AS device_topic, timestamp() AS device_time" : ""));
  return new aws.iot.TopicRule(
    name,
    {
      // The name of a rule may hold no hyphen, so it cannot be autonamed.
      name: physicalName(name, 128, "name").replaceAll("-", "_"),
      description: pulumi.interpolate`Messages of the data set ${args.dataset}. Owner: ${args.owner}.`,
      enabled: true,
      sql: pulumi.interpolate`SELECT ${args.selection ?? "*"}${fields} FROM '${args.topicFilter}'`,
      sqlVersion: "2016-03-23",
      sqs: [{ queueUrl: queue.url, roleArn: role.arn, useBase64: false }],
      errorAction: { sqs: { queueUrl: deadLetterQueue.url, roleArn: role.arn, useBase64: false } },
      tags: sourceTags(args),
    },
    { parent, deleteBeforeReplace: true, dependsOn: policy === undefined ? [] : [policy] },
  );
}

/** Lets a thing whose certificate has the policy connect under its own name and publish to the source's topics. */
function createDevicePolicy(name: string, args: DeviceSourceArgs, parent: pulumi.Resource): aws.iot.Policy {
  const iot = arnPrefix("iot", parent);
  const topics = pulumi.output(args.topicFilter).apply((filter) => filter.replaceAll(/[+#]/g, "*"));
  return new aws.iot.Policy(
    name,
    {
      policy: policyDocument([
        {
          sid: "Connect",
          actions: ["iot:Connect"],
          resources: [pulumi.interpolate`${iot}:client/\${iot:Connection.Thing.ThingName}`],
          conditions: { Bool: { "iot:Connection.Thing.IsAttached": "true" } },
        },
        { sid: "Publish", actions: ["iot:Publish"], resources: [pulumi.interpolate`${iot}:topic/${topics}`] },
      ]),
      tags: sourceTags(args),
    },
    { parent },
  );
}
