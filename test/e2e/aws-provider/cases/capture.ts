import {
  AddTagsToResourceCommand,
  DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
  DescribeReplicationSubnetGroupsCommand,
} from "@aws-sdk/client-database-migration-service";
import {
  ApplicationState,
  EMRServerlessClient,
  ListApplicationsCommand,
  TagResourceCommand,
} from "@aws-sdk/client-emr-serverless";
import * as dms from "@pulumi/aws/dms";
import * as emrserverless from "@pulumi/aws/emrserverless";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";
import { caseRoleArn } from "./case-role";
import { KnownIds } from "./known-ids";

const account = "123456789012";
const key = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`;
const known = new KnownIds();

export const dmsCase: ServiceCase = {
  service: "dms",
  program(changed) {
    const roleArn = caseRoleArn("dms", "dms.amazonaws.com");
    const group = new dms.ReplicationSubnetGroup("subnets", {
      replicationSubnetGroupId: "case-subnets",
      replicationSubnetGroupDescription: changed ? "second" : "first",
      subnetIds: changed ? ["subnet-2", "subnet-1", "subnet-3"] : ["subnet-2", "subnet-1"],
      tags: { team: "ml" },
    });
    const source = new dms.Endpoint("orders", {
      endpointId: "case-orders",
      endpointType: "source",
      engineName: "postgres",
      databaseName: changed ? "orders_v2" : "orders",
      secretsManagerArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:orders-abcdef`,
      secretsManagerAccessRoleArn: roleArn,
      postgresSettings: { heartbeatEnable: true, heartbeatFrequency: changed ? 10 : 5, captureDdls: true },
      sslMode: "require",
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    new dms.Endpoint("plain", {
      endpointId: "case-plain",
      endpointType: "source",
      engineName: "mysql",
      serverName: "mysql.example.com",
      port: 3306,
      username: "reader",
      password: pulumi.secret("a-long-password-1"),
      kmsKeyArn: key,
    });
    const target = new dms.S3Endpoint("lake", {
      endpointId: "case-lake",
      endpointType: "target",
      bucketName: "case-raw",
      bucketFolder: "orders",
      serviceAccessRoleArn: roleArn,
      dataFormat: "parquet",
      parquetVersion: "parquet-2-0",
      timestampColumnName: "captured_at",
      includeOpForFullLoad: true,
      datePartitionEnabled: true,
      cdcMaxBatchInterval: changed ? 120 : 60,
      cdcPath: "changes",
      encryptionMode: "SSE_KMS",
      serverSideEncryptionKmsKeyId: key,
      tags: { team: "ml" },
    });
    known.remember("source", source.endpointArn);
    new dms.ReplicationConfig("capture", {
      replicationConfigIdentifier: "case-capture",
      replicationType: "full-load-and-cdc",
      sourceEndpointArn: source.endpointArn,
      targetEndpointArn: target.endpointArn,
      computeConfig: { replicationSubnetGroupId: group.id, maxCapacityUnits: changed ? 8 : 4 },
      tableMappings: JSON.stringify({ rules: [] }),
    });
    new dms.EventSubscription("failures", {
      eventCategories: ["failure"],
      snsTopicArn: `arn:aws:sns:us-east-1:${account}:case`,
      sourceType: "replication-task",
    });
  },
  updated: [
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup subnets",
    "aws:dms/endpoint:Endpoint orders",
    "aws:dms/s3Endpoint:S3Endpoint lake",
    "aws:dms/replicationConfig:ReplicationConfig capture",
  ],
  async tamper({ aws }) {
    await new DatabaseMigrationServiceClient(aws).send(
      new AddTagsToResourceCommand({
        ResourceArn: known.get("source"),
        Tags: [{ Key: "team", Value: "someone else" }],
      }),
    );
  },
  repaired: ["aws:dms/endpoint:Endpoint orders"],
  async leftovers({ aws }) {
    const client = new DatabaseMigrationServiceClient(aws);
    const groups = await client.send(new DescribeReplicationSubnetGroupsCommand({}));
    return [
      ...((await client.send(new DescribeEndpointsCommand({}))).Endpoints ?? []),
      ...(groups.ReplicationSubnetGroups ?? []),
    ];
  },
};

export const emrServerlessCase: ServiceCase = {
  service: "emr serverless",
  program(changed) {
    const application = new emrserverless.Application("spark", {
      name: "case-spark",
      type: "spark",
      releaseLabel: "emr-7.9.0",
      architecture: "ARM64",
      autoStartConfiguration: { enabled: true },
      autoStopConfiguration: { enabled: true, idleTimeoutMinutes: changed ? 5 : 15 },
      maximumCapacity: { cpu: "16 vCPU", memory: changed ? "128 GB" : "64 GB" },
      initialCapacities: [
        {
          initialCapacityType: "Driver",
          initialCapacityConfig: {
            workerCount: 1,
            workerConfiguration: { cpu: "2 vCPU", memory: "4 GB" },
          },
        },
      ],
      monitoringConfiguration: {
        cloudwatchLoggingConfiguration: { enabled: true, logGroupName: "/case/spark" },
      },
      networkConfiguration: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
      tags: changed ? { team: "ml", stage: "b" } : { team: "ml" },
    });
    known.remember("application", application.arn);
  },
  updated: ["aws:emrserverless/application:Application spark"],
  async tamper({ aws }) {
    await new EMRServerlessClient(aws).send(
      new TagResourceCommand({ resourceArn: known.get("application"), tags: { team: "someone else" } }),
    );
  },
  repaired: ["aws:emrserverless/application:Application spark"],
  async leftovers({ aws }) {
    const { applications = [] } = await new EMRServerlessClient(aws).send(new ListApplicationsCommand({}));
    return applications.filter(({ state }) => state !== ApplicationState.TERMINATED);
  },
};
