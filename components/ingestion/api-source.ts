import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { dataProtection } from "../shared/data-protection";
import { createSchedule } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import type { ApiSourceArgs } from "./api-args";
import { checkApiArguments } from "./api-checks";
import { createDeadLetterQueue, sourceCommon, sourceTags } from "./source-args";
import { createSourceAlarm, sourceFolder } from "./source-parts";

export type { ApiSourceArgs } from "./api-args";
export { ApiAuthenticationKind, ApiMethod, ApiPagination } from "../contracts/api-polling";
export type { ApiAuthentication, ApiIncrement, ApiPaging } from "../contracts/api-polling";

/**
 * Polls a REST or GraphQL API on a schedule and brings its records into the raw zone, each page as one object of JSON
 * Lines.
 *
 * The position is saved only once a page is safe, so a poll that dies repeats its last page, and the same page is the
 * same object. Requests are repeated with jitter, `Retry-After` is honoured, and an API that fails too often is left
 * alone for a while. Elements that are no JSON objects, and responses that cannot be read, wait in the dead-letter
 * queue.
 */
export class ApiSource extends pulumi.ComponentResource {
  /** Name of the polling function; a call with an empty object polls at once. */
  public readonly functionName: pulumi.Output<string>;
  /** ARN of the polling function. */
  public readonly functionArn: pulumi.Output<string>;
  /** Function that processes dead letters again when it is called with `{"replay": {}}`: the polling function. */
  public readonly replayFunctionName: pulumi.Output<string>;
  /** ARN of the queue of what could not become rows. */
  public readonly deadLetterQueueArn: pulumi.Output<string>;
  /** URL of that queue. */
  public readonly deadLetterQueueUrl: pulumi.Output<string>;
  /** Table with the position and the state of the circuit; without its item the API is read from the beginning. */
  public readonly stateTableName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: ApiSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkApiArguments(args);
    super("mlops:index:ApiSource", name, args, opts);
    const deadLetterQueue = createDeadLetterQueue(`${name}-refused`, args, this);
    const table = createStateTable(`${name}-state`, args, this);
    const poller = createPoller(name, args, table, deadLetterQueue, this);
    createSchedule(
      `${name}-poll`,
      {
        description: `Polls the API of the source ${name}.`,
        expression: args.scheduleExpression ?? "rate(1 hour)",
        input: { reason: "The schedule is due." },
      },
      poller,
      sourceCommon(args),
      this,
    );
    createAlarms(name, args, this);
    this.functionName = poller.function.name;
    this.functionArn = poller.function.arn;
    this.replayFunctionName = poller.function.name;
    this.deadLetterQueueArn = deadLetterQueue.arn;
    this.deadLetterQueueUrl = deadLetterQueue.url;
    this.stateTableName = table.name;
    this.registerOutputs({
      functionName: this.functionName,
      functionArn: this.functionArn,
      replayFunctionName: this.replayFunctionName,
      deadLetterQueueArn: this.deadLetterQueueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      stateTableName: this.stateTableName,
    });
  }
}

/** The position and the state of the circuit; losing them costs a second reading and no data. */
function createStateTable(name: string, args: ApiSourceArgs, parent: pulumi.Resource): aws.dynamodb.Table {
  const { kmsKeyArn } = args;
  return new aws.dynamodb.Table(
    name,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      pointInTimeRecovery: { enabled: true },
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      tags: sourceTags(args),
    },
    { parent, ...dataProtection(args.forceDestroy) },
  );
}

const megabyte = 1024 * 1024;
const defaultResponseMegabytes = 16;
const pollerTimeoutSeconds = 300;

function createPoller(
  name: string,
  args: ApiSourceArgs,
  table: aws.dynamodb.Table,
  deadLetterQueue: aws.sqs.Queue,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const source = sourceFolder(name);
  const responseMegabytes = args.maximumResponseMegabytes ?? defaultResponseMegabytes;
  const largeDeadLetters = pulumi.interpolate`${args.rawBucketArn}/dead-letters/${args.dataset}/${source}/*`;
  return createLambdaFunction(
    `${name}-poller`,
    {
      bundle: "api-poller",
      description: `Polls the API of the source ${name}.`,
      environment: {
        API: requestOf(args),
        DATASET: args.dataset,
        SOURCE: source,
        RAW_BUCKET: args.rawBucketName,
        STATE_TABLE: table.name,
        DEAD_LETTER_QUEUE_URL: deadLetterQueue.url,
        ...(args.secretArn === undefined ? {} : { SECRET_ARN: args.secretArn }),
        MAXIMUM_PAGES: String(args.maximumPages ?? 1000),
        MAXIMUM_RESPONSE_BYTES: String(responseMegabytes * megabyte),
        TIMEOUT_SECONDS: String(args.timeoutSeconds ?? 30),
        RETRIES: String(args.retries ?? 4),
        BREAKER_FAILURES: String(args.breakerFailures ?? 5),
        BREAKER_PAUSE_SECONDS: String(args.breakerPauseSeconds ?? 900),
      },
      statements: [
        {
          sid: "WriteRaw",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${args.rawBucketArn}/${args.dataset}/${source}/*`, largeDeadLetters],
        },
        { sid: "ReadDeadRecords", actions: ["s3:GetObject"], resources: [largeDeadLetters] },
        {
          sid: "DeadRecords",
          actions: [
            "sqs:SendMessage",
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
          ],
          resources: [deadLetterQueue.arn],
        },
        { sid: "State", actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [table.arn] },
        ...secretStatements(args),
      ],
      timeoutSeconds: pollerTimeoutSeconds,
      // A response is held as text, as parsed and as rows.
      memoryMegabytes: responseMegabytes > defaultResponseMegabytes ? 1024 : 512,
      // Two polls at once would lose nothing, but would ask twice.
      reservedConcurrency: 1,
      subnetIds: args.subnetIds,
      securityGroupIds: args.securityGroupIds,
      alarmTopicArn: args.alarmTopicArn,
    },
    sourceCommon(args),
    parent,
  );
}

/** What the poller sends, as its environment holds it. */
function requestOf(args: ApiSourceArgs): pulumi.Output<string> {
  const { url, method, headers, query, body, graphqlQuery, graphqlVariables } = args;
  const { recordsPath = "", paging, increment, authentication } = args;
  return pulumi.jsonStringify({
    ...{ url, method, headers, query, body, graphqlQuery, graphqlVariables },
    ...{ recordsPath, paging, increment, authentication },
  });
}

function secretStatements({
  secretArn,
  secretKmsKeyArn,
}: ApiSourceArgs): { sid: string; actions: string[]; resources: pulumi.Input<string>[] }[] {
  return [
    ...(secretArn === undefined
      ? []
      : [{ sid: "Credentials", actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }]),
    ...(secretKmsKeyArn === undefined
      ? []
      : [{ sid: "CredentialsKey", actions: ["kms:Decrypt"], resources: [secretKmsKeyArn] }]),
  ];
}

function createAlarms(name: string, args: ApiSourceArgs, parent: pulumi.Resource): void {
  // Powertools puts the name of the service beside the dimensions that the poller sets.
  const dimensions = { service: "api-poller", Dataset: args.dataset, Source: sourceFolder(name) };
  createSourceAlarm(
    `${name}-circuit`,
    {
      description: `The API of the source ${name} failed so often that it is left alone for a while.`,
      namespace: "mlops/ingestion",
      metricName: "CircuitOpen",
      dimensions,
      statistic: "Maximum",
      threshold: 0,
    },
    args,
    parent,
  );
  const hours = args.heartbeatHours ?? 24;
  new aws.cloudwatch.MetricAlarm(
    `${name}-heartbeat`,
    {
      alarmDescription: pulumi.interpolate`The API of the source ${name} was not polled with success for ${hours} hours: the data set ${args.dataset} grows old. Owner: ${args.owner}.`,
      namespace: "mlops/ingestion",
      metricName: "PollsSucceeded",
      dimensions,
      statistic: "Sum",
      period: 3600,
      evaluationPeriods: hours,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      // No poll at all is the worst of cases.
      treatMissingData: "breaching",
      alarmActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
      tags: sourceTags(args),
    },
    { parent },
  );
}
