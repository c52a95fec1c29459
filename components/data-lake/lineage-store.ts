import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { lineageDetailType, lineageEventSource } from "../contracts/lineage-event";
import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { createEventTrigger } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { ArgumentChecker } from "../shared/validation";
import { createLineageTable } from "./lineage-catalog";

/** Arguments of {@link LineageStore}. */
export interface LineageStoreArgs extends CommonArgs {
  /** Bucket that keeps every event, in its folder `lineage/`. */
  bucketName: pulumi.Input<string>;
  /** ARN of that bucket. */
  bucketArn: pulumi.Input<string>;
  /** Database of the Glue Data Catalog in which the events become the table `lineage_events` for Athena. @default no table */
  databaseName?: pulumi.Input<string>;
  /** ARNs of the state machines whose executions are training runs. @default none */
  trainingStateMachineArns?: pulumi.Input<string>[];
  /** Model package groups whose approvals are deployments. @default none */
  modelPackageGroupNames?: pulumi.Input<string>[];
  /** Endpoint of DataHub or Marquez that takes OpenLineage events by POST, for example `https://marquez.example.com/api/v1/lineage`. @default events stay here */
  endpointUrl?: pulumi.Input<string>;
  /** Secret whose text is the API key of that endpoint, sent as a bearer token. @default no key is sent */
  endpointSecretArn?: pulumi.Input<string>;
  /** Subnets with a way to the endpoint and to AWS services. @default outside of any VPC */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the function there; goes with `subnetIds`. */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Topic told when an event could not be kept or sent on. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
  /** Whether the graph may be deleted; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/**
 * Keeps the lineage of data and models: OpenLineage events of ingestion, validation and publication from the default
 * bus, and the training runs and approvals that AWS itself reports, in one graph.
 *
 * The function answers `{"query": {"dataset": "s3://bucket/key" or "runId": "…", "direction": "upstream" or "downstream",
 * "depth"?: 20}}` with nodes and edges, so that one question leads from a deployed model version back to the raw files,
 * and takes `{"replay": {}}` for events in its dead-letter queue. Each event is an object below `lineage/` too, and goes
 * on to an endpoint where one is given.
 */
export class LineageStore extends pulumi.ComponentResource {
  /** ARN of the recording function; it answers queries too. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the recording function. */
  public readonly functionName: pulumi.Output<string>;
  /** Function to call with a `ReplayRequest`; the same one. */
  public readonly replayFunctionName: pulumi.Output<string>;
  /** DynamoDB table of the graph. */
  public readonly graphTableName: pulumi.Output<string>;
  /** S3 URI of the folder of events. */
  public readonly eventsUri: pulumi.Output<string>;
  /** Rule that brings events to the function. */
  public readonly ruleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: LineageStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:LineageStore", name, args, opts);
    const graph = createGraphTable(name, args, this);
    const parts = createFunction(`${name}-recorder`, args, graph, this);
    const rule = createEventTrigger(
      `${name}-recorder`,
      { description: "Events that tell of lineage are kept.", pattern: eventPattern(args) },
      parts,
      args,
      this,
    );
    this.eventsUri = pulumi.interpolate`s3://${args.bucketName}/lineage/`;
    if (args.databaseName !== undefined) {
      createLineageTable(name, args.databaseName, this.eventsUri, this);
    }
    this.functionArn = parts.function.arn;
    this.functionName = parts.function.name;
    this.replayFunctionName = parts.function.name;
    this.graphTableName = graph.name;
    this.ruleArn = rule.arn;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      replayFunctionName: this.replayFunctionName,
      graphTableName: this.graphTableName,
      eventsUri: this.eventsUri,
      ruleArn: this.ruleArn,
    });
  }
}

function checkArguments(args: LineageStoreArgs): void {
  const { endpointUrl, endpointSecretArn, subnetIds, securityGroupIds } = args;
  const checker = new ArgumentChecker()
    .require(
      endpointSecretArn === undefined || endpointUrl !== undefined,
      "endpointSecretArn",
      "a key is given, but no endpointUrl that it is for",
    )
    .require(
      (subnetIds === undefined) === (securityGroupIds === undefined),
      "securityGroupIds",
      "subnetIds and securityGroupIds go together; give both or neither",
    );
  if (typeof endpointUrl === "string") {
    const protocol = URL.canParse(endpointUrl) ? new URL(endpointUrl).protocol : "";
    checker
      .require(
        ["http:", "https:"].includes(protocol),
        "endpointUrl",
        `"${endpointUrl}" was given; a URL such as https://marquez.example.com/api/v1/lineage is needed`,
      )
      .require(
        endpointSecretArn === undefined || protocol !== "http:",
        "endpointUrl",
        `"${endpointUrl}" was given with a key; a key is sent over https only`,
      );
  }
  checker.done("LineageStore");
}

/** The library's own events, the runs of the training pipelines, and the approvals of versions. */
function eventPattern(args: LineageStoreArgs): Record<string, unknown> {
  const { trainingStateMachineArns = [], modelPackageGroupNames = [] } = args;
  const patterns: Record<string, unknown>[] = [
    { source: [lineageEventSource], "detail-type": [lineageDetailType] },
  ];
  if (trainingStateMachineArns.length > 0) {
    patterns.push({
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: { stateMachineArn: trainingStateMachineArns },
    });
  }
  if (modelPackageGroupNames.length > 0) {
    patterns.push({
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Model Package State Change"],
      detail: { ModelPackageGroupName: modelPackageGroupNames, ModelApprovalStatus: ["Approved"] },
    });
  }
  // EventBridge refuses an alternative without another.
  return patterns.length === 1 ? patterns[0]! : { $or: patterns };
}

/** Nodes and edges; lost, they could be made again from the objects only by hand. */
function createGraphTable(
  name: string,
  { kmsKeyArn, tags, forceDestroy }: LineageStoreArgs,
  parent: pulumi.Resource,
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    `${name}-graph`,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "node",
      rangeKey: "edge",
      attributes: [
        { name: "node", type: "S" },
        { name: "edge", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      tags,
    },
    { parent, ...dataProtection(forceDestroy) },
  );
}

function createFunction(
  name: string,
  args: LineageStoreArgs,
  graph: aws.dynamodb.Table,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const { endpointUrl, endpointSecretArn } = args;
  return createLambdaFunction(
    name,
    {
      bundle: "lineage-recorder",
      description: "Keeps lineage events and answers questions about them.",
      environment: {
        LINEAGE_BUCKET: args.bucketName,
        GRAPH_TABLE: graph.name,
        ...(endpointUrl === undefined ? {} : { ENDPOINT_URL: endpointUrl }),
        ...(endpointSecretArn === undefined ? {} : { ENDPOINT_SECRET_ARN: endpointSecretArn }),
      },
      statements: [
        {
          sid: "KeepEvents",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${args.bucketArn}/lineage/*`],
        },
        {
          sid: "Graph",
          actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
          resources: [graph.arn],
        },
        ...(endpointSecretArn === undefined
          ? []
          : [{ sid: "ApiKey", actions: ["secretsmanager:GetSecretValue"], resources: [endpointSecretArn] }]),
      ],
      timeoutSeconds: 300,
      memoryMegabytes: 512,
      subnetIds: args.subnetIds,
      securityGroupIds: args.securityGroupIds,
      replaysDeadLetters: true,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
}
