import {
  KafkaAuthentication,
  KafkaSource,
  KafkaStartingPosition,
  MessageBrokerSource,
} from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks } from "../../support/pulumi-mocks";
import {
  existingBrokerArn,
  existingClusterArn,
  kafkaSourceArgs,
  messageBrokerSourceArgs,
  secretArn,
} from "../ingestion-samples";
import { rightsOf } from "./rights";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

describe("the Kafka source", () => {
  const { subnetIds, securityGroupIds, ...plainArgs } = kafkaSourceArgs;
  const deploy = (args: object) =>
    deployInMocks(() => new KafkaSource("live", { ...plainArgs, ...args } as never));

  test("makes a serverless cluster and reads one topic of it as one group", async () => {
    const deployed = await deploy({ subnetIds, securityGroupIds });
    expect(deployed.one("aws:msk/serverlessCluster:ServerlessCluster").inputs).toMatchObject({
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds, securityGroupIds }],
    });
    expect(deployed.one(mappingType).inputs).toMatchObject({
      topics: ["departures"],
      startingPosition: "TRIM_HORIZON",
      amazonManagedKafkaEventSourceConfig: { consumerGroupId: "test-live" },
      destinationConfig: { onFailure: { destinationArn: arn("sqs", "live-refused") } },
    });
  });

  test("asks IAM only for the topic and the group", async () => {
    const rights = rightsOf(await deploy({ existingClusterArn, consumerGroupId: "lake" }), "live-writer");
    expect([rights.Connect?.[1], rights.ReadTopic?.[1], rights.KeepPosition?.[1]]).toEqual([
      [existingClusterArn],
      [arn("kafka", "topic/main/0f1e-2d3c-4/departures")],
      [arn("kafka", "group/main/0f1e-2d3c-4/lake")],
    ]);
  });

  test("reaches a self-managed cluster through its network with a secret", async () => {
    const deployed = await deploy({
      bootstrapServers: ["one:9096", "two:9096"],
      credentialsSecretArn: secretArn,
      certificateAuthoritySecretArn: `${secretArn}-ca`,
      startingPosition: KafkaStartingPosition.Newest,
      subnetIds,
      securityGroupIds,
    });
    const { inputs } = deployed.one(mappingType);
    expect(inputs).toMatchObject({
      selfManagedEventSource: { endpoints: { KAFKA_BOOTSTRAP_SERVERS: "one:9096,two:9096" } },
      selfManagedKafkaEventSourceConfig: { consumerGroupId: "test-live" },
      startingPosition: "LATEST",
      sourceAccessConfigurations: [
        { type: "SASL_SCRAM_512_AUTH", uri: secretArn },
        { type: "SERVER_ROOT_CA_CERTIFICATE", uri: `${secretArn}-ca` },
        { type: "VPC_SUBNET", uri: "subnet:subnet-1" },
        { type: "VPC_SUBNET", uri: "subnet:subnet-2" },
        { type: "VPC_SECURITY_GROUP", uri: "security_group:sg-1" },
      ],
    });
    expect(inputs.eventSourceArn).toBeUndefined();
    expect(rightsOf(deployed, "live-writer").ReadSecrets?.[1]).toEqual([secretArn, `${secretArn}-ca`]);
  });

  test("signs in to an MSK cluster with a secret where that is asked for", async () => {
    const deployed = await deploy({
      existingClusterArn,
      authentication: KafkaAuthentication.Scram512,
      credentialsSecretArn: secretArn,
    });
    expect(deployed.one(mappingType).inputs.sourceAccessConfigurations).toEqual([
      { type: "SASL_SCRAM_512_AUTH", uri: secretArn },
    ]);
    expect(rightsOf(deployed, "live-writer").Connect).toBeUndefined();
  });

  test.each([
    [{}, ["subnetIds", "securityGroupIds"]],
    [{ existingClusterArn, subnetIds }, ["subnetIds"]],
    [
      { existingClusterArn, bootstrapServers: ["one:9096"], credentialsSecretArn: secretArn },
      ["existingClusterArn"],
    ],
    [{ bootstrapServers: ["one:9096"] }, ["credentialsSecretArn"]],
    [{ bootstrapServers: ["https://one"], credentialsSecretArn: secretArn }, ["bootstrapServers[0]"]],
    [{ bootstrapServers: [], credentialsSecretArn: secretArn }, ["bootstrapServers"]],
    [{ bootstrapServers: ["one:9096"], credentialsSecretArn: secretArn, subnetIds }, ["subnetIds"]],
    [
      { existingClusterArn, authentication: KafkaAuthentication.Plain, credentialsSecretArn: secretArn },
      ["authentication"],
    ],
    [{ existingClusterArn, credentialsSecretArn: secretArn }, ["credentialsSecretArn"]],
    [{ existingClusterArn, certificateAuthoritySecretArn: secretArn }, ["certificateAuthoritySecretArn"]],
  ])("refuses %j", async (changes, paths) => {
    const faults = await faultsOf(() => new KafkaSource("live", { ...plainArgs, ...changes } as never));
    expect(faults.paths).toEqual(expect.arrayContaining(paths));
    expect(faults.registered).toBe(0);
  });
});

describe("the message broker source", () => {
  const create = (changes: object = {}) =>
    new MessageBrokerSource("live", { ...messageBrokerSourceArgs, ...changes });
  const existing = {
    existingBrokerArn,
    credentialsSecretArn: secretArn,
    subnetIds: undefined,
    securityGroupIds: undefined,
    password: undefined,
  };

  test("makes a private broker in several zones whose user lies in a secret", async () => {
    const deployed = await deployInMocks(() => create());
    expect(deployed.one("aws:mq/broker:Broker").inputs).toMatchObject({
      engineType: "RabbitMQ",
      deploymentMode: "CLUSTER_MULTI_AZ",
      publiclyAccessible: false,
      logs: { general: true },
    });
    const { secretString } = deployed.one("aws:secretsmanager/secretVersion:SecretVersion").inputs;
    // The engine keeps it encrypted: it comes as a secret.
    const { value } = secretString as { value: string };
    expect(JSON.parse(value)).toEqual({ username: "lake", password: "a-long-password" });
    expect(deployed.one(mappingType).inputs).toMatchObject({
      queues: "departures",
      sourceAccessConfigurations: [
        { type: "BASIC_AUTH", uri: arn("secretsmanager", "live") },
        { type: "VIRTUAL_HOST", uri: "/" },
      ],
    });
  });

  test("reads from a broker that exists with the rights on it and its secret alone", async () => {
    const deployed = await deployInMocks(() => create(existing));
    expect(deployed.ofType("aws:mq/broker:Broker")).toEqual([]);
    const rights = rightsOf(deployed, "live-writer");
    expect(rights.FindBroker).toEqual([["mq:DescribeBroker"], [existingBrokerArn]]);
    expect(rights.ReadCredentials).toEqual([["secretsmanager:GetSecretValue"], [secretArn]]);
  });

  test.each([
    [{ password: undefined, subnetIds: undefined }, ["subnetIds", "password"]],
    [{ password: "short" }, ["password"]],
    [{ password: "with:colon-in-it" }, ["password"]],
    [{ credentialsSecretArn: secretArn }, ["credentialsSecretArn"]],
    [{ ...existing, credentialsSecretArn: undefined }, ["credentialsSecretArn"]],
    [{ ...existing, password: "a-long-password" }, ["password"]],
  ])("refuses %j", async (changes, paths) => {
    expect(await faultsOf(() => create(changes))).toMatchObject({ paths, registered: 0 });
  });

  test("does not show a wrong password", async () => {
    const { message } = await faultsOf(() => create({ password: "hush" }));
    expect(message).not.toContain("hush");
  });
});
