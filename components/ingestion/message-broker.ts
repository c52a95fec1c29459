import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { dataProtection } from "../shared/data-protection";
import type { MessageBrokerSourceArgs } from "./message-broker-args";
import { sourceTags } from "./source-args";

/** A broker and the user that it has. */
export interface BrokerParts {
  broker: aws.mq.Broker;
  secret: aws.secretsmanager.Secret;
  /** Content of the secret. */
  version: aws.secretsmanager.SecretVersion;
}

/** Creates a private, encrypted RabbitMQ broker with one user, whose name and password lie in a secret. */
export function createBroker(
  name: string,
  args: MessageBrokerSourceArgs,
  parent: pulumi.Resource,
): BrokerParts {
  const username = args.username ?? "lake";
  const password = pulumi.secret(args.password ?? "");
  const tags = sourceTags(args);
  const broker = new aws.mq.Broker(
    name,
    {
      engineType: "RabbitMQ",
      engineVersion: args.engineVersion ?? "3.13",
      // Amazon MQ accepts a version of RabbitMQ without its last number only together with this.
      autoMinorVersionUpgrade: true,
      hostInstanceType: args.instanceType ?? "mq.m7g.medium",
      deploymentMode: args.highlyAvailable === false ? "SINGLE_INSTANCE" : "CLUSTER_MULTI_AZ",
      publiclyAccessible: false,
      subnetIds: args.subnetIds,
      securityGroups: args.securityGroupIds,
      // Amazon MQ takes a caller's key for ActiveMQ only; RabbitMQ is encrypted with a key of AWS's own:
      // https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html
      logs: { general: true },
      users: [{ username, password }],
      tags,
    },
    { parent, ...dataProtection(args.forceDestroy) },
  );
  const secret = new aws.secretsmanager.Secret(
    name,
    {
      description: pulumi.interpolate`User of the RabbitMQ broker that brings the data set ${args.dataset}.`,
      kmsKeyId: args.kmsKeyArn,
      tags,
    },
    { parent },
  );
  const version = new aws.secretsmanager.SecretVersion(
    name,
    { secretId: secret.id, secretString: pulumi.jsonStringify({ username, password }) },
    { parent: secret },
  );
  return { broker, secret, version };
}
