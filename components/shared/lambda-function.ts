import * as fs from "node:fs";
import * as path from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs, defaultLogRetentionDays } from "./common-args";
import { createServiceRole, PolicyStatement } from "./service-role";
import { createWatchedQueue } from "./watched-queue";

/** What a Lambda function of the library looks like. */
export interface LambdaFunctionSpec {
  /**
   * Folder of the function under `lambdas/`, for example `data-validator`. It runs on arm64, and on x86_64 where the
   * bundle holds compiled code, which is for that processor.
   */
  bundle: string;
  /** Sentence shown in the AWS console. */
  description: string;
  /** Environment variables. */
  environment: Record<string, pulumi.Input<string>>;
  /** Rights beyond logs, traces and the dead-letter queue. */
  statements: PolicyStatement[];
  /** Seconds after which a call is ended. */
  timeoutSeconds: number;
  /** Memory in megabytes; CPU grows with it. */
  memoryMegabytes: number;
  /** Calls that may run at once. @default no reservation */
  reservedConcurrency?: number;
  /** Size of the folder for temporary files in megabytes, 512 to 10240. @default 512 */
  ephemeralStorageMegabytes?: number;
  /** Subnets that the function runs in. @default outside of any VPC */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of its network interfaces; goes with `subnetIds`. */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether the function takes events back from its dead-letter queue when it is asked to (`ReplayRequest`). It then finds
   * the queue in its variable `DEAD_LETTER_QUEUE_URL`.
   * @default false
   */
  replaysDeadLetters?: boolean;
  /** Topic told when events land in the dead-letter queue. @default the alarm has no action */
  alarmTopicArn?: pulumi.Input<string>;
}

/** A function with what belongs to it. */
export interface LambdaFunctionParts {
  function: aws.lambda.Function;
  role: aws.iam.Role;
  logGroup: aws.cloudwatch.LogGroup;
  deadLetterQueue: aws.sqs.Queue;
}

/** Folder of a built bundle, found from the sources and from the compiled package alike. */
function bundleFolder(bundle: string): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, "lambdas", "dist", bundle);
    if (fs.existsSync(path.join(candidate, "index.js"))) return candidate;
  }
  throw new Error(`The bundle of the Lambda "${bundle}" is missing; build it with "npm run build:lambdas".`);
}

/** Compiled code lies in `node_modules` beside a bundle, and `lambdas/native-modules.ts` takes that of x86_64. */
function architectureOf(folder: string): string {
  return fs.existsSync(path.join(folder, "node_modules")) ? "x86_64" : "arm64";
}

/**
 * Lambda makes and removes the network interfaces with the function's role, and checks these rights on every
 * resource: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
const networkStatement: PolicyStatement = {
  sid: "NetworkInterfaces",
  actions: [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ],
  resources: ["*"],
};

/**
 * Creates a Lambda function with its own role, log group, and a dead-letter queue with an alarm on it, so that
 * an event that fails for good is kept and seen.
 */
export function createLambdaFunction(
  name: string,
  spec: LambdaFunctionSpec,
  common: CommonArgs,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const deadLetterQueue = createWatchedQueue(
    `${name}-dead-letters`,
    {
      alarmDescription: `Events that the Lambda ${name} could not process wait in its dead-letter queue.`,
      alarmTopicArn: spec.alarmTopicArn,
      // A message that is replayed stays hidden until the call that replays it has ended.
      visibilityTimeoutSeconds: spec.replaysDeadLetters === true ? spec.timeoutSeconds : undefined,
    },
    common,
    parent,
  );
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    {
      retentionInDays: common.logRetentionDays ?? defaultLogRetentionDays,
      kmsKeyId: common.kmsKeyArn,
      tags: common.tags,
    },
    { parent },
  );
  const { role, policy } = createServiceRole(
    name,
    {
      service: "lambda.amazonaws.com",
      statements: [
        {
          sid: "Logs",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:*`],
        },
        // X-Ray cannot be scoped to a resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
        { sid: "Traces", actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] },
        { sid: "DeadLetters", actions: ["sqs:SendMessage"], resources: [deadLetterQueue.arn] },
        ...(spec.replaysDeadLetters === true
          ? [
              {
                sid: "Replay",
                actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                resources: [deadLetterQueue.arn],
              },
            ]
          : []),
        ...(common.kmsKeyArn === undefined
          ? []
          : [{ sid: "Key", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [common.kmsKeyArn] }]),
        ...(spec.subnetIds === undefined ? [] : [networkStatement]),
        ...spec.statements,
      ],
    },
    common,
    parent,
  );
  const folder = bundleFolder(spec.bundle);
  const lambdaFunction = new aws.lambda.Function(
    name,
    {
      description: spec.description,
      runtime: aws.lambda.Runtime.NodeJS22dX,
      architectures: [architectureOf(folder)],
      handler: "index.handler",
      code: new pulumi.asset.FileArchive(folder),
      role: role.arn,
      timeout: spec.timeoutSeconds,
      memorySize: spec.memoryMegabytes,
      reservedConcurrentExecutions: spec.reservedConcurrency,
      ...(spec.ephemeralStorageMegabytes === undefined
        ? {}
        : { ephemeralStorage: { size: spec.ephemeralStorageMegabytes } }),
      ...(spec.subnetIds === undefined
        ? {}
        : { vpcConfig: { subnetIds: spec.subnetIds, securityGroupIds: spec.securityGroupIds ?? [] } }),
      environment: {
        variables: {
          POWERTOOLS_SERVICE_NAME: spec.bundle,
          ...(spec.replaysDeadLetters === true ? { DEAD_LETTER_QUEUE_URL: deadLetterQueue.url } : {}),
          ...spec.environment,
        },
      },
      kmsKeyArn: common.kmsKeyArn,
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      deadLetterConfig: { targetArn: deadLetterQueue.arn },
      tags: common.tags,
    },
    { parent, dependsOn: policy === undefined ? [] : [policy] },
  );
  return { function: lambdaFunction, role, logGroup, deadLetterQueue };
}
