import { isDeepStrictEqual } from "node:util";

import * as aws from "@pulumi/aws";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { deployInMocks, MockedDeployment, MockedResource, parsePolicy } from "../support/pulumi-mocks";
import { samples } from "./samples";

const tags = { owner: "platform-team", environment: "test" };
const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/caller";

/** Kinds that AWS cannot tag: settings of a tagged resource, and documents. */
const untaggable = [
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logStream:LogStream",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  "aws:glue/catalogTable:CatalogTable",
  "aws:glue/catalogTableOptimizer:CatalogTableOptimizer",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:lambda/invocation:Invocation",
  "aws:lambda/permission:Permission",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:scheduler/schedule:Schedule",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
];

/** Where each kind that stores something holds its key. */
const keyOf: Record<string, (inputs: pulumi.Inputs) => unknown> = {
  "aws:athena/workgroup:Workgroup": (inputs) =>
    inputs.configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn,
  "aws:cloudwatch/logGroup:LogGroup": (inputs) => inputs.kmsKeyId,
  "aws:dms/endpoint:Endpoint": (inputs) => inputs.kmsKeyArn,
  "aws:dms/replicationConfig:ReplicationConfig": (inputs) => inputs.computeConfig.kmsKeyId,
  "aws:dms/s3Endpoint:S3Endpoint": (inputs) => inputs.serverSideEncryptionKmsKeyId,
  "aws:dynamodb/table:Table": (inputs) => inputs.serverSideEncryption.kmsKeyArn,
  "aws:ecr/repository:Repository": (inputs) => inputs.encryptionConfigurations[0].kmsKey,
  "aws:eks/cluster:Cluster": (inputs) => inputs.encryptionConfig.provider.keyArn,
  "aws:emrserverless/application:Application": (inputs) =>
    inputs.monitoringConfiguration.cloudwatchLoggingConfiguration.encryptionKeyArn,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (inputs) =>
    inputs.extendedS3Configuration.kmsKeyArn,
  "aws:kinesis/stream:Stream": (inputs) => inputs.kmsKeyId,
  "aws:lambda/function:Function": (inputs) => inputs.kmsKeyArn,
  "aws:scheduler/schedule:Schedule": (inputs) => inputs.kmsKeyArn,
  "aws:secretsmanager/secret:Secret": (inputs) => inputs.kmsKeyId,
  "aws:sfn/stateMachine:StateMachine": (inputs) => inputs.encryptionConfiguration.kmsKeyId,
  "aws:sns/topic:Topic": (inputs) => inputs.kmsMasterKeyId,
  "aws:sqs/queue:Queue": (inputs) => inputs.kmsMasterKeyId,
  "aws:sagemaker/featureGroup:FeatureGroup": (inputs) =>
    inputs.offlineStoreConfig.s3StorageConfig.kmsKeyId === inputs.onlineStoreConfig.securityConfig.kmsKeyId
      ? inputs.onlineStoreConfig.securityConfig.kmsKeyId
      : "the offline and the online store have different keys",
};

/** Kinds that hold data, or without which data is lost. */
const stateful = [
  "aws:ecr/repository:Repository",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:kinesis/stream:Stream",
  "aws:kms/key:Key",
  "aws:mq/broker:Broker",
  "aws:msk/serverlessCluster:ServerlessCluster",
  "aws:s3/bucket:Bucket",
  "aws:sagemaker/featureGroup:FeatureGroup",
  "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer",
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
  "aws:ssm/parameter:Parameter",
];

/** Physical names that AWS or Kubernetes requires; each is explained where it is made. */
const fixedNames: Record<string, string[]> = {
  "aws:dynamodb/table:Table": ["name"],
  "aws:eks/cluster:Cluster": ["name"],
  "aws:glue/catalogTable:CatalogTable": ["name"],
  "aws:glue/registry:Registry": ["registryName"],
  "aws:glue/schema:Schema": ["schemaName"],
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:cloudwatch/logStream:LogStream": ["name"],
  "aws:iot/topicRule:TopicRule": ["name"],
  "aws:sagemaker/featureGroup:FeatureGroup": ["featureGroupName"],
  "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": ["trackingServerName"],
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": ["modelPackageGroupName"],
  "aws:ssm/parameter:Parameter": ["name"],
};
const nameInputs = ["name", "bucket", "featureGroupName", "trackingServerName", "modelPackageGroupName"];
/** Kinds whose input `bucket` is the bucket that they belong to, not their own name. */
const belongsToBucket = (type: string): boolean => /^aws:s3\/bucket[A-Z]/.test(type);

describe.each(samples)("$component", ({ component, create }) => {
  let deployed: MockedDeployment<pulumi.ComponentResource>;
  let awsResources: MockedResource[];

  beforeAll(async () => {
    deployed = await deployInMocks(() =>
      create({ tags, permissionsBoundaryArn, kmsKeyArn, logRetentionDays: 90 }),
    );
    awsResources = deployed.resources.filter((resource) => resource.type.startsWith("aws:"));
  });

  test("tags everything that can be tagged", () => {
    const untagged = awsResources
      .filter(({ type }) => !untaggable.includes(type))
      // A source adds tags of its own below the caller's.
      .filter(({ inputs }) => !isDeepStrictEqual({ ...inputs.tags, ...tags }, inputs.tags))
      .map(({ type, name }) => `${type} ${name}`);
    expect(untagged).toEqual([]);
    expect(awsResources.length).toBeGreaterThan(0);
  });

  test("bounds every role", () => {
    for (const role of deployed.ofType("aws:iam/role:Role")) {
      expect(role.inputs.permissionsBoundary).toBe(permissionsBoundaryArn);
    }
  });

  test("trusts a service only on behalf of this account", () => {
    for (const role of deployed.ofType("aws:iam/role:Role")) {
      for (const statement of parsePolicy(role.inputs.assumeRolePolicy).Statement) {
        const { Service: service, AWS: producers } = statement.Principal as {
          Service: string;
          AWS?: string[];
        };
        // The role of a file source is for principals that the caller names, and for no service.
        if (producers !== undefined) continue;
        const account = statement.Condition?.StringEquals?.["aws:SourceAccount"];
        expect(`${service} ${account}`).toBe(
          service === "ec2.amazonaws.com" ? `${service} undefined` : `${service} 123456789012`,
        );
      }
    }
  });

  test("encrypts everything that it stores with the caller's key", () => {
    for (const { type, name, inputs } of awsResources) {
      const key = keyOf[type]?.(inputs);
      if (keyOf[type] !== undefined) expect(`${name}: ${key as string}`).toBe(`${name}: ${kmsKeyArn}`);
    }
    for (const bucket of deployed.ofType("aws:s3/bucket:Bucket")) {
      const rule = encryptionOf(deployed, bucket);
      const isLogTarget = bucket.name.endsWith("-logs");
      expect(rule.applyServerSideEncryptionByDefault).toEqual(
        isLogTarget ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
      );
    }
  });

  test("keeps every log group for the days that were asked for", () => {
    for (const logGroup of deployed.ofType("aws:cloudwatch/logGroup:LogGroup")) {
      expect(logGroup.inputs.retentionInDays).toBe(90);
    }
  });

  test("allows no action by wildcard", () => {
    const documents = awsResources.flatMap(({ inputs }) =>
      [inputs.policy, inputs.assumeRolePolicy].filter((document) => typeof document === "string"),
    );
    const wildcards = documents
      .flatMap((document) => parsePolicyOrNothing(document))
      .filter((statement) => statement.Effect === "Allow")
      .flatMap((statement) => statement.Action)
      .filter((action) => action.includes("*"));
    expect(wildcards).toEqual([]);
  });

  test("names nothing physically but what must have a known name", () => {
    const named = awsResources.flatMap(({ type, name, inputs }) =>
      nameInputs
        .filter((input) => inputs[input] !== undefined && !(input === "bucket" && belongsToBucket(type)))
        .filter((input) => !fixedNames[type]?.includes(input))
        .map((input) => `${type} ${name} ${input}`),
    );
    expect(named).toEqual([]);
  });

  test("removes a resource with a fixed name before it makes the next one", () => {
    const fixed = awsResources.filter(({ type, inputs }) => fixedNames[type]?.some((input) => inputs[input]));
    expect(fixed.filter(({ deleteBeforeReplace }) => !deleteBeforeReplace).map(({ urn }) => urn)).toEqual([]);
  });

  test("has every resource below the component", () => {
    const urns = new Set(deployed.resources.map(({ urn }) => urn));
    const roots = deployed.resources.filter(({ parentUrn }) => !urns.has(parentUrn));
    expect(roots.map(({ type }) => type)).toEqual([`mlops:index:${component.split(" ")[0]}`]);
  });

  test("keeps data from deletion unless the caller gives that up", async () => {
    const careless = await deployInMocks(() => create({ kmsKeyArn, forceDestroy: true }));
    const safety = (deployment: MockedDeployment<unknown>): string[] =>
      deployment.resources
        .filter(({ type }) => stateful.includes(type))
        .map(({ protect, retainOnDelete }) => `${protect} ${retainOnDelete}`);
    expect(safety(deployed).every((both) => both === "true true")).toBe(true);
    expect(safety(careless)).toEqual(safety(deployed).map(() => "false false"));
    for (const bucket of careless.ofType("aws:s3/bucket:Bucket"))
      expect(bucket.inputs.forceDestroy).toBe(true);
    for (const bucket of deployed.ofType("aws:s3/bucket:Bucket"))
      expect(bucket.inputs.forceDestroy).toBe(false);
  });

  test("works through the providers that it is given", async () => {
    const elsewhere = await deployInMocks(() => {
      const providers = [
        new aws.Provider("elsewhere", { region: "eu-north-1" }),
        new KubernetesProvider("elsewhere", {}),
      ];
      return create({ kmsKeyArn }, { providers });
    });
    const used = [...elsewhere.resources, ...elsewhere.invokes]
      .filter((call) => /^(aws|kubernetes):/.test("token" in call ? call.token : call.type))
      .map(({ provider }) => provider.split("::").slice(2, 4).join(" "));
    const allowed = ["pulumi:providers:aws elsewhere", "pulumi:providers:kubernetes elsewhere"];
    expect(used.filter((provider) => !allowed.includes(provider))).toEqual([]);
    expect(used.length).toBeGreaterThan(0);
  });

  test("keeps its place in the tree of deployed stacks", () => {
    expect(deployed.tree()).toMatchSnapshot();
  });

  test("declares the same twice", async () => {
    const again = await deployInMocks(() =>
      create({ tags, permissionsBoundaryArn, kmsKeyArn, logRetentionDays: 90 }),
    );
    const inputs = (deployment: MockedDeployment<unknown>) =>
      // As JSON: the path of a Lambda's archive is a promise, and no promise equals another.
      JSON.parse(
        JSON.stringify(
          Object.fromEntries(deployment.resources.map((resource) => [resource.urn, resource.inputs])),
        ),
      ) as Record<string, pulumi.Inputs>;
    expect(inputs(again)).toEqual(inputs(deployed));
  });

  test("can be made before anything exists", async () => {
    const preview = await deployInMocks(() => create({ tags, permissionsBoundaryArn, kmsKeyArn }), {
      preview: true,
    });
    expect(preview.tree()).toEqual(deployed.tree());
  });
});

function encryptionOf(deployed: MockedDeployment<unknown>, bucket: MockedResource): pulumi.Inputs {
  const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
  return deployed.one(type, bucket.name).inputs.rules[0] as pulumi.Inputs;
}

/** The statements of an IAM document; other documents, such as ECR's, have none. */
function parsePolicyOrNothing(document: unknown): ReturnType<typeof parsePolicy>["Statement"] {
  return parsePolicy(document).Statement ?? [];
}
