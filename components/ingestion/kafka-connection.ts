import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { PolicyStatement } from "../shared/service-role";
import { authenticationOf } from "./kafka-checks";
import { KafkaAuthentication, KafkaSourceArgs } from "./kafka-args";

/** Who reads from where. */
export interface KafkaReader {
  /** ARN of the MSK cluster; undefined for a self-managed one. */
  clusterArn?: pulumi.Output<string>;
  consumerGroupId: pulumi.Output<string>;
}

/** How Lambda's pollers reach a cluster, and the rights that they need for it. */
export interface KafkaConnection {
  mapping: Pick<
    aws.lambda.EventSourceMappingArgs,
    | "eventSourceArn"
    | "amazonManagedKafkaEventSourceConfig"
    | "selfManagedEventSource"
    | "selfManagedKafkaEventSourceConfig"
    | "sourceAccessConfigurations"
  >;
  statements: PolicyStatement[];
}

/** Works out the connection to an MSK cluster or to a self-managed one. */
export function kafkaConnection(reader: KafkaReader, args: KafkaSourceArgs): KafkaConnection {
  const access = accessConfigurations(args);
  const { clusterArn, consumerGroupId } = reader;
  if (clusterArn === undefined) {
    const servers = pulumi.output(args.bootstrapServers ?? []).apply((all) => all.join(","));
    return {
      mapping: {
        selfManagedEventSource: { endpoints: { KAFKA_BOOTSTRAP_SERVERS: servers } },
        selfManagedKafkaEventSourceConfig: { consumerGroupId },
        sourceAccessConfigurations: access,
      },
      statements: secretStatements(args),
    };
  }
  return {
    mapping: {
      eventSourceArn: clusterArn,
      amazonManagedKafkaEventSourceConfig: { consumerGroupId },
      ...(access === undefined ? {} : { sourceAccessConfigurations: access }),
    },
    statements: [
      {
        sid: "FindCluster",
        actions: ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
        resources: [clusterArn],
      },
      ...(authenticationOf(args) === KafkaAuthentication.Iam
        ? iamStatements(clusterArn, consumerGroupId, args)
        : secretStatements(args)),
    ],
  };
}

/** What IAM authentication asks for: reading one topic as one consumer group. */
function iamStatements(
  clusterArn: pulumi.Output<string>,
  consumerGroupId: pulumi.Output<string>,
  { topicName }: KafkaSourceArgs,
): PolicyStatement[] {
  const within = (kind: string, name: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${clusterArn.apply((arn) => arn.replace(":cluster/", `:${kind}/`))}/${name}`;
  return [
    {
      sid: "Connect",
      actions: ["kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"],
      resources: [clusterArn],
    },
    {
      sid: "ReadTopic",
      actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"],
      resources: [within("topic", topicName)],
    },
    {
      sid: "KeepPosition",
      actions: ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"],
      resources: [within("group", consumerGroupId)],
    },
  ];
}

function secretStatements(args: KafkaSourceArgs): PolicyStatement[] {
  const secrets = [args.credentialsSecretArn, args.certificateAuthoritySecretArn].filter(
    (arn) => arn !== undefined,
  );
  if (secrets.length === 0) return [];
  return [{ sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secrets }];
}

/** Secrets and network of the pollers, in the words of Lambda; undefined when none is needed. */
function accessConfigurations(
  args: KafkaSourceArgs,
): pulumi.Output<aws.types.input.lambda.EventSourceMappingSourceAccessConfiguration[]> | undefined {
  const kinds: Record<KafkaAuthentication, string> = {
    [KafkaAuthentication.Iam]: "",
    [KafkaAuthentication.Scram512]: "SASL_SCRAM_512_AUTH",
    [KafkaAuthentication.Plain]: "BASIC_AUTH",
  };
  const credentials = args.credentialsSecretArn;
  const authority = args.certificateAuthoritySecretArn;
  const selfManaged = args.bootstrapServers !== undefined;
  if (credentials === undefined && !selfManaged) return undefined;
  const { subnetIds, securityGroupIds }: Partial<KafkaSourceArgs> = selfManaged ? args : {};
  return pulumi
    .all([subnetIds ?? [], securityGroupIds ?? []])
    .apply(([subnets, groups]) => [
      ...(credentials === undefined
        ? []
        : [{ type: kinds[authenticationOf(args)], uri: pulumi.output(credentials) }]),
      ...(authority === undefined
        ? []
        : [{ type: "SERVER_ROOT_CA_CERTIFICATE", uri: pulumi.output(authority) }]),
      ...subnets.map((id) => ({ type: "VPC_SUBNET", uri: pulumi.output(`subnet:${id}`) })),
      ...groups.map((id) => ({ type: "VPC_SECURITY_GROUP", uri: pulumi.output(`security_group:${id}`) })),
    ]) as pulumi.Output<aws.types.input.lambda.EventSourceMappingSourceAccessConfiguration[]>;
}
