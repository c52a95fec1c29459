import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeResourcePoliciesCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceCase } from "../service-case";
import { KnownIds } from "./known-ids";

const ids = new KnownIds();

const delivery = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: service }, Action: "logs:PutLogEvents", Resource: "*" },
    ],
  });

function trail(changed: boolean): void {
  const bucket = new aws.s3.Bucket("trail", { forceDestroy: true });
  const trail = new aws.cloudtrail.Trail("audit", {
    s3BucketName: bucket.bucket,
    s3KeyPrefix: "audit",
    enableLogFileValidation: true,
    isMultiRegionTrail: changed,
    tags: { use: changed ? "b" : "a" },
  });
  ids.remember("trail", trail.name);
}

export const logs: ServiceCase = {
  service: "logs, cloudtrail",
  program(changed) {
    const group = new aws.cloudwatch.LogGroup("jobs", {
      retentionInDays: changed ? 30 : 7,
      tags: { use: changed ? "b" : "a" },
    });
    ids.remember("group", group.name);
    const filter = new aws.cloudwatch.LogMetricFilter("errors", {
      logGroupName: group.name,
      pattern: changed ? "FATAL" : "ERROR",
      metricTransformation: { name: "Errors", namespace: "MLOps", value: "1", defaultValue: "0" },
    });
    ids.remember("filter", filter.name);
    const stream = pulumi.output("arn:aws:kinesis:us-east-1:123456789012:stream/audit");
    const role = pulumi.output("arn:aws:iam::123456789012:role/subscriber");
    const subscription = new aws.cloudwatch.LogSubscriptionFilter("subscribed", {
      logGroup: group.name,
      destinationArn: stream,
      roleArn: role,
      filterPattern: changed ? "ERROR" : "",
    });
    ids.remember("subscription", subscription.name);
    new aws.cloudwatch.LogResourcePolicy("delivery", {
      policyName: "case-delivery",
      policyDocument: delivery(changed ? "events.amazonaws.com" : "delivery.logs.amazonaws.com"),
    });
    new aws.cloudwatch.LogGroup("renamed", { name: changed ? "/case/b" : "/case/a" });
    trail(changed);
  },
  updated: [
    "aws:cloudtrail/trail:Trail audit",
    "aws:cloudwatch/logGroup:LogGroup jobs",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter errors",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy delivery",
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter subscribed",
  ],
  replaced: ["aws:cloudwatch/logGroup:LogGroup renamed"],
  async tamper({ aws: settings }) {
    const client = new CloudWatchLogsClient(settings);
    const logGroupName = ids.get("group");
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    await client.send(new DeleteMetricFilterCommand({ logGroupName, filterName: ids.get("filter") }));
    await client.send(
      new PutSubscriptionFilterCommand({
        logGroupName,
        filterName: ids.get("subscription"),
        filterPattern: "other",
        destinationArn: "arn:aws:kinesis:us-east-1:123456789012:stream/audit",
        roleArn: "arn:aws:iam::123456789012:role/subscriber",
      }),
    );
    await client.send(
      new PutResourcePolicyCommand({
        policyName: "case-delivery",
        policyDocument: delivery("es.amazonaws.com"),
      }),
    );
  },
  repaired: [
    "aws:cloudwatch/logGroup:LogGroup jobs",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy delivery",
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter subscribed",
  ],
  recreated: ["aws:cloudwatch/logMetricFilter:LogMetricFilter errors"],
  async leftovers({ aws: settings }) {
    const client = new CloudWatchLogsClient(settings);
    const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
    const { resourcePolicies = [] } = await client.send(new DescribeResourcePoliciesCommand({}));
    return [
      ...logGroups.filter(({ logGroupName }) =>
        [ids.get("group"), "/case/a", "/case/b"].includes(logGroupName!),
      ),
      ...resourcePolicies.filter(({ policyName }) => policyName === "case-delivery"),
    ];
  },
};
