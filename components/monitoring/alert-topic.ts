import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { ArgumentChecker } from "../shared/validation";

/** Arguments of {@link AlertTopic}. */
export interface AlertTopicArgs extends CommonArgs {
  /** Addresses that get every alert; each is asked by mail to confirm. @default none */
  emailAddresses?: string[];
}

/** The topic that alarms and pipelines of an environment report to. */
export class AlertTopic extends pulumi.ComponentResource {
  /** ARN of the topic. */
  public readonly topicArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: AlertTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    const addresses = args.emailAddresses ?? [];
    const checker = new ArgumentChecker();
    addresses.forEach((address, i) =>
      checker.require(
        /^[^@\s]+@[^@\s]+$/.test(address),
        `emailAddresses[${i}]`,
        `"${address}" was given; a mail address is needed`,
      ),
    );
    checker.done("AlertTopic");
    super("mlops:index:AlertTopic", name, args, opts);
    // Without a key of the caller's there is none: CloudWatch cannot publish to a topic under the key alias/aws/sns.
    const topic = new aws.sns.Topic(
      name,
      { kmsMasterKeyId: args.kmsKeyArn, tags: args.tags },
      { parent: this },
    );
    new aws.sns.TopicPolicy(name, { arn: topic.arn, policy: topicPolicy(topic, this) }, { parent: this });
    for (const address of addresses) {
      new aws.sns.TopicSubscription(
        `${name}-${address}`,
        { topic: topic.arn, protocol: "email", endpoint: address },
        { parent: this },
      );
    }
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

/** Alarms of this account may publish, and nobody without TLS; roles publish by their own rights. */
function topicPolicy(topic: aws.sns.Topic, parent: pulumi.Resource): pulumi.Output<string> {
  const accountId = aws.getCallerIdentityOutput({}, { parent }).accountId;
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Alarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic.arn,
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
      {
        Sid: "EncryptedTransportOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topic.arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
